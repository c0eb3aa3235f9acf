"""Training samples: plates made up and plates photographed, placed in a crop and spoilt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labels import Crop
from training.outputs import COLUMNS, HEIGHT, WIDTH
from training.plates import MadeUp, make_up
from training.spoiling import MARGIN, Picture, placed, spoilt, warped

COARSEST = 0.22
"""The worst plates learnt from are seen 35 pixels wide."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop of 40 x 160, BGR, and what stands on it.

    ``country`` is None where it is not known. ``places`` says for plates made up in which of the 80
    places of the reader each character has its middle; empty for photographs.
    """

    image: Picture
    text: str
    country: str | None
    places: tuple[int, ...] = ()


@dataclass(slots=True)
class Pool:
    """Plates made up beforehand, a few of them replaced each time some are taken."""

    rng: np.random.Generator
    size: int
    fonts: Path | None = None
    plates: list[MadeUp] = field(default_factory=list)

    def take(self, count: int) -> list[MadeUp]:
        """``count`` plates, any of those there."""
        while len(self.plates) < self.size:
            self.plates.append(make_up(self.rng, None, self.fonts))
        for at in self.rng.integers(0, self.size, max(1, count // 6)):
            self.plates[at] = make_up(self.rng, None, self.fonts)
        return [self.plates[at] for at in self.rng.integers(0, self.size, count)]


def rendered(rng: np.random.Generator, plate: MadeUp, strength: float) -> Sample:
    """A plate made up, as a camera might have seen it."""
    height, width = plate.image.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = placed(rng, (HEIGHT, WIDTH), strength, 1.0)
    crop, change = warped(rng, plate.image, corners, onto, (HEIGHT, WIDTH))
    middles = cv2.perspectiveTransform(plate.centres[None], change)[0]
    columns = np.clip(middles[:, 0] / (WIDTH / COLUMNS), 0, COLUMNS - 1).astype(int)
    places = tuple((columns + COLUMNS * plate.second).tolist())
    image = spoilt(rng, crop, strength, COARSEST)
    return Sample(image, plate.text, plate.country or None, places)


def photographed(rng: np.random.Generator, crop: Crop, strength: float) -> Sample:
    """A photographed plate, found a little otherwise and under other light."""
    onto = placed(rng, (HEIGHT, WIDTH), strength, 0.8)
    image, _ = warped(rng, crop.image, _corners(crop.box), onto, (HEIGHT, WIDTH))
    image = spoilt(rng, image, strength * 0.8, COARSEST)
    return Sample(image, crop.label.text, crop.label.country)


def empty(rng: np.random.Generator, piece: Picture, strength: float) -> Sample:
    """A piece of a photograph without a plate: nothing is to be read on it."""
    image = cv2.resize(piece, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return Sample(spoilt(rng, np.asarray(image, np.uint8), strength, 0.4), "", None)


def shown(crop: Crop, width: float | None = None) -> Picture:
    """A photographed plate as the reader is shown it, its box set into the usual margin.

    ``width`` is how many pixels wide the plate is first made, to see how far away it can be read.
    """
    image, box = crop.image, crop.box
    if width is not None and width < box[2] - box[0]:
        scale = width / (box[2] - box[0])
        size = (max(8, round(image.shape[1] * scale)), max(4, round(image.shape[0] * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        across, down = size[0] / crop.image.shape[1], size[1] / crop.image.shape[0]
        box = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
    across, down = MARGIN[0] * WIDTH, MARGIN[1] * HEIGHT
    onto = [
        [across, down],
        [WIDTH - across, down],
        [WIDTH - across, HEIGHT - down],
        [across, HEIGHT - down],
    ]
    change = cv2.getPerspectiveTransform(_corners(box), np.array(onto, np.float32))
    shrink = (box[2] - box[0]) / WIDTH
    if shrink > 1.2:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 * shrink), np.uint8)
    out = cv2.warpPerspective(
        image, change, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(out, np.uint8)


def _corners(box: Sequence[float]) -> NDArray[np.float32]:
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
