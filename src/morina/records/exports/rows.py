"""Passages found as rows of a table, for files that others open."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from morina.records.cells import defused
from morina.records.finding import Found
from morina.sense import Said
from morina.sense.cameras import Camera

Format = Literal["parquet", "csv"]
Cameras = Mapping[str, Camera]
Cell = str | int | float | bool | datetime | None

_TEXT, _TIME, _SHARE = pa.string(), pa.timestamp("ms", "UTC"), pa.float32()

_COLUMNS: dict[str, tuple[Any, Callable[[Found], Cell]]] = {
    "read_id": (_TEXT, lambda f: str(f.read.read_id)),
    "captured_at": (_TIME, lambda f: f.read.captured_at),
    "received_at": (_TIME, lambda f: f.read.received_at),
    "plate": (_TEXT, lambda f: f.read.plate.text if f.read.plate else None),
    "country": (_TEXT, lambda f: f.read.plate.country if f.read.plate else None),
    "confidence": (_SHARE, lambda f: f.read.confidence),
    "country_probability": (_SHARE, lambda f: f.read.country_probability),
    "found_by": (_TEXT, lambda f: f.text or None),
    "differences": (_TEXT, lambda f: "; ".join(one.words() for one in f.differences) or None),
    "camera_id": (_TEXT, lambda f: f.read.camera_id),
    "frames": (pa.int32(), lambda f: f.read.frames),
    "retransmitted": (pa.bool_(), lambda f: f.read.retransmitted),
    "clock_offset_s": (pa.float64(), lambda f: f.read.clock_offset_s),
    "clock_wrong": (pa.bool_(), lambda f: f.read.clock_wrong),
    "said_by": (_TEXT, lambda f: f.read.said.by if f.read.said else None),
    "said_text": (_TEXT, lambda f: f.read.said.text if f.read.said else None),
    "said_country": (_TEXT, lambda f: f.read.said.country if f.read.said else None),
    "said_confidence": (_SHARE, lambda f: _sure(f.read.said)),
    "own_text": (_TEXT, lambda f: f.read.own.text if f.read.own else None),
    "own_confidence": (_SHARE, lambda f: _sure(f.read.own)),
    "make": (_TEXT, lambda f: f.read.vehicle.make if f.read.vehicle else None),
    "model": (_TEXT, lambda f: f.read.vehicle.model if f.read.vehicle else None),
    "colour": (_TEXT, lambda f: f.read.vehicle.colour if f.read.vehicle else None),
    "vehicle_class": (_TEXT, lambda f: f.read.vehicle.vehicle_class if f.read.vehicle else None),
    "lane": (_TEXT, lambda f: f.read.vehicle.lane if f.read.vehicle else None),
    "direction": (_TEXT, lambda f: f.read.vehicle.direction if f.read.vehicle else None),
    "speed_kmh": (pa.float64(), lambda f: f.read.vehicle.speed_kmh if f.read.vehicle else None),
    "corrected_from": (_TEXT, lambda f: f.read.correction.from_text if f.read.correction else None),
    "corrected_by": (_TEXT, lambda f: f.read.correction.by if f.read.correction else None),
    "corrected_at": (_TIME, lambda f: f.read.correction.at if f.read.correction else None),
    "overview_sha256": (_TEXT, lambda f: f.read.evidence.overview if f.read.evidence else None),
    "patch_sha256": (_TEXT, lambda f: f.read.evidence.patch if f.read.evidence else None),
    "box": (_TEXT, lambda f: _box(f)),
}
"""Every column, its type in Parquet, and where it comes from; docs/records.md explains them."""

_PLACED: dict[str, tuple[Any, Callable[[Camera], Cell]]] = {
    "camera_name": (_TEXT, lambda c: c.name),
    "site": (_TEXT, lambda c: c.site),
    "latitude": (pa.float64(), lambda c: c.latitude),
    "longitude": (pa.float64(), lambda c: c.longitude),
}
"""Of the camera as it stands now, empty where it was removed."""

NAMES = (*_COLUMNS, *_PLACED)
_KINDS = {name: kind for columns in (_COLUMNS, _PLACED) for name, (kind, _) in columns.items()}
SCHEMA = pa.schema(list(_KINDS.items()))


class Written(Protocol):
    """A file of rows being written."""

    def add(self, found: Sequence[Found]) -> None:
        """Write these too."""

    def close(self) -> None:
        """The file is whole."""


def writer(form: Format, file: Path, cameras: Cameras) -> Written:
    """Writes passages into ``file``, which it makes."""
    return ParquetRows(file, cameras) if form == "parquet" else CsvRows(file, cameras)


class ParquetRows:
    """Rows in Parquet, a row group a page."""

    def __init__(self, file: Path, cameras: Cameras) -> None:
        self._cameras = cameras
        self._writer = pq.ParquetWriter(file, SCHEMA, compression="zstd")

    def add(self, found: Sequence[Found]) -> None:
        """See Written."""
        rows = [cells_of(one, self._cameras) for one in found]
        self._writer.write_table(pa.Table.from_pylist(rows, SCHEMA))

    def close(self) -> None:
        """See Written."""
        self._writer.close()


class CsvRows:
    """Rows in CSV, UTF-8; a text that a spreadsheet program would run begins with an apostrophe."""

    def __init__(self, file: Path, cameras: Cameras) -> None:
        self._cameras = cameras
        self._stream: TextIO = file.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(NAMES)

    def add(self, found: Sequence[Found]) -> None:
        """See Written."""
        for one in found:
            self._writer.writerow([_plain(cell) for cell in cells_of(one, self._cameras).values()])

    def close(self) -> None:
        """See Written."""
        self._stream.close()


def cells_of(found: Found, cameras: Cameras) -> dict[str, Cell]:
    """The cells of one passage by column, in the order of NAMES."""
    camera = cameras.get(found.read.camera_id)
    cells = {name: of(found) for name, (_, of) in _COLUMNS.items()}
    return cells | {name: of(camera) if camera else None for name, (_, of) in _PLACED.items()}


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return defused(cell) if isinstance(cell, str) else f"{cell:.9g}"


def _sure(said: Said | None) -> float | None:
    return said.confidence if said else None


def _box(found: Found) -> str | None:
    evidence = found.read.evidence
    return " ".join(f"{edge:g}" for edge in evidence.box) if evidence else None
