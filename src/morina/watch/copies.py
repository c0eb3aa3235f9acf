"""Hotlists as copies between nodes, as a role: read as they were at a revision, and put in whole or
by their changes. Every method works within its caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID, uuid5

from morina.watch.listing import Hotlist, VehicleOfInterest

_OURS = UUID("5d0c6c1e-0f0b-5f0e-9a44-6d6f72696e61")


def id_here(node: str, owner_id: UUID) -> UUID:
    """What a partner's list or entry is called here; no partner can name one of another's or ours.

    The same always becomes the same.
    """
    return uuid5(_OURS, f"{node}/{owner_id}")


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What changed on one list between two revisions: ``now`` holds entries added or changed,
    ``before`` what they and those withdrawn were."""

    now: tuple[VehicleOfInterest, ...] = ()
    before: tuple[VehicleOfInterest, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyPart:
    """Entries of a copy that waits to be applied: ``entries`` by the ids the owner gives them, and
    the owner's ids of those ``withdrawn``. ``place`` is that of the first within the list."""

    copy_id: UUID
    place: int
    entries: Sequence[tuple[UUID, VehicleOfInterest]] = ()
    withdrawn: Sequence[tuple[UUID, UUID]] = field(default=())
    """Our id and the owner's."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``entries`` of a list that say the same ``share_scope``."""

    share_scope: str
    over: bool
    old: bool
    entries: int


_Connection = TypeVar("_Connection", contravariant=True)


class ListCopies(Protocol[_Connection]):
    """Contents of lists, to be told to partners and taken from them."""

    async def latest(self, connection: _Connection, hotlist_id: UUID) -> tuple[Hotlist, int]:
        """A list and the revision of its version; NoSuchHotlistError."""

    async def page(
        self, connection: _Connection, hotlist_id: UUID, revision: int, after: UUID, limit: int
    ) -> Sequence[VehicleOfInterest]:
        """Entries of a list as it was at ``revision``, by id, those after ``after``."""

    async def tally(
        self, connection: _Connection, hotlist_id: UUID, now: datetime, oldest: datetime | None
    ) -> Sequence[Tally]:
        """How many entries there are now, by who may know them and whether they are over at
        ``now`` or valid from before ``oldest`` (None: none is)."""

    async def changes(
        self, connection: _Connection, hotlist_id: UUID, since: int, until: int
    ) -> ListChanges:
        """What changed after revision ``since``, up to ``until``."""

    async def count_changes(
        self, connection: _Connection, hotlist_id: UUID, since: int, until: int
    ) -> int:
        """How many rows ``changes`` would give, at most."""

    async def make(self, connection: _Connection, hotlist: Hotlist) -> None:
        """The row of a partner's list, which names its owner's node; or its words anew."""

    async def stage(self, connection: _Connection, part: CopyPart) -> None:
        """Put a part where it waits; AlreadyListedError for an entry that is there already."""

    async def drop(self, connection: _Connection, copy_id: UUID) -> None:
        """Forget the parts of a copy."""

    async def apply(
        self, connection: _Connection, hotlist_id: UUID, copy_id: UUID, *, whole: bool
    ) -> int:
        """Make what waits the ``whole`` content of a partner's list, or change it by that; by how
        many entries it grew. AlreadyListedError where a vehicle would be listed twice."""

    async def take_out(self, connection: _Connection, hotlist_id: UUID) -> None:
        """Withdraw every entry of a partner's list, however many, at once: the list is marked, and
        its rows follow by ``sweep``."""

    async def emptied(self, connection: _Connection) -> Sequence[UUID]:
        """Lists that were taken out and have rows that do not say so yet."""

    async def sweep(self, connection: _Connection, hotlist_id: UUID) -> int:
        """Let some rows of such a list say so; how many, 0 where all do."""

    async def forget(
        self, connection: _Connection, hotlist_id: UUID, withdrawn_before: datetime
    ) -> int:
        """Remove rows of a partner's list that were withdrawn before then; how many."""
