"""The lowest and highest ground under an area, above the sea. Pure but for the terrain it asks."""

import math

import numpy as np

from morina.sense.aerial.fleet.area import Ring
from morina.sense.aerial.ground import MissingTerrainError
from morina.sense.aerial.terrain.clip import Terrain
from morina.sense.aerial.terrain.earth import metres_per_degree
from morina.sense.aerial.terrain.geoid import undulation

FURTHEST_M = 40_000.0
"""A larger area is compared with no terrain."""

SPREADS = 2.0
"""How many standard deviations of the terrain are added to either end."""


def ground_under(terrain: Terrain, area: Ring) -> tuple[float, float] | None:
    """Of the box around an area, which holds it. None where the ground of any is not known."""
    xs, ys = zip(*area, strict=True)
    south, north, west, east = min(ys), max(ys), min(xs), max(xs)
    latitude, longitude = (south + north) / 2, (west + east) / 2
    per_north, per_east = metres_per_degree(latitude)
    radius = math.hypot((north - south) * per_north, (east - west) * per_east) / 2 + 100.0
    if radius > FURTHEST_M:
        return None
    try:
        clip = terrain.clip(latitude, longitude, radius)
    except MissingTerrainError:
        return None
    lines, across = clip.grid([north, south], [west, east])
    (top, bottom), (left, right) = lines.tolist(), across.tolist()
    first, last = (math.floor(top), math.floor(left)), (math.ceil(bottom), math.ceil(right))
    beyond = any(end >= size for end, size in zip(last, clip.heights.shape, strict=True))
    if min(first) < 0 or beyond:
        return None
    heights = clip.heights[first[0] : last[0] + 1, first[1] : last[1] + 1]
    if not np.isfinite(heights).all():
        return None
    geoid = undulation([south, south, north, north], [west, east, west, east])
    spread = SPREADS * clip.sd_m
    return (
        float(heights.min() - geoid.max() - spread),
        float(heights.max() - geoid.min() + spread),
    )
