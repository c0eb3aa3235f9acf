"""Measure the finder: ``python -m training.evaluate_finder --data FOLDER --model finder.onnx``.

On the validation photographs: how many labelled plates are found (IoU of at least 0.5), how many
things found are no labelled plate, by threshold, source and width; on rendered scenes: how far the
corners are from the true ones. Given the peer's weights, the same of the peer.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from morina.sense.recogniser.finding import Found, fitted, overlap, plates_in
from training.finder_peer import PeerFinder
from training.finder_targets import hull
from training.scenes_light import Picture
from training.scenes_photographs import VIEWS, Photograph, held_out, photographs, pictures_in
from training.scenes_rendered import rendered_scenes

THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
WIDTHS = (0, 45, 70, 100, 150, 10_000)
SHRUNK = (70, 55, 45)
_RENDERED_SEED = 4099
_LOWEST = 0.1
_NO_CORNERS = ((0.0, 0.0),) * 4
_READABLE_PX = 28.0
"""Of rendered plates only those at least this wide, 45 in the camera's picture, are measured."""


class FinderSession:
    """An exported finder on one thread."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options)
        told = json.loads(self._session.get_modelmeta().custom_metadata_map["morina"])
        self._side, self._stride = int(told["longer_side"]), int(told["stride"])
        self.threshold = float(told["threshold"])

    def find(self, picture: Picture) -> list[Found]:
        """Plates in pixels of the picture, also unlikely ones."""
        tensor = fitted(picture, self._side)
        answers = self._session.run(None, {"picture": tensor})
        heat, box, corners = (np.asarray(answer, np.float32)[0] for answer in answers)
        height, width = picture.shape[:2]
        across, down = width / tensor.shape[3], height / tensor.shape[2]
        plates = plates_in(heat[0], box, corners, self._stride, _LOWEST)
        return [plate.scaled(across, down) for plate in plates]


@dataclass(frozen=True, slots=True)
class Looked:
    """One photograph, what was found in it, and how long that took."""

    photograph: Photograph
    found: list[Found]
    seconds: float


Find = Callable[[Picture], list[Found]]


def look(seen: Sequence[Photograph], find: Find) -> list[Looked]:
    """What is found in each photograph."""
    looked = []
    for photograph in seen:
        started = time.perf_counter()
        found = find(photograph.picture)
        looked.append(Looked(photograph, found, time.perf_counter() - started))
    return looked


def tally(looked: Sequence[Looked], threshold: float) -> tuple[int, int, int, int]:
    """Plates labelled and found; things found that are no label, and those suspected by nobody."""
    plates = found = false = baseless = 0
    for one in looked:
        boxes = one.photograph.boxes
        kept = [plate for plate in one.found if plate.sureness >= threshold]
        plates += len(boxes)
        found += sum(any(overlap(box, it.box) >= 0.5 for it in kept) for box in boxes)
        extra = [it for it in kept if all(overlap(box, it.box) < 0.3 for box in boxes)]
        false += len(extra)
        baseless += sum(
            all(overlap(box, it.box) < 0.2 for box in one.photograph.ignored) for it in extra
        )
    return plates, found, false, baseless


def by_width(looked: Sequence[Looked], threshold: float) -> dict[str, tuple[int, int]]:
    """Plates labelled and found, by their width in the photograph."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in looked:
        kept = [plate.box for plate in one.found if plate.sureness >= threshold]
        for box in one.photograph.boxes:
            place = int(np.searchsorted(WIDTHS, box[2] - box[0], side="right"))
            count = counts[f"{WIDTHS[place - 1]} to {WIDTHS[place]} px"]
            count[0] += 1
            count[1] += any(overlap(box, it) >= 0.5 for it in kept)
    return {name: (count[0], count[1]) for name, count in sorted(counts.items())}


def shrunk(photograph: Photograph, width: float) -> Photograph:
    """The photograph so small that its widest plate has this width, never enlarged."""
    widest = float((photograph.boxes[:, 2] - photograph.boxes[:, 0]).max())
    scale = min(1.0, width / widest)
    small = cv2.resize(photograph.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Photograph(
        photograph.source,
        photograph.file,
        np.asarray(small, np.uint8),
        photograph.boxes * np.float32(scale),
        photograph.ignored * np.float32(scale),
    )


def corner_errors(find: Find, count: int, cache: Path) -> tuple[int, NDArray[np.float64]]:
    """Scenes, and for each plate found: its mean corner error as a share of the plate's height."""
    every = rendered_scenes(count, _RENDERED_SEED, cache)
    scenes = [scene for scene in every if np.ptp(scene.corners[:, 0]) >= _READABLE_PX]
    errors = []
    for scene in scenes:
        box = hull(scene.corners[None])[0]
        near = [it for it in find(scene.picture) if overlap(it.box, box) >= 0.5]
        if near:
            away = np.array(near[0].corners) - scene.corners
            sides = scene.corners[[3, 2]] - scene.corners[[0, 1]]
            high = np.hypot(sides[:, 0], sides[:, 1]).mean()
            errors.append(np.hypot(away[:, 0], away[:, 1]).mean() / high)
    return len(scenes), np.array(errors)


def _line(name: str, looked: Sequence[Looked], threshold: float) -> None:
    plates, found, false, baseless = tally(looked, threshold)
    took = np.median([one.seconds for one in looked]) * 1000
    print(
        f"{name:34} threshold {threshold:.2f}  found {found}/{plates} {found / plates:6.1%}"
        f"  no label {false / len(looked):.3f} a photograph"
        f" (nor the peer's {baseless / len(looked):.3f})"
        f"  {took:.1f} ms"
    )


def report(name: str, seen: Sequence[Photograph], find: Find, threshold: float) -> None:
    """Print everything measured on photographs."""
    looked = look(seen, find)
    for source in sorted({one.photograph.source for one in looked}):
        here = [one for one in looked if one.photograph.source == source]
        _line(f"{name} {source}", here, threshold)
    web = [one for one in looked if one.photograph.source.startswith("openlpr")]
    for level in THRESHOLDS:
        _line(f"{name} openlpr", web, level)
    for span, (plates, found) in by_width(looked, threshold).items():
        print(f"{name} {span}: {found}/{plates} {found / plates:.1%}")
    small = [one.photograph for one in web if len(one.photograph.boxes)]
    for width in SHRUNK:
        _line(f"{name} at {width} px", look([shrunk(it, width) for it in small], find), threshold)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--model", type=Path, required=True, help="the finder's ONNX file")
    parser.add_argument("--peer", type=Path, help="the peer finder's ONNX file")
    parser.add_argument("--cache", type=Path, default=Path("finder-cache"))
    parser.add_argument("--rendered", type=int, default=160)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    kept = sorted(key for key in held_out(pictures_in(chosen.data)) if key[0] in VIEWS)
    peer = None if chosen.peer is None else PeerFinder(chosen.peer)
    seen = photographs(chosen.data, kept, peer, chosen.cache)
    finder = FinderSession(chosen.model)
    report("finder", seen, finder.find, finder.threshold)
    count, errors = corner_errors(finder.find, chosen.rendered, chosen.cache)
    middle, ninth = np.percentile(errors, (50, 90))
    print(
        f"rendered: found {len(errors)}/{count}, corner error {middle:.3f} of the height, ", end=""
    )
    print(f"nine in ten under {ninth:.3f}")
    if peer is not None:
        report("peer", seen, lambda picture: _peer_found(peer, picture), 0.4)


def _peer_found(peer: PeerFinder, picture: Picture) -> list[Found]:
    boxes, scores = peer.find(picture, _LOWEST)
    return [
        Found(float(score), (float(x0), float(y0), float(x1), float(y1)), _NO_CORNERS)
        for (x0, y0, x1, y1), score in zip(boxes, scores, strict=True)
    ]


if __name__ == "__main__":
    main()
