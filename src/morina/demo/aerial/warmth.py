"""How warm the ground looks from above: an invented picture of it, the same each time."""

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.aerial.scene import Scene

METRES_A_PIXEL = 0.15
WEST, EAST, SOUTH, NORTH = -60.0, 460.0, -90.0, 90.0
"""The part that is painted, metres from the scene's origin; beyond it the edge goes on."""

ROAD_M = 7.0
BUSHES = 900
_SEED = 20


def ground(scene: Scene) -> NDArray[np.uint8]:
    """Grey picture, north up; warmer is brighter."""
    draw = np.random.default_rng(_SEED)
    high, wide = round((NORTH - SOUTH) / METRES_A_PIXEL), round((EAST - WEST) / METRES_A_PIXEL)
    warm = np.full((high, wide), 84.0, np.float32)
    for cell_m, depth in ((40.0, 10.0), (9.0, 6.0), (1.8, 3.5), (0.4, 2.0)):
        warm += depth * _patches(draw, (high, wide), cell_m)
    shown = np.clip(warm, 0, 255).astype(np.uint8)
    for east, north, radius in zip(
        draw.uniform(WEST, EAST, BUSHES), draw.uniform(SOUTH, NORTH, BUSHES),
        draw.uniform(0.5, 2.2, BUSHES), strict=True,
    ):  # fmt: skip
        shade = int(draw.uniform(58, 76))
        cv2.circle(shown, pixel(east, north), round(radius / METRES_A_PIXEL), shade, -1)
    road = np.array([pixel(*one) for one in scene.road], np.int32)
    cv2.polylines(shown, [road], False, 102, round(ROAD_M / METRES_A_PIXEL), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(shown, (5, 5), 0), np.uint8)


def pixel(east: float, north: float) -> tuple[int, int]:
    """Where a place is in that picture."""
    return round((east - WEST) / METRES_A_PIXEL), round((NORTH - north) / METRES_A_PIXEL)


def _patches(
    draw: np.random.Generator, size: tuple[int, int], cell_m: float
) -> NDArray[np.float32]:
    """Smooth noise between -1 and 1 with patches of about ``cell_m``."""
    high, wide = (max(2, round(one * METRES_A_PIXEL / cell_m)) for one in size)
    cells = draw.uniform(-1, 1, (high, wide)).astype(np.float32)
    grown = cv2.resize(cells, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.float32)
