"""What the fields of an item may hold; asked when it is written and when it comes in."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from morina.accountability import PurposeCode
from morina.exchange.message import Value
from morina.exchange.operations.counts import stopped_of
from morina.exchange.operations.item import FIELDS, ItemKind, Key
from morina.exchange.operations.refusing import NoSuchItemError, RefusedItemError
from morina.exchange.operations.tasks import TaskState, TaskStep
from morina.exchange.parties import UnknownNodeError, node_name

SHORT, LONG, MOST = 200, 4000, 1_000_000_000
_SHA256 = re.compile("[0-9a-f]{64}")
_NEEDED: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.CASE: ("name", "purpose", "purpose_code", "case_number", "legal_basis",
                    "authorities", "begins_at", "ends_at"),
    ItemKind.TASK: ("title", "state"),
    ItemKind.CHECK: ("title", "state", "crossing"),
    ItemKind.NOTE: ("words",),
    ItemKind.OFFICER: ("officer",),
    ItemKind.ATTACHMENT: ("name", "media_type", "size", "sha256"),
    ItemKind.RESULT: ("task", "vehicles_checked"),
    ItemKind.STEP: ("task", "step"),
}  # fmt: skip


def checked(kind: ItemKind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """``fields`` where an item of ``kind`` may hold them; RefusedItemError names the one at fault.

    Texts lose the blanks around them, empty ones are left out.
    """
    trimmed = {n: v.strip() if isinstance(v, str) else v for n, v in fields.items()}
    kept = {name: value for name, value in trimmed.items() if value not in ("", [])}
    for name in sorted(kept):
        if name not in FIELDS[kind]:
            raise RefusedItemError(name[:SHORT], f"{kind} has no field {name[:40]!r}; leave it out")
        _CHECKS[name](name, kept[name])
    for name in _NEEDED[kind]:
        if name not in kept:
            raise RefusedItemError(name, f"{name.replace('_', ' ')} is empty; write it")
    if kind is ItemKind.CASE and _at("", kept["ends_at"]) <= _at("", kept["begins_at"]):
        raise RefusedItemError("ends_at", "it ends before it begins; write a later end")
    return kept


def _text(most: int) -> Callable[[str, Value], None]:
    def check(name: str, value: Value) -> None:
        plain = isinstance(value, str) and all(c.isprintable() or c in "\n\t" for c in value)
        if not plain or len(str(value)) > most:
            raise RefusedItemError(name, f"write plain text of at most {most} characters")

    return check


def _number(name: str, value: Value) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise RefusedItemError(name, "write a whole number from 0 on")


def _one_of(*known: str) -> Callable[[str, Value], None]:
    def check(name: str, value: Value) -> None:
        if value not in known:
            raise RefusedItemError(name, f"write one of {', '.join(known)}")

    return check


def _node(name: str, value: Value) -> None:
    try:
        node_name(str(value))
    except UnknownNodeError as unknown:
        raise RefusedItemError(name, str(unknown)) from None


def _nodes(name: str, value: Value) -> None:
    if not isinstance(value, list) or len(set(value)) != len(value) or len(value) > SHORT:
        raise RefusedItemError(name, "name each authority once")
    for one in value:
        _node(name, one)


def _at(name: str, value: Value) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - stands for no time; refused below, having no zone
    if at.tzinfo is None:
        raise RefusedItemError(name, "write a time with its zone, as 2026-05-01T08:00:00+00:00")
    return at


def _key(name: str, value: Value) -> None:
    try:
        Key.of(str(value))
    except NoSuchItemError as unknown:
        raise RefusedItemError(name, str(unknown)) from None


def _stopped(name: str, value: Value) -> None:
    if not isinstance(value, list):
        raise RefusedItemError(name, "write a list of REASON:NUMBER")
    stopped_of(value)


def _sha256(name: str, value: Value) -> None:
    if not _SHA256.fullmatch(str(value)):
        raise RefusedItemError(name, "write a SHA-256 in 64 hex digits")


def _any(name: str, value: Value) -> None:
    if not isinstance(value, str):
        raise RefusedItemError(name, "write base64")


_SHORT, _LONG = _text(SHORT), _text(LONG)
_CHECKS: Mapping[str, Callable[[str, Value], object]] = {
    "name": _SHORT, "title": _SHORT, "case_number": _SHORT, "crossing": _SHORT, "duty": _SHORT,
    "officer": _SHORT, "media_type": _SHORT, "words": _LONG, "purpose": _LONG,
    "legal_basis": _LONG, "size": _number, "vehicles_checked": _number, "hits": _number,
    "purpose_code": _one_of(*PurposeCode), "state": _one_of(*TaskState),
    "step": _one_of(*TaskStep), "taken_by": _node, "authorities": _nodes, "begins_at": _at,
    "ends_at": _at, "due_at": _at, "task": _key, "stopped": _stopped, "sha256": _sha256,
    "content": _any,
}  # fmt: skip
