"""What can be seen from a camera or a drone over terrain, and where it cannot see."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.clip import Clip, missing
from morina.sense.aerial.terrain.earth import AXIS_M, Floats, metres_per_degree

TARGET_M = 1.0
"""Height over the ground of what is to be seen."""


@dataclass(frozen=True, slots=True)
class Viewshed:
    """A picture of the ground, north up, of squares around the posts of the terrain.

    ``seen`` and ``hidden`` never both; where neither, it is out of reach, or terrain on the way is
    not known. ``bounds``: west, south, east, north of the outer edges, degrees.
    """

    seen: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    bounds: tuple[float, float, float, float]

    @property
    def share_seen(self) -> float:
        """Of what is known within reach."""
        known = int(self.seen.sum() + self.hidden.sum())
        return float(self.seen.sum() / known) if known else 0.0


def seen_from(
    clip: Clip, place: tuple[float, float], above_ground_m: float, reach_m: float
) -> Viewshed:
    """Of an eye so high over the ground of a place (latitude, longitude), for something 1 m high.

    Straight lines over a round Earth, no refraction; ground between posts is bilinear.
    MissingTerrainError where the place itself has no height.
    """
    ground = float(clip.height(*place))
    if np.isnan(ground):
        raise missing(*place)
    east, north, heights, bounds = _window(clip, place, reach_m)
    away = np.hypot(east, north)
    step = min(
        metres * degrees
        for metres, degrees in zip(metres_per_degree(place[0]), clip.step, strict=True)
    )
    horizon, blank = _horizons(clip, place, ground + above_ground_m, (reach_m, step))
    turn = np.arctan2(east, north) / (2 * np.pi) * len(horizon)
    line = np.rint(turn).astype(np.int64) % len(horizon)
    ring = np.clip((away / step).astype(np.int64) - 1, 0, horizon.shape[1] - 1)
    eye = ground + above_ground_m
    slope = (heights + TARGET_M - _drop(away) - eye) / np.maximum(away, step / 2)
    known = (away <= reach_m) & ~np.isnan(heights) & ~blank[line, ring]
    clear = (slope >= horizon[line, ring]) | (away < 1.5 * step)
    return Viewshed(known & clear, known & ~clear, bounds)


def _drop(metres: Floats) -> Floats:
    """How far the Earth has fallen away under the tangent plane."""
    return np.asarray(metres**2 / (2 * AXIS_M))


def _window(
    clip: Clip, place: tuple[float, float], reach_m: float
) -> tuple[Floats, Floats, Floats, tuple[float, float, float, float]]:
    """Metres east and north of the place and height of every post in reach; the outer bounds."""
    north, east = metres_per_degree(place[0])
    row, column = (float(number) for number in clip.grid(*place))
    posts = reach_m / (north * clip.step[0]), reach_m / (east * clip.step[1])
    top, left = max(int(row - posts[0]), 0), max(int(column - posts[1]), 0)
    heights = clip.heights[top : int(row + posts[0]) + 2, left : int(column + posts[1]) + 2]
    rows, columns = heights.shape
    to_north = (row - np.arange(top, top + rows)) * clip.step[0] * north
    to_east = (np.arange(left, left + columns) - column) * clip.step[1] * east
    upper, west = clip.north - (top - 0.5) * clip.step[0], clip.west + (left - 0.5) * clip.step[1]
    bounds = west, upper - rows * clip.step[0], west + columns * clip.step[1], upper
    return (*np.meshgrid(to_east, to_north), heights.astype(np.float64), bounds)


def _horizons(
    clip: Clip, place: tuple[float, float], eye: float, size: tuple[float, float]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Along lines all round, at every step outward: the steepest slope to ground so far, and
    whether unknown ground was met."""
    reach_m, step = size
    north, east = metres_per_degree(place[0])
    lines = int(2 * np.pi * reach_m / step) + 1
    turn = np.arange(lines)[:, None] * (2 * np.pi / lines)
    out = np.arange(step, reach_m + 2 * step, step)
    heights = clip.height(
        place[0] + out * np.cos(turn) / north, place[1] + out * np.sin(turn) / east
    )
    slope = (heights - _drop(out) - eye) / out
    blank = np.logical_or.accumulate(np.isnan(slope), axis=1)
    return np.maximum.accumulate(np.nan_to_num(slope, nan=-np.inf), axis=1), blank
