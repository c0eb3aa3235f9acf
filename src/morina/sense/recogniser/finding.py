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

MOST = 24
"""Plates taken from one picture."""

_SAME = 0.5
"""Part of the smaller of two boxes in the other from which they are one plate."""

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
    def box_corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners of its box."""
        x0, y0, x1, y1 = self.box
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)

    def scaled(self, across: float, down: float) -> "Found":
        """The same plate in a picture wider by ``across`` and higher by ``down``, both factors."""
        x0, y0, x1, y1 = self.box
        a, b, c, d = ((x * across, y * down) for x, y in self.corners)
        return Found(self.sureness, (x0 * across, y0 * down, x1 * across, y1 * down), (a, b, c, d))


def fitted(image: Image, longer_side: int) -> NDArray[np.float32]:
    """The picture as the finder takes it: 1 x 3 x height x width, 0 to 1.

    Its longer side is made ``longer_side``, and each side brought to the nearest multiple, as in
    training.
    """
    height, width = image.shape[:2]
    scale = longer_side / max(height, width) / MULTIPLE
    rows, columns = (MULTIPLE * max(2, round(side * scale)) for side in (height, width))
    how = cv2.INTER_AREA if columns < width else cv2.INTER_LINEAR
    small = cv2.resize(image, (columns, rows), interpolation=how)
    return np.asarray(cv2.dnn.blobFromImage(small, 1 / 255), np.float32)


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
    return _apart(sorted(found, key=lambda one: -one.sureness))[:MOST]


def overlap(one: Box, other: Box) -> float:
    """Area of both over area of either, 0 to 1."""
    both = _common(one, other)
    return both / (_area(one) + _area(other) - both) if both else 0.0


def _apart(found: Sequence[Found]) -> list[Found]:
    """Each plate once: of those that lie in one another, the first."""
    kept: list[Found] = []
    for one in found:
        if not any(_common(one.box, k.box) > _SAME * _smaller(one.box, k.box) for k in kept):
            kept.append(one)
    return kept


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
