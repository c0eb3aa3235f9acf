"""The ground seen in one picture, as a ring."""

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import Footprint, Pose
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.earth import Floats
from morina.sense.aerial.terrain.error import Scene
from morina.sense.aerial.terrain.placing import met
from morina.sense.aerial.terrain.rotation import tangents

_ACROSS, _DOWN = 13, 25
"""Rays looked at where part of the picture is sky."""

_LEAST_AREA = 1e-12
"""Square degrees, about a tenth of a square metre: less is a line and no ground."""


def edge() -> Floats:
    """Shares along the edge of a picture, clockwise from its upper left corner (n, 2)."""
    side = np.linspace(0, 1, 9)[:-1]
    zero, one = np.zeros_like(side), np.ones_like(side)
    sides = [(side, zero), (one, side), (1 - side, one), (zero, 1 - side)]
    return np.concatenate([np.stack(pair, axis=1) for pair in sides])


def ring_of(scene: Scene, pose: Pose, at_s: float, across_px: int) -> Footprint | None:
    """None where the whole picture is sky, or all but a line. MissingTerrainError."""
    around = edge()
    bundle, metres, which = met(scene, pose, tangents(pose, around))
    cut = len(which) < len(around)
    if cut:
        bundle, metres, which = _seen(scene, pose)
        if len(which) < 3:
            return None
    latitude, longitude, _ = bundle.at(metres)
    points = np.stack([longitude, latitude], axis=1)
    area = _signed_area(points)
    if abs(area) < _LEAST_AREA:
        return None
    if area < 0:
        points = points[::-1]
    ring = [(float(x), float(y)) for x, y in points]
    return Footprint(at_s, (*ring, ring[0]), cut, _metres_per_pixel(scene, pose, across_px))


def _seen(scene: Scene, pose: Pose) -> tuple[Bundle, Floats, NDArray[np.intp]]:
    """Rays to the outermost ground of each column of the picture: up one side, down the other."""
    across, down = np.meshgrid(np.linspace(0, 1, _ACROSS), np.linspace(0, 1, _DOWN))
    shares = np.stack([across.ravel(), down.ravel()], axis=1)
    _, _, which = met(scene, pose, tangents(pose, shares))
    ground = np.zeros((_DOWN, _ACROSS), np.bool_)
    ground.reshape(-1)[which] = True
    columns = np.flatnonzero(ground.any(axis=0))
    highest = ground[:, columns].argmax(axis=0)
    lowest = _DOWN - 1 - ground[::-1, columns].argmax(axis=0)
    rows = np.concatenate([highest, lowest[::-1]])
    chosen = shares.reshape(_DOWN, _ACROSS, 2)[rows, np.concatenate([columns, columns[::-1]])]
    return met(scene, pose, tangents(pose, chosen))


def _metres_per_pixel(scene: Scene, pose: Pose, across_px: int) -> float:
    """Across the picture, on the ground at its middle; of its lowest ground where that is sky."""
    for down in (0.5, 0.75, 1.0):
        _, metres, which = met(scene, pose, tangents(pose, np.array([[0.5, down]])))
        if len(which):
            return float(metres[0] * 2 * np.tan(np.radians(pose.view[0]) / 2) / across_px)
    return float("inf")


def _signed_area(points: Floats) -> float:
    """Above 0 for a ring against the clock, as GeoJSON wants it."""
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)
