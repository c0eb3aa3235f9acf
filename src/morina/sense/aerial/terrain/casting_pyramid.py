"""The highest ground of ever larger squares, so that a ray skips what lies below it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.clip import Clip

ABOVE_ALL_M = 9_000.0
"""Higher than any ground: the height an unknown square is taken for until a ray is over it."""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Level 0: squares between four posts; each level above has squares twice as wide.

    All levels lie in ``highest`` one after another, level L from ``first[L]`` in rows of
    ``width[L]``. From level 1 on a square takes in the ring of small squares around it, for the
    path of a ray over a large square is not quite straight.
    """

    highest: NDArray[np.float32]
    first: NDArray[np.int64]
    width: NDArray[np.int64]
    top: int


def pyramid(clip: Clip) -> Pyramid:
    """Of a clip."""
    posts = np.where(np.isnan(clip.heights), np.float32(ABOVE_ALL_M), clip.heights)
    rows = np.maximum(posts[:-1], posts[1:])
    levels = [np.maximum(rows[:, :-1], rows[:, 1:])]
    level = _ringed(levels[0])
    while max(level.shape) > 1:
        level = _halved(level)
        levels.append(level)
    starts = np.cumsum([0] + [level.size for level in levels[:-1]])
    widths = np.array([level.shape[1] for level in levels])
    flat = np.concatenate([level.reshape(-1) for level in levels])
    return Pyramid(flat, starts.astype(np.int64), widths.astype(np.int64), len(levels) - 1)


def _ringed(level: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(level, 1, mode="edge")
    down = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    return np.maximum(np.maximum(down[:, :-2], down[:, 1:-1]), down[:, 2:])


def _halved(level: NDArray[np.float32]) -> NDArray[np.float32]:
    even = np.pad(level, [(0, level.shape[0] % 2), (0, level.shape[1] % 2)], mode="edge")
    down = np.maximum(even[0::2], even[1::2])
    return np.maximum(down[:, 0::2], down[:, 1::2])
