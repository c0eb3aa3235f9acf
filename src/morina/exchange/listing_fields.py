"""Entries of hotlists between nodes: what of one is told, and what comes in as one. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from morina.exchange.agreement import Agreement
from morina.exchange.message import Value
from morina.plates import Plate
from morina.watch import FIELD_NAMES, VehicleOfInterest
from morina.watch.fields import FIELDS, FieldError

NEEDED = ("plate", "country", "reason_code", "action", "valid_from", "valid_to")
"""Without these nothing can be matched: an agreement that leaves one out shares no list."""

NEVER_TOLD = frozenset({"created_by", "approved_by", "share_scope"})
"""Names of officers, and the owner's word to itself on who may know."""

TELLABLE = tuple(name for name in FIELD_NAMES if name not in NEVER_TOLD)
_EVERYBODY = frozenset({"*", "ALL"})
_NODE = re.compile(r"[A-Z]{2}(-[A-Z0-9-]+)?")
"""A country, and the name of a node of it."""

_MAY_LACK = {"country": None, "contact_24h": ""}
"""Required in a file of our own; what stands for them where a partner says nothing."""


def lacking(agreement: Agreement) -> tuple[str, ...]:
    """Fields that matching needs and the agreement does not name."""
    return tuple(name for name in NEEDED if name not in agreement.fields)


def may_know(share_scope: str, partner: str) -> bool:
    """Whether an entry of that ``share_scope`` may be told to ``partner``.

    Empty: to whomever its list is shared with. Else words parted by semicolons, commas or blanks,
    and one of them must be the partner's node or country (``GB-COAST``, ``GB``) or say everybody
    (``ALL``, ``*``), whatever the case. Where a word is none of these, nobody may: what an officer
    wrote in a sentence is not guessed at.
    """
    words = {word for word in re.split(r"[\s,;]+", share_scope.upper()) if word}
    if not all(word in _EVERYBODY or _NODE.fullmatch(word) for word in words):
        return False
    return not words or bool(words & {partner, partner.partition("-")[0], *_EVERYBODY})


def told_fields(listing: VehicleOfInterest, fields: Iterable[str]) -> dict[str, Value]:
    """What of an entry is told: of ``fields`` those that say something."""
    said = {name: _plain(listing, name) for name in _told(frozenset(fields))}
    return {name: value for name, value in said.items() if value not in ("", [])}


@lru_cache(64)
def _told(wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in TELLABLE if name in wanted)


def heard_entry(
    fields: Mapping[str, Any], listing_id: UUID, agreement: Agreement
) -> VehicleOfInterest:
    """A partner's entry as it is matched here; ValueError names the field no list would take.

    It counts no longer than the agreement. What was not agreed to be told stands as little as the
    tables take: the owner's node for its unit, ``other`` for the subject. Texts are held to the
    rules of a file: no control characters, nothing a spreadsheet runs.
    """
    said = {
        "subject_category": "other", "owner_unit": agreement.giver,
        "legal_basis": agreement.legal_basis[:200],
        "review_at": str(fields.get("valid_to", ""))[:10],
        **{name: value for name, value in fields.items() if name in TELLABLE},
        "created_by": agreement.giver,
    }  # fmt: skip
    values = {field.name: _read(field.name, said.get(field.name)) for field in FIELDS}
    plate = Plate(values.pop("plate"), values.pop("country"))
    values["valid_to"] = min(values["valid_to"], agreement.valid_to)
    return VehicleOfInterest(listing_id=listing_id, plate=plate, **values)


_READ = {field.name: field.value for field in FIELDS}
_ALIKE = frozenset(FIELD_NAMES) - {"plate", "instruction", "source_reference"}
"""Fields in which entries of one list say the same: read once, and held once."""


def _read(name: str, value: object) -> Any:
    text = _text(name, value)
    return _read_once(name, text) if name in _ALIKE else _read_text(name, text)


def _read_text(name: str, text: str) -> Any:
    if not text and name in _MAY_LACK:
        return _MAY_LACK[name]
    try:
        return _READ[name](text)
    except FieldError as wrong:
        raise ValueError(f"{name}: {wrong}") from wrong


_read_once = lru_cache(10_000)(_read_text)


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{name}: is neither text nor a whole number")


@lru_cache(10_000)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _plain(listing: VehicleOfInterest, name: str) -> Value:
    if name == "plate":
        return listing.plate.text
    if name == "country":
        return listing.plate.country or ""
    value = getattr(listing, name)
    if type(value) is str:
        return value
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, int) else str(value or "")
