"""The file a register is imported from: CSV, UTF-8, one state of one vehicle a line.

The header names columns of ``FIELDS`` and the times from and to which the state holds; an empty
cell says nothing is known. Errors name line and column.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from morina.exchange.register import FIELDS, Named, RefusedVehicleError

COLUMNS = (*(one.name for one in FIELDS), "valid_from", "valid_to")
NEEDED = ("register_country", "valid_from")
LONGEST = 200


class RegisterFileError(ValueError):
    """A line that cannot be imported; ``line`` counts from 1, the header is line 1."""

    def __init__(self, line: int, column: str, fault: str) -> None:
        super().__init__(f"line {line}, {column}: {fault}")
        self.line, self.column = line, column


def columns_of(header: Iterable[str]) -> tuple[str, ...]:
    """The columns of a file; RegisterFileError for one unknown, twice there or missing."""
    found = tuple(name.strip().lower() for name in header)
    for name in found:
        if name not in COLUMNS:
            raise RegisterFileError(1, name or "?", f"is no column; there are {', '.join(COLUMNS)}")
        if found.count(name) > 1:
            raise RegisterFileError(1, name, "stands twice; leave one")
    for name in NEEDED:
        if name not in found:
            raise RegisterFileError(1, name, "is missing; every line needs it")
    if "plate" not in found and "vin" not in found:
        raise RegisterFileError(1, "plate", "is missing, and so is vin; one of them is needed")
    return found


def rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The header's columns first, then the cells of each line, checked; RegisterFileError."""
    reader = csv.reader(lines, strict=True)
    try:
        columns = columns_of(next(reader, ()))
        checks = tuple((name, _CHECKS.get(name, _text)) for name in columns)
        yield list(columns)
        for cells in reader:
            if len(cells) != len(columns):
                fault = f"{len(cells)} cells; the header has {len(columns)}"
                raise RegisterFileError(reader.line_num, columns[0], fault)
            yield _checked(cells, checks, reader.line_num)
    except csv.Error as error:
        raise RegisterFileError(reader.line_num, "line", f"is no CSV: {error}") from None


def _checked(
    cells: list[str], checks: tuple[tuple[str, Callable[[str], str]], ...], line: int
) -> list[str]:
    made = []
    for cell, (name, check) in zip(cells, checks, strict=True):
        try:
            made.append(check(cell) if cell else cell)
        except ValueError as error:
            raise RegisterFileError(line, name, str(error)) from None
    said = {name: cell for (name, _), cell in zip(checks, made, strict=True)}
    _whole(said, line)
    return made


def _whole(said: Mapping[str, str], line: int) -> None:
    for name in NEEDED:
        if not said[name]:
            raise RegisterFileError(line, name, "is empty; every line needs it")
    if not said.get("plate") and not said.get("vin"):
        raise RegisterFileError(line, "plate", "is empty, and so is vin; give one")
    if said.get("valid_to") and said["valid_to"] <= said["valid_from"]:
        raise RegisterFileError(line, "valid_to", "is not after valid_from")


def _text(cell: str) -> str:
    if len(cell) > LONGEST or not cell.isprintable():
        raise ValueError(f"is not plain text of at most {LONGEST} characters")
    return cell


def _country(cell: str) -> str:
    if len(cell) == 2 and cell.isascii() and cell.isalpha() and cell.isupper():
        return cell
    raise ValueError(f"{cell[:10]!r} is not two capital letters such as GB")


def _plate(cell: str) -> str:
    try:
        named = Named.of(cell, "XX").plate
    except RefusedVehicleError as error:
        raise ValueError(str(error).partition(": ")[2]) from None
    return named.text if named else ""


def _vin(cell: str) -> str:
    """As it stands: vehicles built before 1980 have shorter numbers; nobody can ask for those."""
    text = "".join(cell.split()).upper()
    if text.isascii() and text.isalnum() and len(text) <= 17:
        return text
    raise ValueError(f"{cell[:20]!r} is no VIN: at most 17 letters and digits")


def _number(cell: str) -> str:
    if cell.isascii() and cell.isdigit() and len(cell) <= 7:
        return cell
    raise ValueError(f"{cell[:10]!r} is no whole number")


def _instant(cell: str) -> str:
    """ISO 8601; a day is its beginning, and without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell[:30]!r} is no time; write 2019-03-01T12:00:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


_OF_KIND: Mapping[type, Callable[[str], str]] = {str: _text, int: _number, datetime: _instant}
_CHECKS: Mapping[str, Callable[[str], str]] = {
    **{one.name: _OF_KIND[one.kind] for one in FIELDS},
    "plate": _plate, "register_country": _country, "vin": _vin,
    "valid_from": _instant, "valid_to": _instant,
}  # fmt: skip
