"""The labelled thermal frames of HIT-UAV, and which of them are learnt from.

A file is named ``<time>_<height>_<angle>_<weather>_<number>.jpg``; numbers rise along the video. A
sweep is one flight at one time of day and one height, at all its camera angles, without a gap in
its numbers. Frames of a sweep show the same place, so whole sweeps are kept apart, never frames.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

KINDS = ("person", "vehicle", "bicycle")
"""What the detector tells apart; a box's kind is its place here."""

KIND_OF = {"Person": 0, "Car": 1, "OtherVehicle": 1, "Bicycle": 2}
"""Labels of HIT-UAV; boxes of any other are ignored in learning and measuring alike."""

_GAP = 40
"""Numbers missing from which on a new sweep begins."""

_NAME = re.compile(r"(\d)_(\d+)_\d+_\d_(\d+)\.jpg")

Picture = NDArray[np.uint8]
Boxes = NDArray[np.float32]
"""n x 4: left, top, right, bottom in pixels."""


class Part(StrEnum):
    """What a sweep is for: learning, choosing (epoch, confidence, threshold) or measuring."""

    TRAINING = "training"
    SELECTION = "selection"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Frame:
    """One grey frame, height x width, and what is labelled in it."""

    name: str
    sweep: str
    picture: Picture
    boxes: Boxes
    kinds: NDArray[np.int64]
    ignored: Boxes


def part_of(sweep: int) -> Part:
    """What the sweep of that place in the order of the video is for; fixed before any training."""
    if sweep % 5 == 2:
        return Part.VALIDATION
    return Part.SELECTION if sweep % 10 == 4 else Part.TRAINING


def sweeps(names: Sequence[str]) -> list[list[str]]:
    """The frames' names by sweep, in the order of the video."""
    found: list[list[str]] = []
    ordered = sorted(names, key=lambda name: _told(name)[1])
    for before, name in pairwise(["", *ordered]):
        if not before or _told(before)[0] != _told(name)[0] or _far(before, name):
            found.append([])
        found[-1].append(name)
    return found


def frames_in(folder: Path, parts: Sequence[Part]) -> list[Frame]:
    """The frames of these parts with their pictures, from ``annotations.json`` and ``images``."""
    told = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    number_of = {image["file_name"]: image["id"] for image in told["images"]}
    name_of = {one["id"]: one["name"] for one in told["categories"]}
    labels: dict[int, list[tuple[str, list[float]]]] = defaultdict(list)
    for one in told["annotations"]:
        labels[one["image_id"]].append((name_of[one["category_id"]], one["bbox"]))
    return [
        _frame(folder, name, sweep[0], labels[number_of[name]])
        for place, sweep in enumerate(sweeps(list(number_of)))
        if part_of(place) in parts
        for name in sweep
    ]


def metres_of(frame: Frame) -> int:
    """How high it was flown."""
    return int(_told(frame.name)[0].split("_")[1])


def _told(name: str) -> tuple[str, int]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name}: not named like a frame of HIT-UAV (time_height_angle_weather_n)")
    return f"{found[1]}_{found[2]}", int(found[3])


def _far(before: str, after: str) -> bool:
    return _told(after)[1] - _told(before)[1] > _GAP


def _frame(folder: Path, name: str, sweep: str, labels: list[tuple[str, list[float]]]) -> Frame:
    picture = cv2.imread(str(folder / "images" / name), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise FileNotFoundError(f"{folder / 'images' / name}: no picture; check --data")
    boxes = np.array([box for _, box in labels], np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    kinds = np.array([KIND_OF.get(label, -1) for label, _ in labels], np.int64)
    known = kinds >= 0
    return Frame(name, sweep, picture.astype(np.uint8), boxes[known], kinds[known], boxes[~known])
