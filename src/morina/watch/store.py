"""Where hotlists are kept, as a role."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.watch.listing import Hotlist, Listed, VehicleOfInterest


class NoSuchHotlistError(LookupError):
    """No hotlist has that name or id; ``morina hotlist list`` shows those there are."""


class HotlistStore(Protocol):
    """Hotlists, durable. Every change makes a new version and is seen by all nodes at once."""

    async def hotlists(self) -> list[Hotlist]:
        """All hotlists, by name."""

    async def hotlist(self, hotlist_id: UUID) -> Hotlist:
        """One hotlist; NoSuchHotlistError."""

    async def create(self, hotlist: Hotlist) -> Hotlist:
        """Store a new, empty hotlist; ValueError when the name is taken."""

    async def replace(
        self, hotlist_id: UUID, listings: Sequence[VehicleOfInterest], by: str
    ) -> Hotlist:
        """Make ``listings`` the whole content, all or nothing, as a new version."""

    async def add(self, hotlist_id: UUID, listing: VehicleOfInterest, by: str) -> Hotlist:
        """Add one listing, as a new version."""

    async def withdraw(self, hotlist_id: UUID, listing_id: UUID, by: str) -> Hotlist:
        """Take one listing off, as a new version; it matches nothing from then on."""

    async def listings(self, hotlist_id: UUID) -> list[VehicleOfInterest]:
        """The current content, by plate text."""

    async def changes_since(self, revision: int) -> "Changes":
        """What was added and withdrawn after ``revision`` (0: everything now listed)."""


class Changes:
    """What changed between two revisions of all hotlists together."""

    __slots__ = ("added", "as_of", "revision", "withdrawn")

    def __init__(
        self,
        revision: int,
        added: Iterable[Listed],
        withdrawn: Iterable[UUID],
        as_of: datetime,
    ) -> None:
        self.revision = revision
        self.added = tuple(added)
        self.withdrawn = tuple(withdrawn)
        self.as_of = as_of
