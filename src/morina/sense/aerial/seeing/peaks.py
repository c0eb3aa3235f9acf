"""From the maps of the thermal network to boxes in its input."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

MOST = 300
"""Objects taken from one picture, the surest."""

SAME = 0.6
"""IoU from which two boxes of one kind are one object."""

Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """Objects surest first: place of the kind, box (left, top, right, bottom), ``sure`` 0 to 1."""

    kinds: NDArray[np.int64]
    boxes: NDArray[np.float32]
    sure: NDArray[np.float32]


def seen_in(heat: Maps, box: Maps, stride: int, least: float) -> Seen:
    """The objects of one picture at least so sure, in pixels of the network's input.

    ``heat`` is kinds x h x w (0 to 1), ``box`` 4 x h x w (distance of the left, top, right and
    bottom side from the cell's centre). A box is the mean of what a peak and its eight neighbours
    say, the surer the more.
    """
    higher = np.stack([cv2.dilate(one, np.ones((3, 3), np.uint8)) for one in heat])
    kinds, rows, columns = np.nonzero((heat >= least) & (heat >= higher))
    sure = heat[kinds, rows, columns]
    first = np.argsort(-sure, kind="stable")[:MOST]
    kinds, rows, columns, sure = kinds[first], rows[first], columns[first], sure[first]
    boxes = _agreed(heat, box, (kinds, rows, columns), stride)
    proper = (boxes[:, 0] < boxes[:, 2]) & (boxes[:, 1] < boxes[:, 3])
    return apart(Seen(kinds[proper], boxes[proper], sure[proper]))


def apart(seen: Seen) -> Seen:
    """Of boxes of one kind that are the same object, the surest.

    What the network says of two kinds cannot be compared, so one object may be told as two kinds.
    """
    same = overlaps(seen.boxes, seen.boxes) >= SAME
    same &= seen.kinds[:, None] == seen.kinds
    kept = np.ones(len(seen.sure), np.bool_)
    for index in range(len(kept)):
        if kept[index]:
            kept[index + 1 :] &= ~same[index, index + 1 :]
    return Seen(seen.kinds[kept], seen.boxes[kept], seen.sure[kept])


def overlaps(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Area of both over area of either, 0 to 1, of each of n boxes with each of m: n x m."""
    both = common(some, others)
    either = areas(some)[:, None] + areas(others) - both
    found: NDArray[np.float32] = both / np.maximum(either, np.float32(1e-6))
    return found


def common(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Area that each of n boxes has in common with each of m: n x m."""
    low = np.maximum(some[:, None, :2], others[:, :2])
    high = np.minimum(some[:, None, 2:], others[:, 2:])
    found: NDArray[np.float32] = np.clip(high - low, 0, None).prod(2)
    return found


def areas(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of n boxes."""
    found: NDArray[np.float32] = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return found


def _agreed(
    heat: Maps, box: Maps, at: tuple[NDArray[np.int64], ...], stride: int
) -> NDArray[np.float32]:
    kinds, rows, columns = (place[:, None] for place in at)
    down, across = (step.reshape(1, 9) - 1 for step in np.indices((3, 3)))
    near_rows = np.clip(rows + down, 0, heat.shape[1] - 1)
    near_columns = np.clip(columns + across, 0, heat.shape[2] - 1)
    weight = heat[kinds, near_rows, near_columns] ** 2
    left, top, right, bottom = box[:, near_rows, near_columns]
    x, y = (near_columns + 0.5) * stride, (near_rows + 0.5) * stride
    sides = np.stack([x - left, y - top, x + right, y + bottom], 2)
    mean: NDArray[np.float64] = (sides * weight[:, :, None]).sum(1) / weight.sum(1)[:, None]
    return mean.astype(np.float32)
