"""The rows of a hotlist file as text, before any field is judged."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from morina.watch.fields import FIELD_NAMES, FIELDS
from morina.watch.refusal import RefusedFileError, RowError

_MARK = b"\xef\xbb\xbf"
"""What some programs put before UTF-8; taken and never written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on and its cells by field name."""

    line: int
    cells: Mapping[str, str]


def refused(line: int, mend: str, field: str = "", value: str = "") -> RefusedFileError:
    """The refusal of a file that cannot even be taken apart."""
    return RefusedFileError([RowError(line, field, value, mend)])


def text_of(content: bytes) -> str:
    """The file's text; RefusedFileError names line and place of the first byte that is no UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(1, "the file is UTF-16; save it as UTF-8")
    body = content.removeprefix(_MARK)
    try:
        return body.decode()
    except UnicodeDecodeError as bad:
        line = body.count(b"\n", 0, bad.start) + 1
        place = bad.start + len(content) - len(body)
        raise refused(
            line, f"byte {place} (0x{body[bad.start]:02X}) is not UTF-8; save the file as UTF-8"
        ) from bad


def too_many(line: int, most_rows: int) -> RefusedFileError:
    """The refusal of a file longer than allowed."""
    return refused(line, f"more than {most_rows} listings; split the file")


def csv_rows(content: bytes, most_rows: int) -> Iterator[Row | RowError]:
    """The rows of a CSV file; a row of the wrong width comes as its error.

    Raises RefusedFileError when the file cannot be taken apart.
    """
    reader = csv.reader(io.StringIO(text_of(content), newline=""), strict=True)
    names = _header(reader)
    rows = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as broken:
            yield RowError(line, "", "", f"{broken}; check the quotes from here on")
            return
        if cells is None:
            return
        if not cells:
            continue
        rows += 1
        if rows > most_rows:
            raise too_many(line, most_rows)
        if len(cells) != len(names):
            mend = f"{len(cells)} cells under {len(names)} columns; quote cells that hold commas"
            yield RowError(line, "", "", mend)
        else:
            yield Row(line, dict(zip(names, cells, strict=True)))


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as broken:
        raise refused(1, f"{broken}; begin the file with the names of the columns") from broken
    if len(names) <= 1:
        raise refused(
            1,
            f"no columns separated by commas; begin the file with {','.join(FIELD_NAMES)}",
            value="".join(names),
        )
    errors = [
        RowError(
            1, name, "", f"is no column; take it out, or write one of {', '.join(FIELD_NAMES)}"
        )
        for name in names
        if name not in FIELD_NAMES
    ]
    errors += [
        RowError(1, name, "", "is there twice; take one out")
        for place, name in enumerate(names)
        if name in FIELD_NAMES and name in names[:place]
    ]
    errors += [
        RowError(1, field.name, "", "is missing; add the column")
        for field in FIELDS
        if field.required and field.name not in names
    ]
    if errors:
        raise RefusedFileError(errors)
    return names
