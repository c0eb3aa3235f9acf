"""What messages about hotlists say of themselves, beside their items. Pure.

A copy, whole or of what changed, comes in parts of ``ENTRIES`` and is applied when the last is
there. ``entries`` names the owner's ids in the order of the items; ``withdrawn`` those taken off.
The digest runs over all parts, so that a copy is that of its owner from the first to the last.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from morina.exchange.message import Item
from morina.exchange.roles import RefusedMessageError
from morina.exchange.strict_json import rewritten
from morina.watch import Hotlist

ENTRIES = 2_000
"""Entries of one part."""

LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHead:
    """One part of a copy of a list at ``version``; ``base`` is the version it changes, 0 where it
    is whole. ``digest`` stands in the last part only."""

    list_id: UUID
    name: str
    owner: str
    purpose: str
    review_at: date
    version: int
    base: int
    copy_id: UUID
    part: int
    entries: tuple[UUID, ...]
    withdrawn: tuple[UUID, ...]
    digest: str = ""

    @property
    def last(self) -> bool:
        """Whether all parts are there with it."""
        return bool(self.digest)

    def said(self) -> dict[str, Any]:
        """As it stands in the message."""
        return {
            "list_id": str(self.list_id), "name": self.name, "owner": self.owner,
            "purpose": self.purpose, "review_at": self.review_at.isoformat(),
            "version": self.version, "base": self.base, "copy_id": str(self.copy_id),
            "part": self.part, "entries": [str(one) for one in self.entries],
            "withdrawn": [str(one) for one in self.withdrawn], "digest": self.digest,
        }  # fmt: skip


def head_of(said: Mapping[str, Any], items: Sequence[Item]) -> PartHead:
    """The head of a part that came in; RefusedMessageError where it is none."""
    try:
        head = PartHead(
            list_id=UUID(said["list_id"]), name=_text(said["name"]), owner=_text(said["owner"]),
            purpose=_text(said["purpose"]), review_at=date.fromisoformat(said["review_at"]),
            version=_number(said["version"]), base=_number(said["base"]),
            copy_id=UUID(said["copy_id"]), part=_number(said["part"]),
            entries=tuple(UUID(one) for one in said["entries"]),
            withdrawn=tuple(UUID(one) for one in said["withdrawn"]),
            digest=str(said["digest"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise RefusedMessageError("form", f"not what a part of a list says: {wrong}") from wrong
    if len(head.entries) != len(items):
        raise RefusedMessageError("form", "as many ids as entries are needed")
    if len(set(head.entries) | set(head.withdrawn)) < len(head.entries) + len(head.withdrawn):
        raise RefusedMessageError("form", "an entry stands twice in one part")
    if max(len(head.entries), len(head.withdrawn)) > 5 * ENTRIES:
        raise RefusedMessageError("form", f"more than {5 * ENTRIES} entries in one part")
    return head


def withdrawn_said(hotlist_id: UUID) -> dict[str, Any]:
    """What the withdrawal of a whole list says; no name, for it goes without an agreement too."""
    return {"list_id": str(hotlist_id)}


def list_of(said: Mapping[str, Any]) -> UUID:
    """Whose list a withdrawal is about; RefusedMessageError."""
    try:
        return UUID(said["list_id"])
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise RefusedMessageError("form", "it names no list") from wrong


def running(before: str, head: PartHead, items: Sequence[Item]) -> str:
    """The digest up to and with this part: SHA-256 over the one before, ids and entries."""
    said = {
        "before": before, "entries": [str(one) for one in head.entries],
        "withdrawn": [str(one) for one in head.withdrawn],
        "items": [dict(item.fields) for item in items],
    }  # fmt: skip
    return hashlib.sha256(rewritten(said)).hexdigest()


def head_for(hotlist: Hotlist, *, copy_id: UUID, part: int, base: int, version: int) -> PartHead:
    """The head of a part of an own list, without entries yet."""
    return PartHead(
        list_id=hotlist.hotlist_id, name=hotlist.name, owner=hotlist.owner,
        purpose=hotlist.purpose, review_at=hotlist.review_at, version=version, base=base,
        copy_id=copy_id, part=part, entries=(), withdrawn=(),
    )  # fmt: skip


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise ValueError(f"a text of 1 to {LONGEST} characters is needed")
    if not value.isprintable():
        raise ValueError("a text holds control characters")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a whole number from 0 on is needed")
    return value
