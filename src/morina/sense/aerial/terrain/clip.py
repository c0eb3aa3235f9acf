"""Heights of the ground as a grid around a place, and who gives them."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from morina.sense.aerial.ground import MissingTerrainError
from morina.sense.aerial.terrain.earth import Floats


@dataclass(frozen=True)
class Clip:
    """A grid of heights above the ellipsoid, north up; NaN where none is known.

    ``north`` and ``west`` are of the first post, ``step`` is degrees between posts (down, across).
    ``sd_m``: one standard deviation of the heights, the same everywhere and in one piece.
    """

    heights: NDArray[np.float32]
    north: float
    west: float
    step: tuple[float, float]
    sd_m: float

    def grid(self, latitude: ArrayLike, longitude: ArrayLike) -> tuple[Floats, Floats]:
        """Row and column, with fractions."""
        row = (self.north - np.asarray(latitude, np.float64)) / self.step[0]
        column = (np.asarray(longitude, np.float64) - self.west) / self.step[1]
        return row, column

    @cached_property
    def flat(self) -> NDArray[np.float32]:
        """All heights in one row."""
        return np.ascontiguousarray(self.heights).reshape(-1)

    @cached_property
    def known(self) -> tuple[float, float]:
        """Lowest and highest known height; (0, 0) where none is."""
        if not np.isfinite(self.heights).any():
            return 0.0, 0.0
        return float(np.nanmin(self.heights)), float(np.nanmax(self.heights))

    def height(self, latitude: ArrayLike, longitude: ArrayLike) -> Floats:
        """Bilinear between posts; NaN where a post is unknown or outside."""
        return self.at(*self.grid(latitude, longitude))

    def at(self, row: Floats, column: Floats) -> Floats:
        """The same of row and column."""
        rows, columns = self.heights.shape
        inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
        i = np.clip(row, 0, rows - 2).astype(np.int64)
        j = np.clip(column, 0, columns - 2).astype(np.int64)
        down, across = row - i, column - j
        first = i * columns + j
        a, b = self.flat[first], self.flat[first + 1]
        c, d = self.flat[first + columns], self.flat[first + columns + 1]
        upper, lower = a + (b - a) * across, c + (d - c) * across
        return np.asarray(np.where(inside, upper + (lower - upper) * down, np.nan))


class Terrain(Protocol):
    """Where heights come from."""

    def clip(self, latitude: float, longitude: float, radius_m: float) -> Clip:
        """The ground at least so far around a place; NaN in it where none is imported.
        MissingTerrainError where the place itself has none, TerrainError where what is imported
        cannot be read."""

    def version(self) -> int:
        """Another number after something is imported."""


def missing(latitude: float, longitude: float) -> MissingTerrainError:
    """What to say of a place without a height: its tile and the command."""
    south, west = math.floor(latitude), math.floor(longitude)
    down, across = "S" if south < 0 else "N", "W" if west < 0 else "E"
    tile = f"{down}{abs(south):02d}_00_{across}{abs(west):03d}_00"
    return MissingTerrainError(
        f"no height of the ground is known at {latitude:.5f}, {longitude:.5f}; import the tile: "
        f"morina aerial terrain import Copernicus_DSM_COG_10_{tile}_DEM.tif --heights egm2008"
    )
