"""What a joint operation holds: items, each owned by one authority and addressed to named ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Self
from uuid import UUID

from morina.exchange.message import Value
from morina.exchange.operations.refusing import NoSuchItemError

_KEY = re.compile(r"([A-Z]{2}(?:-[A-Z0-9]{1,16})?)\.([0-9a-f-]{36})")


class Key(NamedTuple):
    """Whose item, and which of theirs: an id somebody else used as well is another key."""

    node: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.node}.{self.id}"

    @classmethod
    def of(cls, text: str) -> Self:
        """The key written so; NoSuchItemError where it is none."""
        if found := _KEY.fullmatch(text):
            try:
                return cls(found[1], UUID(found[2]))
            except ValueError:
                pass
        raise NoSuchItemError(f"{text[:60]!r} names nothing; use an id as the list gives it")


class ItemKind(StrEnum):
    """Kinds of items."""

    CASE = "case"
    """The operation itself: its lead owns it; the operation's key is that of its case."""

    TASK = "task"
    CHECK = "check"
    """A task at a crossing whose results are counted."""

    NOTE = "note"
    OFFICER = "officer"
    """An officer who is assigned; to others a pseudonym only their own authority resolves."""

    ATTACHMENT = "attachment"
    RESULT = "result"
    """What was counted at a check, by the authority that did it: numbers, nobody's data."""

    STEP = "step"
    """A step of a task, asked of its owner by another authority; the owner has the last word."""


FIELDS: Mapping[ItemKind, frozenset[str]] = MappingProxyType({
    ItemKind.CASE: frozenset({"name", "purpose", "purpose_code", "case_number", "legal_basis",
                              "authorities", "begins_at", "ends_at"}),
    ItemKind.TASK: frozenset({"title", "words", "state", "taken_by", "due_at"}),
    ItemKind.CHECK: frozenset({"title", "words", "state", "taken_by", "due_at", "crossing"}),
    ItemKind.NOTE: frozenset({"words"}),
    ItemKind.OFFICER: frozenset({"officer", "duty"}),
    ItemKind.ATTACHMENT: frozenset({"name", "media_type", "size", "sha256", "content"}),
    ItemKind.RESULT: frozenset({"task", "vehicles_checked", "hits", "stopped"}),
    ItemKind.STEP: frozenset({"task", "step"}),
})  # fmt: skip
"""Fields of each kind; what goes out must be among those of the agreement."""

OPERATION_FIELDS = frozenset().union(*FIELDS.values())
"""All that an agreement of category operation may name."""

TASKS = frozenset({ItemKind.TASK, ItemKind.CHECK})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks at this node, when; ``authority`` is the partner a liaison officer belongs
    to, empty for this node's own people."""

    name: str
    at: datetime
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes: a kind, its fields, and the authorities it is addressed to; with none
    it stays at this node."""

    kind: ItemKind
    fields: Mapping[str, Value]
    addressed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationItem:
    """One item as kept at one node.

    ``by`` is who made it: a user name here, a pseudonym where it came from a partner. ``revision``
    counts from 1; ``withdrawn_at`` None while it stands: a withdrawn item of a partner has no
    fields any more. ``keep_until`` is when an item of a partner is forgotten here.
    """

    key: Key
    operation: Key
    kind: ItemKind
    fields: Mapping[str, Value]
    addressed: tuple[str, ...]
    by: str
    made_at: datetime
    changed_at: datetime
    revision: int = 1
    by_authority: str = ""
    withdrawn_at: datetime | None = None
    keep_until: datetime | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    """Of an own item: addressee to "revision N", or why it was not told."""

    def visible_to(self, authority: str) -> bool:
        """Whether a person of ``authority`` sees it; this node's own people (empty) see all."""
        seen = (self.key.node, self.by_authority, *self.addressed)
        return not authority or authority in seen

    def text(self, name: str) -> str:
        """One field as text, empty where it has none."""
        return str(self.fields.get(name, ""))
