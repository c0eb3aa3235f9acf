"""PMTiles 3: picture tiles in one file with an index."""

import os
import zlib
from pathlib import Path

from pmtiles.reader import Reader
from pmtiles.tile import Compression, HeaderDict, MagicNumberNotFound, TileType
from pmtiles.tile import SpecVersionUnsupported as OtherVersion

from morina.desk.map.tile_source import Coverage, TilesError, refuse_damaged, refuse_vector

_DAMAGE = (
    MagicNumberNotFound,
    OtherVersion,
    ValueError,
    LookupError,
    EOFError,
    OSError,
    zlib.error,
)
_PICTURES = {TileType.PNG, TileType.JPEG, TileType.WEBP}
_SECTIONS = ("root", "metadata", "leaf_directory", "tile_data")


class PmTiles:
    """One PMTiles file, kept open for as long as the node runs; any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._reader = Reader(self._bytes)
        try:
            header = self._reader.header()
            self._refuse_cut_short(header)
            self.coverage = self._read_coverage(header)
            self._reader.get(header["min_zoom"], 0, 0)
        except TilesError:
            raise
        except _DAMAGE as error:
            raise refuse_damaged(path, repr(error)) from error

    def __del__(self) -> None:
        os.close(self._descriptor)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture; PMTiles counts rows from the north, as the web does."""
        try:
            found: bytes | None = self._reader.get(z, x, y)
        except _DAMAGE as error:
            raise refuse_damaged(self._path, repr(error)) from error
        return found

    def _bytes(self, offset: int, length: int) -> bytes:
        """Read, not mapped: a file cut short while in use must not end the node."""
        return os.pread(self._descriptor, length, offset)

    def _read_coverage(self, header: HeaderDict) -> Coverage:
        if header["tile_type"] in {TileType.MVT, TileType.MLT}:
            raise refuse_vector(self._path)
        if header["tile_type"] not in _PICTURES or header["tile_compression"] not in {
            Compression.NONE,
            Compression.UNKNOWN,
        }:
            raise TilesError(
                self._path, "holds no plain PNG, JPEG or WebP tiles", "make it again as one of them"
            )
        west, south, east, north = (
            header[edge] / 1e7 for edge in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        )
        return Coverage(
            min_zoom=header["min_zoom"],
            max_zoom=header["max_zoom"],
            bounds=(west, south, east, north),
            attribution=str(self._reader.metadata().get("attribution", "")),
        )

    def _refuse_cut_short(self, header: HeaderDict) -> None:
        needed = max(header[f"{part}_offset"] + header[f"{part}_length"] for part in _SECTIONS)
        if self._path.stat().st_size < needed:
            raise refuse_damaged(self._path, "its end is missing")
