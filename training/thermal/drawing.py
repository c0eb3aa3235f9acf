"""Training pictures: parts of frames, changed as cameras, flights and links change them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.thermal.frames import Boxes, Frame, Picture
from training.thermal.pasting import Cuttings, with_more

_SCALES, _ASPECT = (0.6, 1.6), 0.2
"""How much larger the frame is made; the logarithm by which either side may be stretched."""

_ABOUT_AN_OBJECT = 0.8
_MOSAIC, _TURNED, _MIRRORED, _UPSIDE_DOWN = 0.25, 0.07, 0.5, 0.07
_BEND, _UNEVEN = 0.45, 0.4
"""Greatest logarithm of the exponent (gamma); how often light is uneven."""

_INVERTED, _BLURRED, _NOISY, _COMPRESSED = 0.12, 0.2, 0.5, 0.2
_WHOLE, _GONE = 0.45, 0.08
"""Share of an object inside the picture from which it counts, and from which it is ignored."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A training picture, grey, and what is in it."""

    picture: Picture
    boxes: Boxes
    kinds: NDArray[np.int64]
    ignored: Boxes


@dataclass(frozen=True, slots=True)
class Stock:
    """What pictures are drawn from: frames, how often each, and objects to set down in them."""

    frames: Sequence[Frame]
    often: NDArray[np.float64]
    cuttings: Cuttings

    def frame(self, rng: Generator) -> Frame:
        """One, sometimes with objects of others in it."""
        return with_more(
            self.frames[rng.choice(len(self.frames), p=self.often)], self.cuttings, rng
        )


def stock_of(frames: Sequence[Frame]) -> Stock:
    """These frames; those of long sweeps, much alike, more rarely each."""
    lengths = Counter(frame.sweep for frame in frames)
    weights = np.array([1 / lengths[frame.sweep] ** 0.5 for frame in frames])
    return Stock(frames, weights / weights.sum(), Cuttings(frames))


def draw(stock: Stock, size: tuple[int, int], rng: Generator) -> Drawn:
    """One picture of ``size`` (height, width): a part of one frame, or of four side by side."""
    if rng.random() >= _MOSAIC:
        return _changed(_cut(stock.frame(rng), size, rng), rng)
    rows, columns = size[0] // 2, size[1] // 2
    picture = np.zeros(size, np.uint8)
    parts = []
    for top, left in ((0, 0), (0, columns), (rows, 0), (rows, columns)):
        one = _changed(_cut(stock.frame(rng), (rows, columns), rng), rng)
        picture[top : top + rows, left : left + columns] = one.picture
        shift = np.array([left, top, left, top], np.float32)
        parts.append((one.boxes + shift, one.kinds, one.ignored + shift))
    boxes, kinds, ignored = (np.concatenate(some) for some in zip(*parts, strict=True))
    return Drawn(picture, boxes, kinds, ignored)


def _cut(frame: Frame, size: tuple[int, int], rng: Generator) -> Drawn:
    """A part of the frame, larger or smaller, mirrored, sometimes turned by a quarter."""
    matrix = _placing(frame, size, rng)
    picture = cv2.warpAffine(
        frame.picture,
        matrix,
        (size[1], size[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(float(frame.picture.mean()),),
    ).astype(np.uint8, copy=False)
    boxes, inside = _moved(frame.boxes, matrix, size)
    ignored, partly = _moved(frame.ignored, matrix, size)
    kept, lost = inside >= _WHOLE, (inside < _WHOLE) & (inside > _GONE)
    return Drawn(
        picture, boxes[kept], frame.kinds[kept], np.concatenate([boxes[lost], ignored[partly > 0]])
    )


def _placing(frame: Frame, size: tuple[int, int], rng: Generator) -> NDArray[np.float64]:
    """Where the frame's pixels go, 2 x 3."""
    height, width = frame.picture.shape
    scale = exp(rng.uniform(log(_SCALES[0]), log(_SCALES[1])))
    centre = rng.uniform((0, 0), (width, height))
    if len(frame.boxes) and rng.random() < _ABOUT_AN_OBJECT:
        box = frame.boxes[rng.integers(len(frame.boxes))]
        centre = (box[:2] + box[2:]) / 2 + rng.uniform(-0.4, 0.4, 2) * (size[1], size[0]) / scale
    reach = np.minimum((size[1], size[0]), scale * np.array([width, height])) / 2 / scale
    centre = np.clip(centre, reach, (width, height) - reach)
    turn = np.eye(2) * scale * np.exp(rng.uniform(-_ASPECT, _ASPECT, 2))
    if rng.random() < _TURNED:
        turn = np.array([[0, -1], [1, 0]]) @ turn
    turn[0] *= -1 if rng.random() < _MIRRORED else 1
    turn[1] *= -1 if rng.random() < _UPSIDE_DOWN else 1
    shift = np.array([size[1], size[0]]) / 2 - turn @ centre
    return np.concatenate([turn, shift[:, None]], 1)


def _moved(
    boxes: Boxes, matrix: NDArray[np.float64], size: tuple[int, int]
) -> tuple[Boxes, NDArray[np.float64]]:
    """The boxes in the new picture, cut at its edges, and the share of each that is inside."""
    corners = boxes.reshape(-1, 2, 2) @ matrix[:, :2].T + matrix[:, 2]
    whole = np.concatenate([corners.min(1), corners.max(1)], 1)
    cut = np.clip(whole, 0, (size[1], size[0], size[1], size[0]))
    areas = [(it[:, 2] - it[:, 0]) * (it[:, 3] - it[:, 1]) for it in (cut, whole)]
    return cut.astype(np.float32), areas[0] / np.maximum(areas[1], 1e-6)


def _lit(picture: Picture, rng: Generator) -> NDArray[np.float32]:
    """Its middle greys brighter or darker, and sometimes one part of it than another."""
    bend = np.float32(exp(rng.uniform(-_BEND, _BEND)))
    grey = 255 * (picture.astype(np.float32) / 255) ** bend
    if rng.random() < _UNEVEN:
        field = rng.standard_normal((3, 4), np.float32) * rng.uniform(4, 22)
        grey += cv2.resize(field, grey.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return grey.astype(np.float32, copy=False)


def _changed(drawn: Drawn, rng: Generator) -> Drawn:
    """The same seen by another camera: other gain, polarity, sharpness, noise, link."""
    grey = _lit(drawn.picture, rng)
    middle = float(grey.mean())
    grey = (grey - middle) * rng.uniform(0.55, 1.45) + middle + rng.uniform(-35, 35)
    if rng.random() < _INVERTED:
        grey = 255 - grey
    if rng.random() < _BLURRED:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 1.3)).astype(np.float32)
    if rng.random() < _NOISY:
        grey += rng.standard_normal(grey.shape, np.float32) * rng.uniform(1, 8)
    picture = np.clip(grey, 0, 255).astype(np.uint8)
    if rng.random() < _COMPRESSED:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 85))]
        coded = cv2.imencode(".jpg", picture, quality)[1]
        picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.uint8, copy=False)
    return Drawn(picture, drawn.boxes, drawn.kinds, drawn.ignored)
