"""Terrain kept in a folder of the home: memory-mapped heights and a description of each tile.

``NAME.npy`` holds the heights, ``NAME.json`` the description; it is written last, so that a tile
without one was never imported.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.clip import Clip, missing
from morina.sense.aerial.terrain.earth import metres_per_degree
from morina.sense.aerial.terrain.tiles import TerrainError, Tile, filled, tile_of


class TerrainFolder:
    """A ``Terrain``. Tiles that overlap: the finer first, then the one imported last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tiles(self) -> Sequence[Tile]:
        """By name. TerrainError names a file that cannot be read."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            try:
                found.append(tile_of(file.read_bytes()))
            except TerrainError as error:
                raise TerrainError(f"{file}: {error}") from None
        return found

    def version(self) -> int:
        """See ``Terrain``."""
        return self._folder.stat().st_mtime_ns if self._folder.is_dir() else 0

    def clip(self, latitude: float, longitude: float, radius_m: float) -> Clip:
        """See ``Terrain``."""
        north, east = metres_per_degree(latitude)
        tall, wide = radius_m / north, radius_m / east
        window = (latitude - tall, longitude - wide, latitude + tall, longitude + wide)
        tiles = [tile for tile in self.tiles() if tile.touches(*window)]
        tiles.sort(key=lambda tile: (tile.step[0], -tile.imported_at.timestamp()))
        own = [tile for tile in tiles if tile.touches(latitude, longitude, latitude, longitude)]
        if not own:
            raise missing(latitude, longitude)
        clip = self._joined(tiles, own[0], window)
        if np.isnan(clip.height(latitude, longitude)):
            raise missing(latitude, longitude)
        return clip

    def _joined(
        self, tiles: Sequence[Tile], own: Tile, window: tuple[float, float, float, float]
    ) -> Clip:
        """All tiles on the posts of one of them."""
        south, west, north, east = window
        first = np.floor((own.north - north) / own.step[0])
        left = np.floor((west - own.west) / own.step[1])
        rows = int(np.ceil((own.north - south) / own.step[0]) - first) + 1
        columns = int(np.ceil((east - own.west) / own.step[1]) - left) + 1
        lat = own.north - (first + np.arange(rows)) * own.step[0]
        lon = own.west + (left + np.arange(columns)) * own.step[1]
        heights = np.full((rows, columns), np.nan, np.float32)
        for tile in tiles:
            filled(heights, tile, self._known(tile), (lat, lon))
        sd_m = max(tile.sd_m for tile in tiles)
        return Clip(heights, float(lat[0]), float(lon[0]), own.step, sd_m)

    def _known(self, tile: Tile) -> NDArray[np.float32]:
        file = self._folder / f"{tile.name}.npy"
        try:
            heights: NDArray[np.float32] = np.load(file, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise TerrainError(f"{file}: {error}; import {tile.name} again") from None
        if heights.shape != (tile.rows, tile.columns):
            raise TerrainError(f"{file}: not of the size described; import {tile.name} again")
        return heights
