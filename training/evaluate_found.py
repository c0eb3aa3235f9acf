"""How many plates a finder finds in photographs, and what it takes for plates."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
import onnxruntime

from morina.sense.recogniser.finding import Found, fitted, overlap, plates_in
from training.measures import interval
from training.scenes_light import Picture
from training.scenes_photographs import Photograph

WIDTHS = (0, 45, 70, 100, 150, 10_000)
MET, BESIDE, SUSPECTED_IN = 0.5, 0.3, 0.2
"""IoU from which a plate is found, under which a box is no label's, and of none the peer sees."""

LOWEST = 0.1
"""Plates less sure than this are not looked at."""


class Share(TypedDict):
    """Plates labelled and found, and between which bounds their share lies with 95 %."""

    plates: int
    found: int
    share: float
    low: float
    high: float


class Group(Share):
    """Of some photographs; ``false`` is no labelled plate, ``baseless`` nor seen by the peer.

    ``ms`` is the middle time of one photograph.
    """

    photographs: int
    false: int
    baseless: int
    ms: float


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
        plates = plates_in(heat[0], box, corners, self._stride, LOWEST)
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


def kept(one: Looked, threshold: float) -> list[Found]:
    """What the finder is sure enough of."""
    return [plate for plate in one.found if plate.sureness >= threshold]


def extra(one: Looked, threshold: float) -> list[Found]:
    """What is found where no label is."""
    return [
        it
        for it in kept(one, threshold)
        if all(overlap(box, it.box) < BESIDE for box in one.photograph.boxes)
    ]


def nearest(one: Looked, threshold: float) -> list[float]:
    """For each labelled plate the highest IoU of anything found."""
    found = kept(one, threshold)
    boxes = one.photograph.boxes
    return [float(max((overlap(b, it.box) for it in found), default=0.0)) for b in boxes]


def share(found: Sequence[bool]) -> Share:
    """How many of the plates are found."""
    right = sum(map(bool, found))
    low, high = (round(bound, 4) for bound in interval(right, len(found)))
    part = round(right / max(1, len(found)), 4)
    return Share(plates=len(found), found=right, share=part, low=low, high=high)


def group(looked: Sequence[Looked], threshold: float) -> Group:
    """Everything counted in these photographs."""
    false = [(it, one.photograph.ignored) for one in looked for it in extra(one, threshold)]
    baseless = [
        it for it, seen in false if all(overlap(box, it.box) < SUSPECTED_IN for box in seen)
    ]
    return Group(
        **share([near >= MET for one in looked for near in nearest(one, threshold)]),
        photographs=len(looked),
        false=len(false),
        baseless=len(baseless),
        ms=round(float(np.median([one.seconds for one in looked])) * 1000, 1),
    )


def by_width(looked: Sequence[Looked], threshold: float) -> dict[str, Share]:
    """Plates labelled and found, by their width in the photograph."""
    found: dict[int, list[bool]] = {place: [] for place in range(1, len(WIDTHS))}
    for one in looked:
        for box, near in zip(one.photograph.boxes, nearest(one, threshold), strict=True):
            found[int(np.searchsorted(WIDTHS, box[2] - box[0], side="right"))].append(near >= MET)
    return {
        _span(WIDTHS[place - 1], WIDTHS[place]): share(here)
        for place, here in found.items()
        if here
    }


def _span(low: int, high: int) -> str:
    if high == WIDTHS[-1]:
        return f"{low} px and wider"
    return f"{low} to {high} px" if low else f"under {high} px"


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
