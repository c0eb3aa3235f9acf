"""What the thermal detector must say about a picture, without torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.thermal.frames import KINDS, Boxes

STRIDE = 4
"""Pixels of a cell of the detector's answer."""

_FLOOR_CELLS, _SPREAD = 0.55, 0.14
"""Deviation of the heat around a centre: a share of the object's side, at least this many cells."""

_REACH, _REACH_CELLS = 0.22, 0.9
"""Cells within this share of a side from the centre, or as near as so many cells, learn the box."""

_SEEN = 3.0
"""Deviations from the centre beyond which heat is nothing."""

Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Targets:
    """Answers wanted of each cell of h x w.

    ``heat`` (kinds x h x w) is 1 in cells of centres; ``care`` (1 x h x w) is 0 where nothing is
    asked; ``near`` (h x w) is the weight of the ``box`` (4 x h x w) there, shared by its cells.
    """

    heat: Maps
    care: Maps
    near: Maps
    box: Maps


def targets_of(
    boxes: Boxes, kinds: NDArray[np.int64], ignored: Boxes, size: tuple[int, int]
) -> Targets:
    """The answers wanted for a picture of ``size`` (height, width), multiples of the stride."""
    rows, columns = size[0] // STRIDE, size[1] // STRIDE
    wanted = Targets(
        heat=np.zeros((len(KINDS), rows, columns), np.float32),
        care=np.ones((1, rows, columns), np.float32),
        near=np.zeros((rows, columns), np.float32),
        box=np.zeros((4, rows, columns), np.float32),
    )
    for x0, y0, x1, y1 in np.rint(ignored / STRIDE).astype(int):
        wanted.care[:, max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for index in np.argsort(-areas):
        _place(wanted, boxes[index], int(kinds[index]))
    return wanted


def _place(wanted: Targets, box: NDArray[np.float32], kind: int) -> None:
    """Ask for one object; a smaller one placed later takes the cells of a larger one."""
    rows, columns = wanted.near.shape
    middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    side = np.array([box[2] - box[0], box[3] - box[1]])
    spread = np.maximum(_FLOOR_CELLS * STRIDE, _SPREAD * side)
    learnt = np.maximum(_REACH * side, _REACH_CELLS * STRIDE)
    reach = np.maximum(_SEEN * spread, learnt)
    low = np.clip((middle - reach) // STRIDE, 0, None).astype(int)
    high = np.clip((middle + reach) // STRIDE + 1, 0, (columns, rows)).astype(int)
    home = np.clip(middle // STRIDE, 0, (columns - 1, rows - 1)).astype(int)
    window = np.s_[low[1] : high[1], low[0] : high[0]]
    y, x = (np.mgrid[window] + 0.5) * STRIDE
    across, down = x - middle[0], y - middle[1]
    heat = np.exp(-((across / spread[0]) ** 2 + (down / spread[1]) ** 2) / 2).astype(np.float32)
    heat[home[1] - low[1], home[0] - low[0]] = 1
    np.maximum(wanted.heat[kind][window], heat, out=wanted.heat[kind][window])
    near = (np.abs(across) <= learnt[0]) & (np.abs(down) <= learnt[1])
    near[home[1] - low[1], home[0] - low[0]] = True
    wanted.near[window][near] = np.maximum(heat, 0.2)[near] / near.sum() ** 0.5
    sides = np.stack([x - box[0], y - box[1], box[2] - x, box[3] - y]).astype(np.float32)
    wanted.box[(slice(None), *window)][:, near] = sides[:, near]
