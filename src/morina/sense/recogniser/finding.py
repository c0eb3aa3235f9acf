"""From the maps of the finder network to plates in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.recogniser.lines import Box, Point
from morina.sense.recogniser.reading import Image

MULTIPLE = 32
"""The finder takes pictures whose sides are multiples of this, and at least twice it."""

FINER_FROM = 1600
"""Pictures whose longer side is this or more are searched at half their size, not at the finder's
own, for plates too small there."""

FINEST = 1920
"""The longest side at which pictures are searched."""

COARSE_TOO_FROM = 1280
"""A search as fine as this misses plates that fill the picture, so a coarse one goes before it."""

WIDE = 0.15
"""Plates wider than this part of the picture's longer side are those of the coarse search."""

MOST = 24
"""Plates taken from one picture."""

_SAME = 0.5
"""Part of the smaller of two boxes in the other from which they are one plate."""

_NEARLY = 1.03
"""A picture made so many times too small is made larger again without harm."""

_AGREEING = 0.5
"""Overlap of box and corners from which the corners are believed."""

Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """A plate found: ``sureness`` 0 to 1, ``corners`` clockwise from the top left."""

    sureness: float
    box: Box
    corners: tuple[Point, Point, Point, Point]

    @property
    def width(self) -> float:
        """Of its box."""
        return self.box[2] - self.box[0]

    @property
    def box_corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners of its box."""
        x0, y0, x1, y1 = self.box
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)

    def scaled(self, across: float, down: float) -> "Found":
        """The same plate in a picture wider by ``across`` and higher by ``down``, both factors."""
        x0, y0, x1, y1 = self.box
        a, b, c, d = ((x * across, y * down) for x, y in self.corners)
        return Found(self.sureness, (x0 * across, y0 * down, x1 * across, y1 * down), (a, b, c, d))


def longer_sides(image: Image, usual: int) -> tuple[int, ...]:
    """The longer sides at which a picture is searched, one after the other.

    ``usual`` is the finder's own, which sees plates from about a twenty-fifth of the picture's
    width on. The search costs in proportion to its pixels: for pictures 1920, 2560 and 3840 wide
    2, 5 and 10 times what it does at 640.
    """
    longest = max(image.shape[:2])
    finer = min(longest // 2, FINEST)
    if longest < FINER_FROM or finer <= usual:
        return (usual,)
    return (usual, finer) if finer >= COARSE_TOO_FROM else (finer,)


def fitted(image: Image, longer_side: int) -> NDArray[np.float32]:
    """The picture as the finder takes it: 1 x 3 x height x width, 0 to 1.

    Its longer side is made ``longer_side``, and each side brought to the nearest multiple, as in
    training.
    """
    height, width = image.shape[:2]
    scale = longer_side / max(height, width) / MULTIPLE
    rows, columns = (MULTIPLE * max(2, round(side * scale)) for side in (height, width))
    times = _whole_times(image, rows, columns)
    small = image
    if times > 1:
        size = (width // times, height // times)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    smaller = columns < small.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    small = cv2.resize(small, (columns, rows), interpolation=how).astype(np.uint8, copy=False)
    return np.ascontiguousarray(small.transpose(2, 0, 1)[np.newaxis], np.float32) / np.float32(255)


def _whole_times(image: Image, rows: int, columns: int) -> int:
    """How many times smaller a picture can be made at once towards ``rows`` x ``columns``.

    A whole number that divides both sides: means of whole pixels are taken many times faster.
    """
    height, width = image.shape[:2]
    most = int(min(height / rows, width / columns) * _NEARLY)
    return next((t for t in range(most, 1, -1) if not (height % t or width % t)), 1)


def plates_in(heat: Maps, box: Maps, corners: Maps, stride: int, threshold: float) -> list[Found]:
    """The plates of one picture, surest first, in pixels of the finder's input.

    ``heat`` is h x w (0 to 1), ``box`` 4 x h x w (left, top, right, bottom of the cell's centre),
    ``corners`` 8 x h x w (x and y from the cell's centre, clockwise from the top left).
    """
    peak = (heat >= threshold) & (heat >= cv2.dilate(heat, np.ones((3, 3), np.uint8)))
    found = []
    for row, column in np.argwhere(peak).tolist():
        x, y = (column + 0.5) * stride, (row + 0.5) * stride
        left, top, right, bottom = box[:, row, column].tolist()
        sides = (x - left, y - top, x + right, y + bottom)
        points = (corners[:, row, column].reshape(4, 2) + np.array([x, y])).tolist()
        if sides[0] < sides[2] and sides[1] < sides[3]:
            found.append(_found(float(heat[row, column]), sides, points))
    return apart(sorted(found, key=lambda one: -one.sureness))[:MOST]


def apart(found: Sequence[Found]) -> list[Found]:
    """Each plate once: of those that lie in one another, the first."""
    kept: list[Found] = []
    for one in found:
        if not any(_common(one.box, k.box) > _SAME * _smaller(one.box, k.box) for k in kept):
            kept.append(one)
    return kept


def overlap(one: Box, other: Box) -> float:
    """Area of both over area of either, 0 to 1."""
    both = _common(one, other)
    return both / (_area(one) + _area(other) - both) if both else 0.0


def _found(sureness: float, box: Box, points: Sequence[Sequence[float]]) -> Found:
    """A plate whose corners are ``points`` where they agree with its box; else the box's own."""
    xs, ys = zip(*points, strict=True)
    turns = (
        (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
        for (ax, ay), (bx, by), (cx, cy) in zip(
            points, (*points[1:], points[0]), (*points[2:], *points[:2]), strict=True
        )
    )
    convex = all(turn > 0 for turn in turns)
    if convex and overlap((min(xs), min(ys), max(xs), max(ys)), box) >= _AGREEING:
        a, b, c, d = ((float(x), float(y)) for x, y in points)
        return Found(sureness, box, (a, b, c, d))
    x0, y0, x1, y1 = box
    return Found(sureness, box, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _common(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _smaller(one: Box, other: Box) -> float:
    return min(_area(one), _area(other))
