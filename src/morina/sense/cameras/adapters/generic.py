"""Any camera that sends JSON or CSV, by a mapping from the camera's settings.

``Setup.mapping`` says where each field is: a path in the JSON ("vehicle.plate", "results.0.text";
with ``rows``, paths are within each row and one that starts with "/" is from the top), or a column
of the CSV by its title, or by its number from 1 with ``header=no``. Two places joined by " + " give
one text, as for a date and a time in two columns.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, TypeVar

from morina.sense.cameras.reports import (
    Box,
    Heartbeat,
    ImageKind,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.boxes import sized
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import base64_of, sent
from morina.sense.cameras.wire.rows import Row, csv_rows, json_rows
from morina.sense.cameras.wire.texts import LONGEST_FIELD
from morina.sense.cameras.wire.times import epoch, instant_of

T = TypeVar("T")
IMAGES: tuple[ImageKind, ...] = ("overview", "patch", "vehicle")
TEXTS = ("direction", "lane", "make", "model", "colour", "vehicle_class", "source_id", "track_key")
NUMBERS = ("direction_deg", "speed_kmh", "speed_ms", "speed_mph")
PLACES = ("left", "top", "width", "height")
FIELDS = frozenset(
    {"plate", "captured_at", "confidence", "country", "country_confidence", "camera"}
    | set(TEXTS + NUMBERS + PLACES + IMAGES)
)
HOW = frozenset({"rows", "time_format", "unread", "delimiter", "header"})
"""Keys of a mapping that say how to read, not where."""

KMH = {"speed_kmh": 1.0, "speed_ms": 3.6, "speed_mph": 1.609344}
EPOCHS: Mapping[str, Literal["s", "ms", "us", "ns"]] = {
    "epoch_s": "s",
    "epoch_ms": "ms",
    "epoch_us": "us",
    "epoch_ns": "ns",
}
MOST_SHARING = 16
LONGEST_BASE64 = 24 * 2**20


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One report a row; a row that cannot be read refuses the payload, with its number named."""
    mapping = _checked(setup.mapping)
    if payload.lstrip(b"\0 \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"["):
        rows = json_rows(payload, mapping.get("rows"))
    else:
        wanted = [
            place for field in mapping if field in FIELDS for place in _places(mapping, field)
        ]
        rows = csv_rows(payload, mapping.get("delimiter"), mapping.get("header") != "no", wanted)
    if len(rows) > MOST_SHARING and any(mapping.get(kind, "").startswith("/") for kind in IMAGES):
        raise PayloadError(
            f"more than {MOST_SHARING} rows share one picture; map it within the row"
        )
    return [_report(row, mapping, setup) for row in rows] or [Heartbeat(what="no rows")]


def _checked(mapping: Mapping[str, str]) -> Mapping[str, str]:
    if "plate" not in mapping:
        raise PayloadError(
            "the mapping does not say where the plate is; set it, such as plate=vehicle.number"
        )
    unknown = sorted(set(mapping) - FIELDS - HOW)
    if unknown:
        raise PayloadError(
            f"the mapping names {', '.join(unknown)}; known are {', '.join(sorted(FIELDS | HOW))}"
        )
    return mapping


def _report(row: Row, mapping: Mapping[str, str], setup: Setup) -> Report:
    fields = _Fields(row, mapping)
    doubts = fields.doubts
    raw = fields.text("plate") or ""
    words = [word.strip() for word in mapping.get("unread", "").split(",") if word.strip()]
    camera = fields.lesser("camera")
    texts = {name: fields.lesser(name) for name in TEXTS}
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw, words),
        captured_at=_at(fields, mapping, setup),
        confidence=fields.share("confidence", setup),
        country=country_of(fields.lesser("country")),
        country_confidence=fields.share("country_confidence", setup),
        direction=texts["direction"],
        direction_deg=fields.number("direction_deg"),
        lane=texts["lane"],
        speed_kmh=_speed(fields),
        make=texts["make"],
        model=texts["model"],
        colour=texts["colour"],
        vehicle_class=texts["vehicle_class"],
        plate_box=_box(fields),
        source_id=texts["source_id"],
        track_key=texts["track_key"],
        camera_key={"camera": camera} if camera else {},
        images=_images(fields),
        doubts=tuple(doubts),
    )


class _Fields:
    """One row's fields by our names; errors name row, field and place."""

    def __init__(self, row: Row, mapping: Mapping[str, str]) -> None:
        self.row, self.mapping, self.doubts = row, mapping, Doubts()

    def text(self, field: str, longest: int = LONGEST_FIELD) -> str | None:
        """What stands in the field's place; None where it has none or it is empty."""
        if field not in self.mapping:
            return None
        places = _places(self.mapping, field)
        said = self.named(field, lambda: [self.row.text(place, longest) for place in places])
        return " ".join(part for part in said if part) or None

    def named(self, field: str, take: Callable[[], T]) -> T:
        """What ``take`` gives, its error with the place before it."""
        try:
            return take()
        except PayloadError as error:
            where = f"{self.row.where}, {field} ({self.mapping[field]})"
            raise PayloadError(f"{where}: {error}") from error

    def lesser(self, field: str) -> str | None:
        """As ``text``; what cannot be taken is a doubt, not an error."""
        return self.doubts.unless(self.text, field)

    def number(self, field: str) -> float | None:
        """The field as a number, comma or point before its fraction."""
        said = self.lesser(field)
        if said is None:
            return None
        return self.doubts.unless(self.named, field, lambda: _number(said))

    def share(self, field: str, setup: Setup) -> float | None:
        """The field as a confidence of 0 to 1, on the camera's scale."""
        said = self.lesser(field)
        before = len(self.doubts)
        value = self.doubts.confidence(said, setup, 1.0)
        where = f"{self.row.where}, {field} ({self.mapping.get(field)})"
        self.doubts[before:] = [f"{where}: {doubt}" for doubt in self.doubts[before:]]
        return value


def _places(mapping: Mapping[str, str], field: str) -> list[str]:
    return [place.strip() for place in mapping[field].split(" + ")]


def _at(fields: _Fields, mapping: Mapping[str, str], setup: Setup) -> datetime | None:
    said = fields.text("captured_at")
    if said is None:
        return None
    form = mapping.get("time_format", "iso")
    return fields.named("captured_at", lambda: _instant(said, form, setup, fields.doubts))


def _instant(said: str, form: str, setup: Setup, doubts: Doubts) -> datetime:
    """``form`` is iso, one of EPOCHS, or formats of strptime with "|" between them."""
    if form in EPOCHS:
        return epoch(said, EPOCHS[form])
    formats = () if form == "iso" else tuple(form.split("|"))
    try:
        return instant_of(said, setup.timezone, formats, doubts)
    except re.error as error:  # the same directive twice
        raise PayloadError(f"time_format {form[:48]!r} cannot be read; mend the mapping") from error


def _number(said: str) -> float:
    try:
        value = float(said.replace(",", "."))
    except ValueError as error:
        raise PayloadError(f"{said[:24]!r} is not a number") from error
    if not abs(value) < 1e6:
        raise PayloadError(f"{said[:24]!r} is out of bounds")
    return value


def _speed(fields: _Fields) -> float | None:
    for name, factor in KMH.items():
        value = fields.number(name)
        if value is not None:
            return round(value * factor, 2)
    return None


def _box(fields: _Fields) -> Box | None:
    return sized([fields.number(place) for place in PLACES])


def _images(fields: _Fields) -> tuple[SentImage, ...]:
    found: tuple[SentImage, ...] = ()
    for kind in IMAGES:
        text = fields.doubts.unless(fields.text, kind, LONGEST_BASE64)
        content = fields.doubts.unless(base64_of, text) if text else None
        found += sent(kind, f"{kind}.jpg", content)
    return found


MAKER = Maker(
    name="generic",
    title="Generic JSON or CSV",
    decode=decode,
    verified="payloads of our own",
)
