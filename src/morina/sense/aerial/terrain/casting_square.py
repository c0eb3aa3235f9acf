"""One ray and the ground between four posts."""

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import Floats

_Whole = NDArray[np.int64]


def meet(
    clip: Clip, paths: Floats, way: tuple[Floats, Floats], square: tuple[_Whole, _Whole]
) -> Floats:
    """The share of its path at which each ray meets the bilinear ground of its square: infinite
    where it does not, NaN where a post is unknown. ``way``: where it enters and leaves."""
    begin, end = way
    above = [
        _above(clip, paths, begin + share * (end - begin), square) for share in (0.0, 0.5, 1.0)
    ]
    first, middle, last = above
    slope, bend = 4 * middle - 3 * first - last, 2 * first - 4 * middle + 2 * last
    root = _first_root(first, slope, bend)
    share = np.where(first <= 0, 0.0, np.where(last <= 0, np.fmin(root, 1.0), root))
    inside = np.where(share <= 1, begin + share * (end - begin), np.inf)
    return np.asarray(np.where(np.isnan(first + last), np.nan, inside))


def _above(clip: Clip, paths: Floats, t: Floats, square: tuple[_Whole, _Whole]) -> Floats:
    """Metres of the rays above the ground at ``t``."""
    row, column, height = paths[:3] + (paths[3:6] + paths[6:] * t) * t
    columns = clip.heights.shape[1]
    first = square[0] * columns + square[1]
    down, across = row - square[0], column - square[1]
    a, b = clip.flat[first], clip.flat[first + 1]
    c, d = clip.flat[first + columns], clip.flat[first + columns + 1]
    upper, lower = a + (b - a) * across, c + (d - c) * across
    return np.asarray(height - upper - (lower - upper) * down)


def _first_root(first: Floats, slope: Floats, bend: Floats) -> Floats:
    """The least x > 0 with first + slope x + bend x² = 0, for first > 0; infinite: none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(slope * slope - 4 * bend * first)
        sum_ = -(slope + np.copysign(root, slope)) / 2
        both = np.stack([sum_ / bend, first / sum_])
    both[~(both > 0)] = np.inf
    return np.asarray(both.min(axis=0))
