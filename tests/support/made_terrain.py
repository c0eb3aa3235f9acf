"""Terrain made by formula: no real place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

from morina.sense.aerial.terrain.clip import Clip

Floats = NDArray[np.float64]
Shape = Callable[[Floats, Floats], Floats]
STEP = 1 / 3600
NORTH, WEST = 45.5, 10.5


def clip_of(shape: Shape, posts: int = 400, sd_m: float = 2.0) -> Clip:
    """``shape`` gives metres above the ellipsoid of posts south and east of the first."""
    rows, columns = np.meshgrid(np.arange(posts), np.arange(posts), indexing="ij")
    heights = shape(rows.astype(np.float64), columns.astype(np.float64))
    return Clip(heights.astype(np.float32), NORTH, WEST, (STEP, STEP), sd_m)


def middle(clip: Clip) -> tuple[float, float]:
    """Latitude and longitude of a post near the middle."""
    rows, columns = clip.heights.shape
    return NORTH - rows // 2 * STEP, WEST + columns // 2 * STEP


class OneClip:
    """A ``Terrain`` of one clip."""

    def __init__(self, clip: Clip) -> None:
        self.only = clip

    def clip(self, _latitude: float, _longitude: float, _radius_m: float) -> Clip:
        return self.only

    def version(self) -> int:
        return 1


def write_tif(
    file: Path, heights: NDArray[np.generic], corner: tuple[float, float] = (NORTH, WEST),
    **profile: Any,
) -> Path:  # fmt: skip
    """A GeoTIFF whose first post lies at ``corner``."""
    latitude, longitude = corner
    transform = Affine(STEP, 0, longitude - STEP / 2, 0, -STEP, latitude + STEP / 2)
    about = {"crs": "EPSG:4326", "transform": transform, "count": 1, "driver": "GTiff"}
    about |= {"height": heights.shape[0], "width": heights.shape[1], "dtype": heights.dtype}
    with rasterio.open(file, "w", **(about | profile)) as made:
        made.write(heights, 1)
    return file
