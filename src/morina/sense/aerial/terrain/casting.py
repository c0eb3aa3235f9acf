"""Where rays meet the ground: a walk through squares of the terrain, the highest first.

A square whose highest ground lies under the ray is passed over whole; one that does not is looked
at in quarters, down to the square between four posts, where the bilinear ground and the ray meet
in a quadratic equation. Many rays walk at once.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.casting_pyramid import Pyramid
from morina.sense.aerial.terrain.casting_square import meet
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import Floats

_AT_ONCE = 8192
_BEGIN_LEVEL = 4
_RIM = 1.0
"""Posts at the edge of a clip that no ray enters: paths are not quite straight."""

_NUDGE = 1e-3
"""How far over the edge of a square a ray steps, in posts."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Metres along each ray to the ground: infinite where it meets none within reach, NaN where it
    would have to pass ground that is not known. 0: it begins under the ground."""

    metres: Floats

    @property
    def ground(self) -> NDArray[np.bool_]:
        """Which rays meet the ground."""
        return np.isfinite(self.metres)


def cast(clip: Clip, squares: Pyramid, bundle: Bundle, reach_m: float) -> Hits:
    """Follow every ray to its first ground, at most ``reach_m`` along it."""
    lengths = bundle.lengths(clip.known[0], reach_m)
    paths = bundle.paths(clip, lengths)
    limits = _limits(clip, paths)
    pieces = [slice(i, i + _AT_ONCE) for i in range(0, len(bundle), _AT_ONCE)]

    def walked(piece: slice) -> Floats:
        return _Walk(clip, squares, np.ascontiguousarray(paths[:, piece]), limits[piece]).walked()

    if len(pieces) > 1:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            shares = np.concatenate(list(pool.map(walked, pieces)))
    else:
        shares = walked(slice(None))
    return Hits(shares * lengths)


def _limits(clip: Clip, paths: Floats) -> Floats:
    """The share of each path that lies in the clip, at most 1; under 0 where it begins outside."""
    limits = np.ones(paths.shape[1])
    for axis in (0, 1):
        begin, gain = paths[axis], paths[3 + axis] + paths[6 + axis]
        last = clip.heights.shape[axis] - 1 - _RIM
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (np.where(gain > 0, last, _RIM) - begin) / np.abs(gain) * np.sign(gain)
        limits = np.fmin(limits, share)
        limits[(begin < _RIM) | (begin > last)] = -1.0
    return limits


class _Walk:
    """Rays on their way: ``t`` the share of the path done, ``level`` the squares looked at."""

    def __init__(self, clip: Clip, squares: Pyramid, paths: Floats, limits: Floats) -> None:
        self.clip, self.squares = clip, squares
        self.found = np.where(limits < 1.0, np.nan, np.inf)
        self.which = np.flatnonzero(limits > 0)
        self.paths = np.ascontiguousarray(paths[:, self.which])
        self.limit = limits[self.which]
        self.t = np.zeros(len(self.which))
        self.level = np.full(len(self.which), min(_BEGIN_LEVEL, squares.top))

    def walked(self) -> Floats:
        """Until all have met the ground or are at their end."""
        while len(self.which):
            self._keep(self._step())
        return self.found

    def _step(self) -> NDArray[np.bool_]:
        """One square for each ray; which are still on their way."""
        row, column, height, row_by, column_by, height_by, row_2, column_2, height_2 = self.paths
        t, level = self.t, self.level
        rate_r, rate_c = row_by + 2 * row_2 * t, column_by + 2 * column_2 * t
        here_r, here_c = row + (row_by + row_2 * t) * t, column + (column_by + column_2 * t) * t
        square_r, square_c = here_r.astype(np.int64) >> level, here_c.astype(np.int64) >> level
        with np.errstate(divide="ignore", invalid="ignore"):
            edge_r = (((square_r + (rate_r > 0)) << level) - here_r) / rate_r
            edge_c = (((square_c + (rate_c > 0)) << level) - here_c) / rate_c
            nudge = _NUDGE / np.maximum(np.abs(rate_r), np.abs(rate_c))
        step = np.fmin(np.abs(edge_r), np.abs(edge_c))
        end = np.fmin(t + step + nudge, self.limit)
        low = (
            np.minimum(
                height + (height_by + height_2 * t) * t, height + (height_by + height_2 * end) * end
            )
            - np.abs(height_2) * (end - t) ** 2 / 4
        )
        squares = self.squares
        place = squares.first[level] + square_r * squares.width[level] + square_c
        blocked = low <= squares.highest[place]
        met = blocked & (level == 0)
        on = np.ones(len(t), np.bool_)
        if met.any():
            on[met] = blocked[met] = self._meet(met, end, square_r, square_c)
            blocked[met] = False
        self.t = np.where(blocked, t, end)
        self.level = np.where(blocked, level - 1, np.minimum(level + 1, squares.top))
        return on & (self.t < self.limit)

    def _meet(
        self, met: NDArray[np.bool_], end: Floats, row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Look at single squares; which rays leave theirs above the ground."""
        chosen = np.flatnonzero(met)
        share = meet(
            self.clip, self.paths[:, chosen], (self.t[chosen], end[chosen]),
            (row[chosen], column[chosen]),
        )  # fmt: skip
        done = ~np.isposinf(share)
        self.found[self.which[chosen[done]]] = share[done]
        return ~done

    def _keep(self, on: NDArray[np.bool_]) -> None:
        if on.all():
            return
        self.paths = np.ascontiguousarray(self.paths[:, on])
        self.which, self.limit = self.which[on], self.limit[on]
        self.t, self.level = self.t[on], self.level[on]
