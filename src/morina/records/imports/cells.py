"""The cells of a row brought to a read of the past, by the mapping."""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from morina.records.imports.mapping import KMH_A_UNIT, FileMapping
from morina.records.imports.past import LONGEST_SOURCE_ID, PastRead, RefusedRowError
from morina.records.imports.rows import Cells, Row
from morina.sense import Said, Vehicle
from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.confidences import confidence_of, number_of
from morina.sense.cameras.wire.countries import NOT_SAID, country_of
from morina.sense.cameras.wire.texts import UNREAD, clean, plain, plate_text, small, word_of
from morina.sense.cameras.wire.times import epoch, instant_of
from morina.sense.recogniser.words import plate_of, sureness

T = TypeVar("T")

FASTEST_KMH = 500.0
_MEND = "mend the row, or the mapping"
_WORDS: dict[str, Callable[[str | None], str | None]] = {
    "make": word_of, "model": word_of, "colour": small, "vehicle_class": small,
    "lane": word_of, "direction": small,
}  # fmt: skip


class Reader:
    """Makes rows of one file reads of the past."""

    def __init__(self, mapping: FileMapping) -> None:
        self._mapping = mapping
        self._zone: tzinfo | None = mapping.time.tzinfo
        self._unread = UNREAD | {plain(one) for one in mapping.plate.unread}

    def past(self, row: Row) -> PastRead:
        """The row as a read of the past; RefusedRowError."""
        if row.fault:
            raise RefusedRowError("row", row.fault, "mend the line, or csv in the mapping")
        cells = row.cells
        said = self._said(cells)
        plate, probability = plate_of(said)
        told = {name: _short(rule(self._text(cells, name))) for name, rule in _WORDS.items()}
        captured_at = self._captured_at(cells)
        camera_id = self._camera(cells)
        fields: dict[str, Any] = told | {"speed_kmh": self._speed(cells)}
        return PastRead(
            source_id=self._source_id(cells, camera_id, captured_at, told),
            camera_id=camera_id,
            captured_at=captured_at,
            received_at=self._received_at(cells),
            plate=plate.text if plate else None,
            country=plate.country if plate else None,
            country_probability=probability,
            confidence=sureness(said) if plate else 0.0,
            text=said.text,
            said_country=said.country,
            said_confidence=said.confidence,
            **fields,
        )

    def _text(self, cells: Cells, field: str) -> str | None:
        """The cell of a field as text, None where it is empty or not mapped."""
        column = getattr(self._mapping.columns, field)
        value = _at(cells, column) if column else None
        if value is None:
            return None
        if not isinstance(value, str | int | float | Decimal | datetime | date | time):
            raise RefusedRowError(field, f"a {type(value).__name__} is no text or number", _MEND)
        text = str(value)
        if "\ufffd" in text:
            mend = "set csv.encoding in the mapping, or save the file as UTF-8"
            raise RefusedRowError(field, f"{text[:40]!r} is not in the encoding said", mend)
        return _tried(field, lambda: clean(text, field)) or None

    def _number(self, cells: Cells, field: str) -> str | float | None:
        """A number as it is, whatever else as text."""
        column = getattr(self._mapping.columns, field)
        value = _at(cells, column) if column else None
        return float(value) if isinstance(value, int | float) else self._text(cells, field)

    def _said(self, cells: Cells) -> Said:
        raw = self._text(cells, "plate") or ""
        text = plate_text(raw, self._mapping.plate.unread)
        if text is None and plain(raw) not in self._unread:
            text = raw  # no plate, yet kept as the other system wrote it
        scale = self._mapping.confidence.scale
        mend = "set confidence.scale in the mapping to the greatest the system writes"
        confidence = _tried(
            "confidence", lambda: confidence_of(self._number(cells, "confidence"), scale), mend
        )
        return Said.of(self._mapping.source, text, self._country(cells), confidence)

    def _country(self, cells: Cells) -> str | None:
        said = self._text(cells, "country") or ""
        if said in self._mapping.countries:
            return self._mapping.countries[said] or None
        country = country_of(said)
        if country is None and said.upper() not in NOT_SAID:
            raise RefusedRowError(
                "country", f"{said[:40]!r} is no country known here",
                "add it under [countries] of the mapping; an empty code means not known",
            )  # fmt: skip
        return country

    def _camera(self, cells: Cells) -> str:
        theirs = self._text(cells, "camera")
        if theirs is None:
            raise RefusedRowError("camera", "is empty", "mend the row")
        mapped = self._mapping.cameras.get(theirs)
        return (mapped and mapped.camera_id) or theirs

    def _captured_at(self, cells: Cells) -> datetime:
        values = [_at(cells, column) for column in self._mapping.columns.times]
        if any(value is None or value == "" for value in values):
            raise RefusedRowError("captured_at", "is empty", "mend the row")
        return self._instant("captured_at", values)

    def _received_at(self, cells: Cells) -> datetime | None:
        column = self._mapping.columns.received_at
        value = _at(cells, column) if column else None
        return None if value is None or value == "" else self._instant("received_at", [value])

    def _instant(self, field: str, values: list[object]) -> datetime:
        said = self._mapping.time
        mend = "mend [time] of the mapping: formats, epoch and zone"
        dated = len(values) == 1 and isinstance(values[0], datetime)
        if dated:
            text = str(values[0])
            return _tried(field, lambda: instant_of(text, self._zone), mend)
        text = " ".join(str(value).strip() for value in values)
        if said.epoch:
            unit = said.epoch
            return _tried(field, lambda: epoch(text, unit), mend)
        return _tried(field, lambda: instant_of(text, self._zone, said.formats), mend)

    def _speed(self, cells: Cells) -> float | None:
        said = self._number(cells, "speed")
        if said is None:
            return None
        kmh = _tried("speed", lambda: number_of(said)) * KMH_A_UNIT[self._mapping.speed.unit]
        if not 0 <= kmh <= FASTEST_KMH:
            raise RefusedRowError("speed", f"{kmh:g} km/h cannot be", "set speed.unit, or mend it")
        return kmh

    def _source_id(
        self, cells: Cells, camera_id: str, at: datetime, told: dict[str, str | None]
    ) -> str:
        """The system's own id; without one what tells passages apart, hashed."""
        given = self._text(cells, "event_id")
        if given is not None:
            return given if len(given) <= LONGEST_SOURCE_ID else sha256(given.encode()).hexdigest()
        raw = self._text(cells, "plate") or ""
        parts = (camera_id, at.isoformat(), raw, told["lane"] or "", told["direction"] or "")
        return sha256("|".join(parts).encode()).hexdigest()


def _at(cells: Cells, column: str) -> object:
    """The cell of that name, or in objects within the row at that path."""
    if column in cells or "." not in column:
        return cells.get(column)
    found: object = cells
    for name in column.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _short(word: str | None) -> str | None:
    """As it can be kept."""
    kept = Vehicle.of(make=word)
    return kept.make if kept else None


def _tried(field: str, work: Callable[[], T], mend: str = _MEND) -> T:
    try:
        return work()
    except PayloadError as error:
        raise RefusedRowError(field, str(error).partition(";")[0], mend) from None
