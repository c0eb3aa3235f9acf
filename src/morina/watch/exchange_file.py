"""Hotlists as files: taken whole or refused whole, with every bad row named."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from morina.plates import Plate
from morina.watch.fields import FIELD_NAMES, FIELDS, FieldError, written
from morina.watch.json_rows import json_rows
from morina.watch.listing import VehicleOfInterest
from morina.watch.refusal import RefusedFileError, RowError
from morina.watch.rows import csv_rows

FileFormat = Literal["csv", "json"]

MOST_ROWS = 1_000_000


def parse_hotlist(
    content: bytes, format: FileFormat, *, now: datetime, most_rows: int = MOST_ROWS
) -> list[VehicleOfInterest]:
    """The listings of a file (docs/hotlists.md), in its order, each with a new listing_id.

    All or nothing: RefusedFileError holds every bad row with line, field, value and mend. Refused
    besides what cannot be read: a vehicle listed twice, a listing expired at ``now`` and a review
    date before it.
    """
    rows = csv_rows if format == "csv" else json_rows
    listings: list[VehicleOfInterest] = []
    errors: list[RowError] = []
    first_lines: dict[tuple[object, object], int] = {}
    for row in rows(content, most_rows):
        if isinstance(row, RowError):
            errors.append(row)
            continue
        values, wrong = _values(row.line, row.cells, now)
        if "plate" in values and "country" in values:
            vehicle = values["country"], values["plate"]
            if vehicle in first_lines:
                mend = f"is listed already on line {first_lines[vehicle]}; keep one of the two"
                wrong.append(RowError(row.line, "plate", row.cells["plate"], mend))
            first_lines.setdefault(vehicle, row.line)
        errors += wrong
        if not errors:
            listings.append(_listing(values))
    if errors:
        raise RefusedFileError(errors)
    return listings


def listing_from(cells: Mapping[str, str], *, now: datetime) -> VehicleOfInterest:
    """One listing from text by field name, as typed into a form; held to the rules of a file.

    RefusedFileError names every field to mend, on line 0.
    """
    strange = [RowError(0, name, "", "is no field") for name in cells if name not in FIELD_NAMES]
    values, wrong = _values(0, cells, now)
    if strange or wrong:
        raise RefusedFileError(strange + wrong)
    return _listing(values)


def dump_hotlist(listings: Iterable[VehicleOfInterest], format: FileFormat) -> bytes:
    """The file of these listings; what was imported in this form comes back byte for byte.

    Every column in the order of docs/hotlists.md, UTF-8, lines ending in a line feed. Nothing that
    ``parse_hotlist`` took can run as a formula in a spreadsheet.
    """
    rows = (_cells(listing) for listing in listings)
    if format == "json":
        lines = ",\n".join(
            json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False)
            for row in rows
        )
        return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELD_NAMES)
    writer.writerows([written(value) for value in row.values()] for row in rows)
    return file.getvalue().encode()


def _values(
    line: int, cells: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], list[RowError]]:
    """The values of the cells that can be read, and what is wrong with the others."""
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for field in FIELDS:
        text = cells.get(field.name, "")
        try:
            values[field.name] = field.value(text)
        except FieldError as wrong:
            errors.append(RowError(line, field.name, text, str(wrong)))
    errors += [RowError(line, name, cells[name], mend) for name, mend in _out_of_time(values, now)]
    return values, errors


def _out_of_time(values: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, str]]:
    start, end, review = (values.get(name) for name in ("valid_from", "valid_to", "review_at"))
    if end is not None and end <= now:
        yield "valid_to", "is over; take the listing out, or ask its owner for a new end"
    elif start is not None and end is not None and end <= start:
        yield "valid_to", f"is not after valid_from {written(start)}; mend one of the two"
    if review is not None and review < now.astimezone(UTC).date():
        yield "review_at", "is past; ask the owner to review the listing first"


def _listing(values: dict[str, Any]) -> VehicleOfInterest:
    plate = Plate(values.pop("plate"), values.pop("country"))
    return VehicleOfInterest(listing_id=uuid4(), plate=plate, **values)


def _cells(listing: VehicleOfInterest) -> dict[str, object]:
    plate = {"plate": listing.plate.text, "country": listing.plate.country}
    return {name: plate[name] if name in plate else getattr(listing, name) for name in FIELD_NAMES}


def _plain(value: object) -> object:
    return value if isinstance(value, int | tuple) else written(value)
