"""Drafts of agreements as files (TOML): bytes in, an agreement out."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.agreement import Agreement
from morina.exchange.agreement_rules import agreement_of

_NEEDED = ("giver", "receiver", "category", "purposes", "fields", "legal_basis", "valid_from",
           "valid_to", "keep_days")  # fmt: skip
_DEFAULTS: Mapping[str, Any] = {
    "max_age_days": 0, "camera_groups": [], "officer_cap": 0, "node_cap": 0, "onward": "never",
    "tells_refusal": False, "log_days": 1096, "ended": False,
}  # fmt: skip
_LISTS = ("purposes", "fields", "camera_groups")
_TIMES = ("valid_from", "valid_to")


def read_draft(text: str) -> Agreement:
    """The draft a file holds, as version 1 of a new agreement, or of the ``agreement_id`` it names;
    RefusedAgreementError says which line to mend. A day means its midnight, UTC."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RefusedAgreementError("file", f"it is no TOML: {error}") from None
    known = {"agreement_id", "version", *_NEEDED, *_DEFAULTS.keys() - {"ended"}}
    if more := sorted(said.keys() - known):
        raise RefusedAgreementError("file", f"{more[0]}: no agreement says that; leave it out")
    if missing := [name for name in _NEEDED if name not in said]:
        raise RefusedAgreementError("file", f"{missing[0]}: it is missing, and needed")
    made = {"agreement_id": str(uuid4()), "version": 1, **_DEFAULTS, **said}
    made |= {name: _time(name, made[name]) for name in _TIMES}
    made |= {name: _list(name, made[name]) for name in _LISTS}
    made["agreement_id"] = _id(made["agreement_id"])
    return agreement_of(made)


def _time(name: str, value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise RefusedAgreementError("file", f"{name}: it has no zone; add Z")
        return value.isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).isoformat()
    raise RefusedAgreementError("file", f"{name}: write a day such as 2026-03-01, without quotes")


def _list(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RefusedAgreementError("file", f'{name}: write a list of texts such as ["plate"]')
    return sorted(set(value))


def _id(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise RefusedAgreementError("file", "agreement_id: that is no id; see the list") from None
