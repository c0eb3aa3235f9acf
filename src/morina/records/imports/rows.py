"""The rows of a file, a bounded part at a time, from any place on: CSV, JSON lines, Parquet."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from morina.records.imports.mapping import FileMapping, MappingError

PART_ROWS = 2_000
LONGEST_LINE = 1_000_000
"""Bytes; what is longer is no row, and would fill the memory."""

LOOKED_AT_FIRST = 1_000
"""Rows of JSON in which every column mapped must be found once: an object may leave one out."""

DEEPEST = 4

_MARK = b"\xef\xbb\xbf"
Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a part begins: ``offset`` bytes in and ``line`` lines read, of Parquet
    both the rows read."""

    offset: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number: the line it begins on, of Parquet the row, both from 1.

    ``fault`` says why there are no cells, empty where there are.
    """

    number: int
    cells: Cells
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow one another, and where the next part begins."""

    rows: tuple[Row, ...]
    after: Place


def parts_of(
    file: Path, mapping: FileMapping, start: Place, most: int = PART_ROWS
) -> Iterator[Part]:
    """The rows from ``start`` on; MappingError where a column that is mapped is not in the file."""
    form = mapping.format_of(file.name)
    if form == "parquet":
        yield from _parquet_parts(file, mapping, start, most)
        return
    with file.open("rb") as stream:
        if form == "csv":
            lines = _Lines(stream, mapping.csv.encoding)
            header = _header(lines, mapping, file.name)
            lines.go_to(start)
            rows = _csv_rows(lines, mapping, header)
        else:
            _check_objects(stream, mapping, file.name)
            lines = _Lines(stream, "utf-8")
            lines.go_to(start)
            rows = _json_rows(lines)
        while found := tuple(islice(rows, most)):
            yield Part(found, Place(lines.offset, lines.line))


class _Lines:
    """The lines of a file one by one, and how far it was read; what is no text becomes U+FFFD."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self.offset = self.line = 0

    def go_to(self, place: Place) -> None:
        """Go on there, if that is further."""
        if place.offset > self.offset:
            self._stream.seek(place.offset)
            self.offset, self.line = place.offset, place.line

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(LONGEST_LINE)
        if not raw:
            raise StopIteration
        first = self.offset == 0
        self.offset += len(raw)
        self.line += raw.endswith(b"\n") or len(raw) < LONGEST_LINE
        return (raw.removeprefix(_MARK) if first else raw).decode(self._encoding, "replace")


def _header(lines: _Lines, mapping: FileMapping, name: str) -> Sequence[str]:
    """The names of the columns, from the mapping or the first row."""
    header: Sequence[str] = mapping.csv.header
    if not header:
        with suppress(csv.Error):
            header = [cell.strip() for cell in next(_reader(lines, mapping), [])]
    _check_columns(mapping, header, name)
    twice = {one for one in mapping.columns.named() if header.count(one) > 1}
    if twice:
        raise MappingError(f"{name}: two columns are called {min(twice)!r}; rename one")
    return header


def _check_columns(mapping: FileMapping, header: Sequence[str], name: str) -> None:
    missing = [one for one in mapping.columns.named() if one not in header]
    if missing:
        there = ", ".join(header[:50]) or "none"
        raise MappingError(
            f"{name}: no column {', '.join(missing)}; those there are: {there}. Mend [columns] of "
            "the mapping, or csv.delimiter and csv.encoding"
        )


def _reader(lines: _Lines, mapping: FileMapping) -> Iterator[list[str]]:
    return csv.reader(
        lines, delimiter=mapping.csv.delimiter, quotechar=mapping.csv.quote, strict=True
    )


def _csv_rows(lines: _Lines, mapping: FileMapping, header: Sequence[str]) -> Iterator[Row]:
    reader = _reader(lines, mapping)
    while True:
        number = lines.line + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(number, {}, f"this line is no CSV: {error}")
            continue
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(header):
            yield Row(number, {}, f"{len(cells)} cells, the header has {len(header)}")
        else:
            yield Row(number, dict(zip(header, cells, strict=True)))


def _json_rows(lines: _Lines) -> Iterator[Row]:
    decoder = msgspec.json.Decoder()
    while True:
        number = lines.line + 1
        line = next(lines, None)
        if line is None:
            return
        if not line.strip():
            continue
        try:
            said = decoder.decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            yield Row(number, {}, f"this line is no JSON: {error}")
            continue
        fault = "" if isinstance(said, dict) else "this line is no JSON object"
        yield Row(number, {} if fault else said, fault)


def _check_objects(stream: BinaryIO, mapping: FileMapping, name: str) -> None:
    """MappingError for one long list, and where no row of the first ones has a column mapped."""
    if stream.read(64).removeprefix(_MARK).lstrip().startswith(b"["):
        raise MappingError(
            f"{name}: it is one JSON list; write one object a line, such as with: jq -c '.[]'"
        )
    stream.seek(0)
    first = islice(_json_rows(_Lines(stream, "utf-8")), LOOKED_AT_FIRST)
    there = {path for row in first for path in _paths(row.cells)}
    if there:
        _check_columns(mapping, sorted(there), name)
    stream.seek(0)


def _paths(cells: Cells, before: str = "") -> Iterator[str]:
    """The names in an object, those within others after a dot."""
    for name, value in cells.items():
        yield before + name
        if isinstance(value, dict) and before.count(".") < DEEPEST:
            yield from _paths(value, f"{before}{name}.")


def _parquet_parts(file: Path, mapping: FileMapping, start: Place, most: int) -> Iterator[Part]:
    try:
        with pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20) as opened:
            _check_columns(mapping, _names(opened.schema_arrow), file.name)
            done = start.offset
            for batch in _batches(opened, mapping.columns.named(), done, most):
                rows = tuple(Row(done + n, one) for n, one in enumerate(batch.to_pylist(), 1))
                done += len(rows)
                yield Part(rows, Place(done, done))
    except (pa.ArrowException, OSError) as error:
        said = str(error).splitlines()[0][:200]
        raise MappingError(f"{file.name}: it is no whole Parquet file ({said})") from None


def _batches(opened: Any, columns: Sequence[str], done: int, most: int) -> Iterator[Any]:
    """What follows the first ``done`` rows, a row group at a time."""
    before = 0
    for group in range(opened.num_row_groups):
        rows = opened.metadata.row_group(group).num_rows
        skip, before = max(0, done - before), before + rows
        if skip >= rows:
            continue
        for batch in opened.iter_batches(most, row_groups=[group], columns=columns):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            yield batch.slice(skip)
            skip = 0


def _names(fields: Any, before: str = "") -> list[str]:
    """The columns of a Parquet file, those within others after a dot."""
    names = []
    for one in fields:
        names.append(before + one.name)
        if pa.types.is_struct(one.type):
            names += _names(one.type, f"{before}{one.name}.")
    return names
