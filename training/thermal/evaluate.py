"""How well the exported thermal detector finds people, vehicles and bicycles, and how fast.

    python -m training.thermal.evaluate --data HIT_UAV --model FILE [--calibrate] [--json FILE]

On the validation sweeps, which are neither learnt from nor chosen by: average precision at an IoU
of 0.5 by kind, precision and recall from the thresholds in the file on, how truthful confidences
are, and times on one thread. With ``--calibrate`` the confidences and thresholds are first chosen
on the selection sweeps and written into the file. ``training.thermal.card`` makes the card.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import cv2
import numpy as np

from morina.sense.aerial.seeing.peaks import Seen
from morina.sense.aerial.seeing.thermal import ThermalDetector, fitted
from training.measures import Bin, calibration_bins, calibration_error, interval
from training.thermal.average_precision import Outcomes, average_precision, outcomes
from training.thermal.calibration import calibrated, confidences
from training.thermal.frames import KINDS, Frame, Part, frames_in, metres_of
from training.thermal.telling import tell

_WARM_UP = 5
_SPANS = ((0, 70), (80, 100), (110, 130))
"""Heights of flight in metres by which persons are told apart."""


class Kind(TypedDict):
    """What was measured of one kind; ``right`` of ``told`` detections from the threshold on."""

    labels: int
    ap50: float
    threshold: float
    told: int
    right: int
    precision: tuple[float, float, float]
    recall: tuple[float, float, float]
    calibration_error: float
    bins: list[Bin]


class Figures(TypedDict):
    """Everything measured. ``heights`` and ``sweeps`` are AP50 by kind where there are labels."""

    part: str
    frames: int
    kinds: dict[str, Kind]
    mean_ap50: float
    heights: dict[str, dict[str, float]]
    sweeps: dict[str, dict[str, float]]
    ms: float
    ms_nine_in_ten: float
    bytes: int


def look(detector: ThermalDetector, frames: Sequence[Frame]) -> list[Seen]:
    """All that is seen in each frame, however unsure."""
    return [detector.look(fitted(one.picture, detector.told.multiple)[0]) for one in frames]


def calibrate(model: Path, frames: Sequence[Frame]) -> None:
    """Choose confidences and thresholds on these frames and write them into the file."""
    seen = look(ThermalDetector(weights=model), frames)
    every = [outcomes(frames, seen, place) for place in range(len(KINDS))]
    chosen = {kind: calibrated(one) for kind, one in zip(KINDS, every, strict=True)}
    tell(model, {"calibration": chosen})


def measured(found: Outcomes, calibration: tuple[float, float, float]) -> Kind:
    """Figures of one kind; ``calibration`` is slope, offset, threshold."""
    slope, offset, threshold = calibration
    sure = confidences(found.sure, slope, offset)
    told = int((sure >= threshold).sum())
    right = int(found.right[:told].sum())
    answers = (sure.tolist(), found.right.tolist())
    return Kind(
        labels=found.labels,
        ap50=round(average_precision(found), 4),
        threshold=threshold,
        told=told,
        right=right,
        precision=_share(right, told),
        recall=_share(right, found.labels),
        calibration_error=round(calibration_error(*answers), 4),
        bins=calibration_bins(*answers),
    )


def _share(right: int, count: int) -> tuple[float, float, float]:
    low, high = interval(right, count)
    return round(right / max(1, count), 4), round(low, 4), round(high, 4)


def by_group(
    frames: Sequence[Frame], seen: Sequence[Seen], groups: Sequence[str]
) -> dict[str, dict[str, float]]:
    """AP50 by the group of each frame and kind."""
    places = defaultdict(list)
    for place, group in enumerate(groups):
        places[group].append(place)
    found: dict[str, dict[str, float]] = {}
    for group, some in places.items():
        here = [frames[it] for it in some], [seen[it] for it in some]
        every = [outcomes(*here, kind) for kind in range(len(KINDS))]
        found[group] = {
            kind: round(average_precision(one), 3)
            for kind, one in zip(KINDS, every, strict=True)
            if one.labels
        }
    return found


def height_of(frame: Frame) -> str:
    """The span of heights it was flown at."""
    metres = metres_of(frame)
    low, high = next(span for span in _SPANS if span[0] <= metres <= span[1])
    return f"up to {high} m" if not low else f"{low} to {high} m"


def sweep_of(frame: Frame) -> str:
    """In words."""
    time, metres = frame.sweep.split("_")[:2]
    return f"time {time}, {metres} m, from {frame.sweep} on"


def times(detector: ThermalDetector, frames: Sequence[Frame]) -> list[float]:
    """Milliseconds of each whole look: picture in, detections out."""
    taken = []
    for frame in [*frames[:_WARM_UP], *frames]:
        began = perf_counter()
        detector.detect(frame.picture)
        taken.append((perf_counter() - began) * 1000)
    return taken[_WARM_UP:]


def everything(model: Path, frames: Sequence[Frame], part: Part) -> Figures:
    """All figures of these frames."""
    detector = ThermalDetector(weights=model)
    seen = look(detector, frames)
    told = detector.told
    kinds = {
        kind: measured(
            outcomes(frames, seen, place),
            (told.slope[place], told.offset[place], told.threshold[place]),
        )
        for place, kind in enumerate(KINDS)
    }
    taken = times(detector, frames)
    return Figures(
        part=part.value,
        frames=len(frames),
        kinds=kinds,
        mean_ap50=round(sum(one["ap50"] for one in kinds.values()) / len(kinds), 4),
        heights=by_group(frames, seen, [height_of(one) for one in frames]),
        sweeps=by_group(frames, seen, [sweep_of(one) for one in frames]),
        ms=round(float(np.median(taken)), 1),
        ms_nine_in_ten=round(float(np.percentile(taken, 90)), 1),
        bytes=model.stat().st_size,
    )


def rows(found: Figures) -> list[str]:
    """The figures as Markdown."""
    lines = [
        "| kind | labels | AP50 | threshold | precision, 95 % between | recall, 95 % between "
        "| calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, one in found["kinds"].items():
        shares = [
            f"{share:.3f} ({low:.3f} to {high:.3f})"
            for share, low, high in (one["precision"], one["recall"])
        ]
        lines.append(
            f"| {kind} | {one['labels']} | {one['ap50']:.3f} | {one['threshold']:.2f} | "
            f"{shares[0]} | {shares[1]} | {one['calibration_error']:.3f} |"
        )
    lines += [f"| mean | | {found['mean_ap50']:.3f} | | | | |", ""]
    for name, groups in (("height", found["heights"]), ("sweep", found["sweeps"])):
        lines += [f"| AP50 by {name} | {' | '.join(KINDS)} |", "|---" * (len(KINDS) + 1) + "|"]
        for group, each in groups.items():
            shown = " | ".join(f"{each[kind]:.3f}" if kind in each else "" for kind in KINDS)
            lines.append(f"| {group} | {shown} |")
        lines.append("")
    return lines


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of HIT-UAV")
    parser.add_argument("--model", type=Path, required=True, help="the detector's ONNX file")
    parser.add_argument("--calibrate", action="store_true", help="choose confidences first")
    parser.add_argument("--part", type=Part, default=Part.VALIDATION, choices=list(Part))
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    if given.calibrate:
        calibrate(given.model, frames_in(given.data, [Part.SELECTION]))
    found = everything(given.model, frames_in(given.data, [given.part]), given.part)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n".join(rows(found)))
    print(f"{found['frames']} frames; {found['ms']} ms a frame on one thread, whole path, ", end="")
    print(f"nine in ten under {found['ms_nine_in_ten']}; {found['bytes'] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
