"""The fields of the hotlist exchange file: their order, and how each is read and written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from morina.plates import NotAPlateError, country_of_sign, plate_text
from morina.watch.countries import COUNTRY_CODES
from morina.watch.listing import Action, ReasonCode, SubjectCategory

SHORT, LONG = 200, 2000
"""Most characters a field may have."""

_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Control characters, halves of characters, and marks that turn the direction of writing."""

_FORMULA = re.compile(r"[=@\uff1d\uff20\uff0b\uff0d]|[+-](?![\d\s()./-]*$)")
"""What a spreadsheet would run instead of show; a telephone number such as +355 4 000 is none."""


class FieldError(ValueError):
    """A field cannot be taken; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``read`` turns its text into the value of a listing, or raises FieldError."""

    name: str
    read: Callable[[str], object]
    required: bool = False
    longest: int = SHORT

    def value(self, text: str) -> object:
        """The value of ``text``; FieldError."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not plain:
            if self.required:
                raise FieldError("is empty; every listing needs it")
            return self.read(plain)
        if len(plain) > self.longest:
            raise FieldError(f"{len(plain)} characters; shorten it to {self.longest}")
        if unfit := _UNFIT.search(plain):
            raise FieldError(f"holds the character U+{ord(unfit[0]):04X}; write plain text")
        if _FORMULA.match(plain):
            raise FieldError("a spreadsheet would run this; let it begin with a letter or a digit")
        return self.read(plain)


def _plate(text: str) -> str:
    try:
        return plate_text(text)
    except NotAPlateError as not_a_plate:
        raise FieldError(str(not_a_plate)) from not_a_plate


def _country(text: str) -> str:
    if text not in COUNTRY_CODES:
        known = country_of_sign(text)
        write = known if known else "two capital letters of ISO 3166-1 such as GB, XK for Kosovo"
        raise FieldError(f"is no country code; write {write}")
    return text


def _one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError:
            raise FieldError(f"is none of {', '.join(kind)}; write one of these") from None

    return read


def _priority(text: str) -> int:
    if not text:
        return 50
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > 100:
        raise FieldError("is no whole number from 0 to 100; write one, 100 is most urgent")
    return int(text)


def _markers(text: str) -> tuple[str, ...]:
    return tuple(marker.strip() for marker in text.split(";") if marker.strip())


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise FieldError("is no time; write it such as 2026-03-01T08:00:00Z") from None
    if at.tzinfo is None:
        raise FieldError("has no time zone; add one, such as Z or +01:00")
    if at.strftime("%z")[5:]:
        raise FieldError("has a zone with seconds; write hours and minutes, such as +01:00")
    return at


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise FieldError("is no date; write it such as 2026-09-30")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldError("is no day of the calendar; write one such as 2026-09-30") from None


def _instant_or_none(text: str) -> datetime | None:
    return _instant(text) if text else None


FIELDS = (
    Field("plate", _plate, required=True),
    Field("country", _country, required=True),
    Field("make", str),
    Field("model", str),
    Field("colour", str),
    Field("reason_code", _one_of(ReasonCode), required=True),
    Field("subject_category", _one_of(SubjectCategory), required=True),
    Field("priority", _priority),
    Field("action", _one_of(Action), required=True),
    Field("warning_markers", _markers),
    Field("instruction", str, longest=LONG),
    Field("owner_unit", str, required=True),
    Field("contact_24h", str, required=True),
    Field("source_reference", str),
    Field("legal_basis", str, required=True),
    Field("created_by", str, required=True),
    Field("approved_by", str),
    Field("valid_from", _instant, required=True),
    Field("valid_to", _instant, required=True),
    Field("review_at", _day, required=True),
    Field("geo_scope", str),
    Field("share_scope", str),
    Field("source_checked_at", _instant_or_none),
)
"""Every field of a listing, in the order of the exchange file."""

FIELD_NAMES = tuple(field.name for field in FIELDS)


def written(value: object) -> str:
    """The text of a field's value, as ``Field.value`` reads it."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("+00:00") + ("" if value.utcoffset() else "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
