"""Where hotlists are kept, as a role."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.watch.listing import Hotlist, Listed, VehicleOfInterest


class NoSuchHotlistError(LookupError):
    """No hotlist has that name or id; ``morina hotlist list`` shows those there are."""


class NoSuchListingError(LookupError):
    """That hotlist has no such listing now; it may have been withdrawn meanwhile."""


class AlreadyListedError(ValueError):
    """The vehicle is on that hotlist already; withdraw the listing first or import the list."""


class NotOurListError(ValueError):
    """The hotlist is a partner's: it is matched here, and changed or taken out by nobody here."""


class HotlistStore(Protocol):
    """Hotlists, durable. Every change makes a new version and is seen by all nodes at once.

    A partner's list is found like an own one; what would change or export it is NotOurListError.
    """

    async def hotlists(self) -> list[Hotlist]:
        """All hotlists, by name."""

    async def hotlist(self, hotlist_id: UUID) -> Hotlist:
        """One hotlist; NoSuchHotlistError."""

    async def create(self, hotlist: Hotlist) -> Hotlist:
        """Store a new, empty hotlist; ValueError when the name is taken."""

    async def replace(
        self, hotlist_id: UUID, listings: Sequence[VehicleOfInterest], by: str
    ) -> Hotlist:
        """Make ``listings`` the whole content, all or nothing, as a new version.

        A vehicle, named by (country, text), keeps its listing_id when it was on the list before.
        Listing what is listed already makes no new version. AlreadyListedError when two listings
        name one vehicle.
        """

    async def add(self, hotlist_id: UUID, listing: VehicleOfInterest, by: str) -> Hotlist:
        """Add one listing, as a new version; AlreadyListedError."""

    async def withdraw(self, hotlist_id: UUID, listing_id: UUID, by: str) -> Hotlist:
        """Take one listing off, as a new version; it matches nothing from then on.

        NoSuchListingError when it is not there.
        """

    async def listings(self, hotlist_id: UUID) -> list[VehicleOfInterest]:
        """The current content, in the order of the file that brought it, later ones at the end;
        NotOurListError."""

    async def listing(self, hotlist_id: UUID, listing_id: UUID) -> "Listed":
        """One current listing on its hotlist; NoSuchHotlistError, NoSuchListingError."""

    async def find(
        self, hotlist_id: UUID, part: str = "", offset: int = 0, limit: int = 100
    ) -> "Found":
        """Entries whose plate, owner or vehicle contains ``part``, case ignored, in file order."""

    def pages_since(self, revision: int) -> "AsyncGenerator[Changes, None]":
        """What was added and withdrawn after ``revision`` (0: everything now listed), in parts, so
        that none is long to apply; the last has the new revision."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some entries of a hotlist; ``count`` is how many there are of the kind."""

    listings: tuple[VehicleOfInterest, ...]
    count: int


class Changes:
    """What changed between two revisions of all hotlists together.

    A listing whose details changed is in ``added`` under the listing_id it had. ``emptied`` are
    lists taken out whole, each with its version then: what it listed up to it is withdrawn.
    """

    __slots__ = ("added", "as_of", "emptied", "revision", "withdrawn")

    def __init__(
        self,
        revision: int,
        added: Iterable[Listed],
        withdrawn: Iterable[UUID],
        as_of: datetime,
        emptied: Iterable[tuple[UUID, int]] = (),
    ) -> None:
        self.revision = revision
        self.added = tuple(added)
        self.withdrawn = tuple(withdrawn)
        self.as_of = as_of
        self.emptied = tuple(emptied)
