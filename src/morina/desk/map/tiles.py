"""The operator's own tiles file."""

from collections.abc import Callable
from pathlib import Path

from morina.desk.map.mbtiles import MbTiles
from morina.desk.map.pmtiles_archive import PmTiles
from morina.desk.map.tile_source import TilesError, TileSource

_KINDS: dict[str, Callable[[Path], TileSource]] = {".mbtiles": MbTiles, ".pmtiles": PmTiles}


def open_tiles(path: Path) -> TileSource:
    """The picture tiles of an ``.mbtiles`` or ``.pmtiles`` file; TilesError."""
    if not path.is_file():
        raise TilesError(path, "is no file", "correct the setting 'tiles' or take it out")
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise TilesError(path, "is neither .mbtiles nor .pmtiles", "give 'tiles' one of these")
    try:
        return kind(path)
    except PermissionError as error:
        raise TilesError(path, "may not be read", "let the node's user read it") from error


def check_tiles(path: Path) -> None:
    """Refuses, at start, a file that could not be shown later; TilesError."""
    open_tiles(path)
