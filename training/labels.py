"""Labelled photographs: which plates are learnt from, and which only measured on.

Split by plate text, so that no plate is in both, however often it was photographed.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.plates import country_of_sign

VALIDATION_PERCENT = 12
VALIDATION_SOURCE = "openlpr_val"
"""All plates of this source are measured on, wherever else they appear."""

AROUND = 0.35
"""How much of the photograph is kept around a box, as a share of its sides."""

_LARGEST_PX = 260
"""Plates wider than this are kept at this width: the network sees 160 pixels."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Label:
    """One row of the labels: a box in a photograph, and the plate in it (empty: not readable)."""

    source: str
    file: str
    box: tuple[float, float, float, float]
    text: str
    sign: str

    @property
    def width(self) -> float:
        """Of the plate, in pixels."""
        return self.box[2] - self.box[0]

    @property
    def country(self) -> str | None:
        """ISO alpha-2; empty for a country without code here, None where nobody noted it."""
        return (country_of_sign(self.sign) or "") if self.sign else None


@dataclass(frozen=True, slots=True)
class Crop:
    """A plate with what surrounds it. ``box`` is the plate's place in ``image``."""

    label: Label
    image: Picture
    box: tuple[float, float, float, float]


def labels_in(folder: Path) -> list[Label]:
    """All rows of ``folder/labels.csv`` that have a box."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return [_label(row) for row in csv.DictReader(file) if row["x0"]]


def _label(row: dict[str, str]) -> Label:
    x0, y0, x1, y1 = (float(row[side]) for side in ("x0", "y0", "x1", "y1"))
    return Label(row["source"], row["file"], (x0, y0, x1, y1), row["text"], row["country"])


def split(labels: Iterable[Label]) -> tuple[list[Label], list[Label]]:
    """Those to learn from and those to measure on; a label without a text is in neither."""
    known = [label for label in labels if label.text]
    kept = {label.text for label in known if label.source == VALIDATION_SOURCE}
    kept |= {label.text for label in known if _drawn(label.text)}
    return (
        [label for label in known if label.text not in kept],
        [label for label in known if label.text in kept],
    )


def _drawn(text: str) -> bool:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % 100 < VALIDATION_PERCENT


def crops_of(labels: Iterable[Label], folder: Path) -> list[Crop]:
    """The plates cut out of their photographs; ValueError for a file that is no picture."""
    by_file: dict[Path, list[Label]] = {}
    for label in labels:
        by_file.setdefault(folder / label.source / label.file, []).append(label)
    return [crop for path, here in by_file.items() for crop in _cut(path, here)]


def _cut(path: Path, labels: list[Label]) -> list[Crop]:
    image = cv2.imread(str(path))
    if image is None:
        raise ValueError(f"{path}: no picture; check --data")
    return [cut(np.asarray(image, np.uint8), label) for label in labels]


def cut(image: Picture, label: Label) -> Crop:
    """One plate with ``AROUND``; the outermost pixels are repeated where the photograph ends."""
    x0, y0, x1, y1 = label.box
    across, down = AROUND * (x1 - x0), AROUND * (y1 - y0)
    left, top, right, bottom = (
        int(np.floor(x0 - across)),
        int(np.floor(y0 - down)),
        int(np.ceil(x1 + across)),
        int(np.ceil(y1 + down)),
    )
    height, width = image.shape[:2]
    inside = image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    pads = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    part = cv2.copyMakeBorder(inside, *pads, cv2.BORDER_REPLICATE)
    box = (x0 - left, y0 - top, x1 - left, y1 - top)
    scale = min(1.0, _LARGEST_PX / (x1 - x0))
    if scale < 1:
        size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        box = (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)
    return Crop(label, np.asarray(part, np.uint8), box)


def backgrounds(labels: list[Label], folder: Path, count: int, seed: int) -> list[Picture]:
    """Pieces of photographs, shaped as a plate, that touch no labelled box."""
    rng = np.random.default_rng(seed)
    by_file: dict[Path, list[Label]] = {}
    for label in labels:
        by_file.setdefault(folder / label.source / label.file, []).append(label)
    found: list[Picture] = []
    paths = list(by_file)
    for at in rng.permutation(len(paths))[: 2 * count]:
        image = cv2.imread(str(paths[at]))
        if image is None or image.shape[1] < 300 or image.shape[0] < 200:
            continue
        width = int(rng.uniform(40, image.shape[1] / 4))
        height = int(width / rng.uniform(1.3, 5))
        x = int(rng.uniform(0, image.shape[1] - width))
        y = int(rng.uniform(0, image.shape[0] - height))
        piece = (x, y, x + width, y + height)
        if not any(_touch(piece, label.box) for label in by_file[paths[at]]):
            part = image[y : y + height, x : x + width]
            if width > _LARGEST_PX:
                size = (_LARGEST_PX, max(8, round(height * _LARGEST_PX / width)))
                part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
            found.append(np.asarray(part, np.uint8).copy())
    return found[:count]


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return (
        min(one[2], other[2]) > max(one[0], other[0])
        and min(one[3], other[3]) > max(one[1], other[1])
    )  # fmt: skip
