"""Mean sea level above the WGS 84 ellipsoid, by EGM96 every 15 minutes of arc."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

_FILE = Path(__file__).parent / "geoid_data" / "egm96.png"
_PER_DEGREE = 4
_LOWEST = 20_000
"""Grey level of 0 m; a level is a centimetre."""

EGM2008_SD_M = 1.0
"""Said where EGM96 stands in for EGM2008. The two differ by about 0.5 m as a global root mean
square (US Naval Academy, MICRODEM help, "EGM96"); twice that, for mountains."""


def undulation(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """Metres from the ellipsoid up to the geoid, bilinear; longitudes of any turn."""
    grid = _grid()
    row = (90.0 - np.asarray(latitude, np.float64)) * _PER_DEGREE
    column = np.mod(np.asarray(longitude, np.float64), 360.0) * _PER_DEGREE
    top = np.clip(row.astype(np.int64), 0, grid.shape[0] - 2)
    left = column.astype(np.int64) % grid.shape[1]
    right = (left + 1) % grid.shape[1]
    down, across = row - top, column - np.floor(column)
    upper = grid[top, left] * (1 - across) + grid[top, right] * across
    lower = grid[top + 1, left] * (1 - across) + grid[top + 1, right] * across
    return np.asarray(upper * (1 - down) + lower * down)


@cache
def _grid() -> NDArray[np.float64]:
    """721 rows from 90 N, 1,440 columns from 0 E, metres."""
    levels = cv2.imdecode(np.fromfile(_FILE, np.uint8), cv2.IMREAD_UNCHANGED)
    if levels is None:
        raise FileNotFoundError(f"{_FILE}: no geoid; install the package again")
    return (np.asarray(levels, np.float64) - _LOWEST) / 100
