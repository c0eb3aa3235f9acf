"""Objects of one sweep set down in frames of another, so that they are not learnt with their place.

What is set down is as large as it would be from the height the frame was taken at, and its ground
is brought to the level of the ground it comes to lie on.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from morina.sense.aerial.seeing.peaks import common
from training.thermal.frames import Boxes, Frame, metres_of

_OFTEN, _MOST = 0.5, 10
"""How often a frame gets any objects, and at most how many."""

_KINDS = (0.55, 0.15, 0.3)
"""How often each kind of ``KINDS``."""

_MARGIN, _MARGIN_PIXELS = 0.12, 3
"""Ground about an object: share of its side, and pixels."""

_SMALLEST, _LARGEST = 6, 160
"""Pixels of an object's shorter side, and of all that is set down at once."""

_SCALES, _GAINS, _MIRRORED = (-0.2, 0.2), (0.75, 1.25), 0.5


@dataclass(frozen=True, slots=True)
class Cutting:
    """Objects that touch, with a little ground about them; their boxes within, and from how many
    ``metres`` they were seen."""

    picture: NDArray[np.float32]
    boxes: Boxes
    kinds: NDArray[np.int64]
    metres: int


class Cuttings:
    """What can be set down, by kind and sweep."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        found: dict[int, dict[str, list[Cutting]]] = defaultdict(lambda: defaultdict(list))
        for frame in frames:
            for one in _cuttings(frame):
                for kind in set(one.kinds.tolist()):
                    found[kind][frame.sweep].append(one)
        self._of = {kind: list(sweeps.values()) for kind, sweeps in found.items()}
        often = np.array([_KINDS[kind] for kind in self._of])
        self._often = often / often.sum()

    def __bool__(self) -> bool:
        return bool(self._of)

    def draw(self, rng: Generator) -> Cutting:
        """One; each sweep as often as any other."""
        sweeps = self._of[list(self._of)[rng.choice(len(self._of), p=self._often)]]
        sweep = sweeps[rng.integers(len(sweeps))]
        return sweep[rng.integers(len(sweep))]


def with_more(frame: Frame, cuttings: Cuttings, rng: Generator) -> Frame:
    """The frame, sometimes with objects of others set down where nothing is labelled."""
    if not cuttings or rng.random() >= _OFTEN:
        return frame
    picture = frame.picture.astype(np.float32)
    boxes, kinds = frame.boxes, frame.kinds
    for _ in range(rng.integers(1, _MOST + 1)):
        one = cuttings.draw(rng)
        scale = one.metres / metres_of(frame) * exp(rng.uniform(*_SCALES))
        taken = np.concatenate([boxes, frame.ignored])
        more = _set_down(picture, one, scale, taken, rng)
        boxes = np.concatenate([boxes, more])
        kinds = np.concatenate([kinds, one.kinds[: len(more)]])
    whole = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return replace(frame, picture=whole, boxes=boxes, kinds=kinds)


def _set_down(
    picture: NDArray[np.float32], one: Cutting, scale: float, taken: Boxes, rng: Generator
) -> Boxes:
    """Where its objects now are; nowhere if it would be too small or large, or lie on others."""
    rows, columns = one.picture.shape
    height, width = round(rows * scale), round(columns * scale)
    boxes = one.boxes * np.tile(np.array([width / columns, height / rows], np.float32), 2)
    least = (boxes[:, 2:] - boxes[:, :2]).min()
    if least < _SMALLEST or max(height, width) > _LARGEST:
        return boxes[:0]
    left = int(rng.integers(0, picture.shape[1] - width))
    top = int(rng.integers(0, picture.shape[0] - height))
    at = np.array([left, top, left, top], np.float32)
    if common(at[None] + (0, 0, width, height), taken).any():
        return boxes[:0]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    patch = cv2.resize(one.picture, (width, height), interpolation=how).astype(np.float32)
    if rng.random() < _MIRRORED:
        patch, boxes[:, [0, 2]] = patch[:, ::-1], width - boxes[:, [2, 0]]
    there = picture[top : top + height, left : left + width]
    patch = (patch - _ground(patch)) * rng.uniform(*_GAINS) + _ground(there)
    around = np.concatenate([boxes[:, :2].min(0), boxes[:, 2:].max(0)])
    there += _mask(height, width, around) * (patch - there)
    moved: Boxes = boxes + at
    return moved


def _mask(height: int, width: int, box: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 in the box, falling to 0 at the edges."""
    y, x = np.mgrid[:height, :width].astype(np.float32) + 0.5
    across = np.minimum(x / max(box[0], 1), (width - x) / max(width - box[2], 1))
    down = np.minimum(y / max(box[1], 1), (height - y) / max(height - box[3], 1))
    found: NDArray[np.float32] = np.clip(np.minimum(across, down), 0, 1).astype(np.float32)
    return found


def _ground(patch: NDArray[np.float32]) -> float:
    edge = [patch[0], patch[-1], patch[:, 0], patch[:, -1]]
    return float(np.median(np.concatenate(edge)))


def _cuttings(frame: Frame) -> list[Cutting]:
    height, width = frame.picture.shape
    sides = frame.boxes[:, 2:] - frame.boxes[:, :2]
    margin = np.tile(_MARGIN * sides + _MARGIN_PIXELS, 2) * np.array((-1, -1, 1, 1))
    wide = np.rint(frame.boxes + margin).astype(np.float32)
    found = []
    for group in _touching(wide):
        low, high = wide[group, :2].min(0), wide[group, 2:].max(0)
        inside = (low >= 0).all() and (high <= (width, height)).all()
        others = np.concatenate([np.delete(frame.boxes, group, 0), frame.ignored])
        window = np.concatenate([low, high])
        if not inside or common(window[None], others).any():
            continue
        x0, y0, x1, y1 = window.astype(int)
        patch = frame.picture[y0:y1, x0:x1].astype(np.float32)
        boxes = frame.boxes[group] - np.tile(low, 2)
        found.append(Cutting(patch, boxes, frame.kinds[group], metres_of(frame)))
    return found


def _touching(boxes: Boxes) -> list[NDArray[np.int64]]:
    """Places of the boxes that touch, straight or through others."""
    meets = common(boxes, boxes) > 0
    of = np.arange(len(boxes))
    for one, other in zip(*np.nonzero(meets), strict=True):
        of[of == of[other]] = of[one]
    return [np.flatnonzero(of == name) for name in np.unique(of)]
