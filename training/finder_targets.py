"""What the finder must say about a picture, without torch.

Boxes are (left, top, right, bottom), corners clockwise from the top left, in pixels of the input.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

STRIDE = 8
"""Pixels of a cell of the finder's answer."""

Boxes = NDArray[np.float32]
"""n x 4."""

Corners = NDArray[np.float32]
"""n x 4 x 2."""

_FLOOR_CELLS = 0.5
_SPREAD = 0.14
"""Deviation of the heat around a centre: a share of the plate's side, at least half a cell."""

_REACH = 0.22
"""Cells within this share of a side from the centre learn the box."""


def _no_boxes() -> Boxes:
    return np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class Marked:
    """Plates of one picture.

    ``corners`` of a plate whose ``cornered`` is False are those of its box and teach nothing.
    ``ignored`` are boxes in which the finder may say what it likes.
    """

    boxes: Boxes = field(default_factory=_no_boxes)
    corners: Corners = field(default_factory=lambda: np.zeros((0, 4, 2), np.float32))
    cornered: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    ignored: Boxes = field(default_factory=_no_boxes)


@dataclass(frozen=True, slots=True)
class Targets:
    """Answers wanted of each cell: ``heat``, ``care``, ``near``, ``bent`` h x w, others n x h x w.

    ``heat`` is 1 in the cells of centres; ``care`` 0 where nothing is asked; ``near`` the weight of
    the box there, ``bent`` that of the corners.
    """

    heat: NDArray[np.float32]
    care: NDArray[np.float32]
    near: NDArray[np.float32]
    bent: NDArray[np.float32]
    box: NDArray[np.float32]
    corners: NDArray[np.float32]


def marked(plates: Sequence[tuple[Corners, bool]], ignored: Sequence[Boxes] = ()) -> Marked:
    """Plates from their corners and whether these are true ones."""
    corners = np.array([points for points, _ in plates], np.float32).reshape(-1, 4, 2)
    left = np.array(ignored, np.float32).reshape(-1, 4)
    return Marked(hull(corners), corners, np.array([true for _, true in plates], np.bool_), left)


def hull(corners: Corners) -> Boxes:
    """The upright boxes around corners."""
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def upright(boxes: Boxes) -> Corners:
    """The corners of upright boxes."""
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def targets_of(plates: Marked, size: tuple[int, int]) -> Targets:
    """The answers wanted for a picture of ``size`` (height, width), multiples of the stride."""
    rows, columns = size[0] // STRIDE, size[1] // STRIDE
    blank = np.zeros((rows, columns), np.float32)
    wanted = Targets(
        heat=blank.copy(),
        care=blank + 1,
        near=blank.copy(),
        bent=blank.copy(),
        box=np.zeros((4, rows, columns), np.float32),
        corners=np.zeros((8, rows, columns), np.float32),
    )
    for x0, y0, x1, y1 in np.rint(plates.ignored / STRIDE + [-1, -1, 1, 1]).astype(int):
        wanted.care[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0
    widest_first = np.argsort(-(plates.boxes[:, 2] - plates.boxes[:, 0]))
    for index in widest_first:
        _place(wanted, plates.boxes[index], plates.corners[index], bool(plates.cornered[index]))
    return wanted


def _place(
    wanted: Targets, box: NDArray[np.float32], corners: NDArray[np.float32], cornered: bool
) -> None:
    """Ask for one plate; a smaller one placed later takes the cells of a larger one."""
    rows, columns = wanted.heat.shape
    y, x = (np.mgrid[0:rows, 0:columns] + 0.5) * STRIDE
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    wide, high = box[2] - box[0], box[3] - box[1]
    spread = [max(_FLOOR_CELLS * STRIDE, _SPREAD * side) for side in (wide, high)]
    away = ((x - middle[0]) / spread[0]) ** 2 + ((y - middle[1]) / spread[1]) ** 2
    heat = np.exp(-away / 2).astype(np.float32)
    home = (
        int(np.clip(middle[1] // STRIDE, 0, rows - 1)),
        int(np.clip(middle[0] // STRIDE, 0, columns - 1)),
    )
    heat[home] = 1
    np.maximum(wanted.heat, heat, out=wanted.heat)
    wanted.care[heat > 0.3] = 1
    near = (np.abs(x - middle[0]) <= _REACH * wide) & (np.abs(y - middle[1]) <= _REACH * high)
    near[home] = True
    wanted.near[near] = np.maximum(heat, 0.2)[near]
    wanted.bent[near] = wanted.near[near] * cornered
    sides = (x - box[0], y - box[1], box[2] - x, box[3] - y)
    wanted.box[:, near] = np.stack(sides)[:, near]
    offsets = corners.reshape(4, 2, 1, 1) - np.stack([x, y])
    wanted.corners[:, near] = offsets.reshape(8, rows, columns)[:, near]
