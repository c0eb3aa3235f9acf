"""How well the thermal detector sees from the air, and how fast.

    python benchmarks/thermal.py --data HIT_UAV

``HIT_UAV`` holds ``images`` and ``annotations.json`` as ``training/thermal`` takes them. Average
precision is taken at an IoU of 0.5 on the validation sweeps, which the detector neither learnt from
nor was chosen by. Without ``--data`` only times are taken, of frames of noise with warm spots, on
one thread: picture in, detections out. Elapsed time counts what else the machine does; the time of
this process alone does not.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.seeing.thermal import WEIGHTS, ThermalDetector

sys.path.append(str(Path(__file__).parents[1]))

TARGETS = {"person AP50": 0.80, "mean AP50": 0.65}
MOST_MS = 25.0
FRAMES, QUICK = 200, 30
_WARM_UP = 5


def spotted(count: int) -> list[NDArray[np.uint8]]:
    """Frames 640 x 512 of ground with noise and warm spots."""
    rng = np.random.default_rng(3)
    frames = []
    for _ in range(count):
        ground = rng.normal(100, 12, (512, 640)).astype(np.float32)
        for x, y in rng.integers(0, (640, 512), (20, 2)):
            cv2.ellipse(ground, (int(x), int(y)), (4, 9), 0, 0, 360, (220.0,), -1)
        frames.append(np.clip(ground, 0, 255).astype(np.uint8))
    return frames


def times(detector: ThermalDetector, frames: Sequence[NDArray[np.uint8]]) -> dict[str, float]:
    """Milliseconds a frame: elapsed, and of this process alone."""
    elapsed, own = [], []
    for frame in [*frames[:_WARM_UP], *frames]:
        began, used = perf_counter(), process_time()
        detector.detect(frame)
        elapsed.append((perf_counter() - began) * 1000)
        own.append((process_time() - used) * 1000)
    return {
        "elapsed ms, middle": round(float(np.median(elapsed[_WARM_UP:])), 1),
        "elapsed ms, nine in ten under": round(float(np.percentile(elapsed[_WARM_UP:], 90)), 1),
        "process ms, middle": round(float(np.median(own[_WARM_UP:])), 1),
    }


def seen(data: Path, weights: Path, quick: bool) -> dict[str, float]:
    """Average precision by kind and their mean."""
    from training.thermal.average_precision import figures_of
    from training.thermal.evaluate import look
    from training.thermal.frames import Part, frames_in

    frames = frames_in(data, [Part.VALIDATION])
    some = frames[:: max(1, len(frames) // QUICK)] if quick else frames
    each = figures_of(some, look(ThermalDetector(weights=weights), some))
    found = {f"{kind} AP50": round(one["ap50"], 3) for kind, one in each.items()}
    mean = sum(one["ap50"] for one in each.values()) / len(each)
    return {"frames": len(some)} | found | {"mean AP50": round(mean, 3)}


def missed(found: dict[str, float]) -> list[str]:
    """Targets not met, of those measured."""
    failed = [
        f"{name} {found[name]:.3f}, target {target:.2f}"
        for name, target in TARGETS.items()
        if name in found and found[name] < target
    ]
    ms = found["elapsed ms, middle"]
    return failed + ([f"{ms} ms a frame, target {MOST_MS:g}"] if ms > MOST_MS else [])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="the folder of HIT-UAV")
    parser.add_argument("--model", type=Path, default=WEIGHTS, help="other weights than shipped")
    parser.add_argument("--json", action="store_true", help="one object; missed: failed targets")
    parser.add_argument("--quick", action="store_true", help=f"only about {QUICK} frames")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    found = times(ThermalDetector(weights=given.model), spotted(QUICK if given.quick else FRAMES))
    if given.data is not None:
        found |= seen(given.data, given.model, given.quick)
    if given.json:
        print(json.dumps({"figures": found, "missed": missed(found)}))
        return
    for name, value in found.items():
        print(f"{name:<32}{value:>10}")
    if given.data is None:
        print("precision is not measured: name the folder of HIT-UAV with --data")
    print("missed: " + ("; ".join(missed(found)) or "nothing"))


if __name__ == "__main__":
    main()
