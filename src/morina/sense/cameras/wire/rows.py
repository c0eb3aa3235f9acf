"""Rows of JSON and CSV, with the name by which a technician finds them again."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.safe_json import JsonObject, json_of, string_at, value_at
from morina.sense.cameras.wire.texts import LONGEST_FIELD, clean

LONGEST_CSV = 8 * 2**20
MOST_ROWS = 10_000
MOST_COLUMNS = 500
DELIMITERS = ";\t|,"


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` by their path or column; ``top`` is the whole, for paths that start with "/"."""

    where: str
    cells: JsonObject
    top: JsonObject

    def text(self, place: str, longest: int = LONGEST_FIELD) -> str | None:
        """Text at ``place``, a number as its text; None where it is missing or empty."""
        if place in self.cells:  # a column or key may have a "." or "/" in its name
            return string_at({"it": self.cells[place]}, "it", longest)
        if place.startswith("/"):
            return string_at(self.top, place[1:], longest)
        return string_at(self.cells, place, longest)


def json_rows(payload: bytes, path: str | None) -> list[Row]:
    """The objects of a list at ``path`` or at the top, or the one object that came."""
    said = json_of(payload)
    top: JsonObject = said if isinstance(said, dict) else {}
    listed = value_at(top, path) if path else said
    if listed is None:
        raise PayloadError(f"nothing at rows ({path}); mend the camera's mapping")
    items = listed if isinstance(listed, list) else [listed]
    if len(items) > MOST_ROWS:
        raise PayloadError(f"more than {MOST_ROWS} rows; send them as they come")
    rows = []
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise PayloadError(f"row {number} is no object; mend rows in the camera's mapping")
        rows.append(Row(f"row {number}", item, top))
    return rows


def csv_rows(
    payload: bytes, delimiter: str | None, titled: bool, wanted: Sequence[str]
) -> list[Row]:
    """The rows of a CSV, numbered as lines are in an editor.

    Without ``titled`` columns are "1", "2" and so on. Raises PayloadError where a ``wanted`` column
    is missing or a row has more or fewer columns than the first: a comma too many shifts a plate.
    """
    lines = _lines(payload, delimiter)
    if not lines:
        raise PayloadError("an empty file")
    first = lines[0][1]
    titles = first if titled else [str(number) for number in range(1, len(first) + 1)]
    missing = [column for column in wanted if column not in titles]
    if missing:
        raise PayloadError(
            f"no column {', '.join(missing)[:LONGEST_FIELD]}; there are: "
            f"{', '.join(titles)[:LONGEST_FIELD]}"
        )
    rows = []
    for line, cells in lines[1:] if titled else lines:
        if len(cells) != len(titles):
            raise PayloadError(
                f"row {line} has {len(cells)} columns where {len(titles)} are needed"
            )
        named: Mapping[str, object] = dict(zip(titles, cells, strict=True))
        rows.append(Row(f"row {line}", named, {}))
    return rows


def _lines(payload: bytes, delimiter: str | None) -> list[tuple[int, list[str]]]:
    """Line number and cells of each row that is not blank."""
    if len(payload) > LONGEST_CSV:
        raise PayloadError(f"CSV of more than {LONGEST_CSV} bytes is not taken")
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PayloadError(f"CSV is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, delimiter))
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise PayloadError(
                    f"row {reader.line_num} has more than {MOST_COLUMNS} columns; set the delimiter"
                )
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [_cell(cell) for cell in cells]))
            if len(found) > MOST_ROWS:
                raise PayloadError(f"more than {MOST_ROWS} rows; send them as they come")
    except csv.Error as error:
        raise PayloadError(f"row {reader.line_num}: {error}; check quotes and delimiter") from error
    return found


def _cell(cell: str) -> str:
    return clean(cell, "a cell", len(cell))


def _delimiter(text: str, said: str | None) -> str:
    """What is set; else the one the first line has most of."""
    if said is not None:
        if len(said) != 1 or said in '"\r\n\0':
            raise PayloadError(f"delimiter {said[:8]!r} is not one character; mend the mapping")
        return said
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count) if any(d in first for d in DELIMITERS) else ","
