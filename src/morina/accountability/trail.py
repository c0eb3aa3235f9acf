"""The trail: who did what, when and why, each entry chained to the one before.

The six acts of Directive (EU) 2016/680, article 25, and what else an overseer asks for. An entry
names objects by their ids and never holds their content.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from morina.accountability.purpose import Purpose
from morina.accountability.signing import Statement, canonical

NODE = "morina"
"""Who acts where no person does: the node by itself."""

NOTHING_BEFORE = "0" * 64
MOST_IDS = 1000
_MIDDLE = ',"previous":"'

_who: ContextVar[str] = ContextVar("who", default=NODE)


class Act(StrEnum):
    """What was done; docs/accountability.md says when each is written."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    APPROVAL = "approval"
    EXPORT = "export"
    CONFIGURATION = "configuration"
    DUTY = "duty"
    BACKUP = "backup"
    OVERSIGHT = "oversight"


@dataclass(frozen=True, slots=True)
class What:
    """Objects of one ``kind`` by their ids, the first ``MOST_IDS`` of ``count``.

    ``step`` says what was done to them where the act says too little; ``digest`` is SHA-256 of
    what is kept of them elsewhere, empty where nothing is.
    """

    kind: str
    ids: tuple[str, ...] = ()
    step: str = ""
    count: int = -1
    digest: str = ""

    def __post_init__(self) -> None:
        if self.count < 0:
            object.__setattr__(self, "count", len(self.ids))
        object.__setattr__(self, "ids", tuple(map(str, self.ids[:MOST_IDS])))

    def said(self) -> Statement:
        """As it is hashed."""
        return {
            "kind": self.kind, "ids": list(self.ids), "step": self.step, "count": self.count,
            "digest": self.digest,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is about to be entered; ``why`` is the purpose in parts, empty where an act has none."""

    act: Act
    what: What
    who: str = field(default_factory=_who.get)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    why: Mapping[str, str] = field(default_factory=dict)
    with_whom: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a deed has no zone; give one")

    def said(self) -> dict[str, object]:
        """As it is hashed, but for its place in the chain."""
        return {
            "act": self.act.value,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "what": self.what.said(),
            "who": self.who,
            "why": dict(self.why),
            "with_whom": self.with_whom,
        }

    def halves(self) -> tuple[str, str]:
        """The hashed bytes before the number, and those after the hash of the entry before.

        Whoever gives out numbers puts ``number,"previous":"hash`` between them.
        """
        said = canonical(self.said() | {"number": 0, "previous": ""}).decode()
        head, _, tail = said.partition('"number":0' + _MIDDLE)
        return head + '"number":', tail


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as kept: its number, the hash of the one before and its own, 64 hex digits."""

    number: int
    deed: Deed
    previous: str
    hash: str

    def said(self) -> dict[str, object]:
        """What its hash is made over."""
        return self.deed.said() | {"number": self.number, "previous": self.previous}

    @property
    def holds(self) -> bool:
        """Whether the hash is that of what is said."""
        return self.hash == hash_of(self.said())


def hash_of(said: Statement) -> str:
    """SHA-256 over the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical(said)).hexdigest()


def chained(deed: Deed, before: Entry | None) -> Entry:
    """The entry of a deed after ``before``; the database does the same in ``trail_append``."""
    number = before.number + 1 if before else 1
    previous = before.hash if before else NOTHING_BEFORE
    said = deed.said() | {"number": number, "previous": previous}
    return Entry(number, deed, previous, hash_of(said))


def why_of(purpose: Purpose) -> dict[str, str]:
    """A purpose in the parts an entry keeps."""
    return {
        "code": purpose.code.value,
        "case_number": purpose.case_number,
        "legal_basis": purpose.legal_basis,
        "justification": purpose.justification,
    }


def acts_as(who: str) -> None:
    """From here on, and in all that is begun from here, ``who`` acts."""
    _who.set(who)


_Connection = TypeVar("_Connection", contravariant=True)


class Trail(Protocol[_Connection]):
    """Where acts are entered."""

    async def append(self, connection: _Connection, deed: Deed) -> None:
        """Enter a deed within the caller's transaction, as the last thing done in it: entry and
        deed become durable together, or neither does. Others who enter wait until it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries are wanted: empty or None where all are; ``object_id`` is one of the ids."""

    who: str = ""
    act: Act | None = None
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 100


class TrailReader(Protocol):
    """Reads the trail. Whoever reads it for a person is entered in it as well."""

    async def read(self, sought: Sought) -> list[Entry]:
        """Newest first; that it was read is entered in the same transaction, after what is shown.

        ConnectionError where that cannot be."""

    def raw(self) -> AsyncIterator[Entry | None]:
        """All, in the order of their numbers; None for one that cannot be read."""
