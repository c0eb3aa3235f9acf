"""MBTiles 1.3: picture tiles in a SQLite file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from morina.desk.map.tile_source import Coverage, TilesError, refuse_damaged, refuse_vector


class MbTiles:
    """One MBTiles file, opened read-only for each tile, so any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(self._open()) as file:
                self.coverage = self._read_coverage(file)
        except sqlite3.Error as error:
            raise refuse_damaged(path, error) from error

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture; the file counts rows from the south (TMS), so ``y`` is turned over."""
        row = 2**z - 1 - y
        try:
            with closing(self._open()) as file:
                found = file.execute(
                    "SELECT tile_data FROM tiles"
                    " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                    (z, x, row),
                ).fetchone()
        except sqlite3.Error as error:
            raise refuse_damaged(self._path, error) from error
        return bytes(found[0]) if found and isinstance(found[0], bytes) else None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._uri, uri=True)

    def _read_coverage(self, file: sqlite3.Connection) -> Coverage:
        self._refuse_cut_short(file)
        notes = {str(name): str(value) for name, value in file.execute("SELECT * FROM metadata")}
        if notes.get("format") in {"pbf", "mvt"}:
            raise refuse_vector(self._path)
        low, high = file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        if not isinstance(low, int) or not isinstance(high, int):
            raise TilesError(self._path, "holds no tiles", "make it again with some zoom levels")
        return Coverage(
            min_zoom=low,
            max_zoom=high,
            bounds=_bounds(notes.get("bounds", "")),
            attribution=notes.get("attribution", ""),
        )

    def _refuse_cut_short(self, file: sqlite3.Connection) -> None:
        """SQLite itself notices a missing end only when a tile there is asked for."""
        (pages,) = file.execute("PRAGMA page_count").fetchone()
        (page_bytes,) = file.execute("PRAGMA page_size").fetchone()
        if self._path.stat().st_size < pages * page_bytes:
            raise refuse_damaged(self._path, "its end is missing")


def _bounds(text: str) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return west, south, east, north
