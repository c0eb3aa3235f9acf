"""Which part of a shared list is posted next. Pure: contents are given, the part is the answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from morina.exchange.agreement import Agreement
from morina.exchange.list_messages import ENTRIES
from morina.exchange.listing_fields import may_know, told_fields
from morina.exchange.message import Item
from morina.watch import ListChanges, VehicleOfInterest

NONE = UUID(int=0)
MOST_BYTES = 3_000_000
"""Of the entries of one part, before it is signed and sealed; sealed it is not twice that."""

MOST_CHANGES = 20_000
"""More than that many changes at once come as a whole copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """A copy that is being posted: of ``version`` as of ``revision``, changing ``base`` (0: whole).

    ``part`` is the last posted, which ended with the entry ``after``; ``entries`` is how many the
    partner has once it is applied.
    """

    copy_id: UUID
    version: int
    revision: int
    base: int = 0
    since: int = 0
    part: int = 0
    after: UUID = NONE
    digest: str = ""
    entries: int = 0

    @classmethod
    def begun(
        cls, latest: tuple[int, int], posted: tuple[int, int] = (0, 0), entries: int = 0
    ) -> "Copying":
        """From (version, revision) ``posted`` to ``latest``; whole where nothing was posted."""
        return cls(
            copy_id=uuid4(), version=latest[0], revision=latest[1], base=posted[0],
            since=posted[1], entries=entries,
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """As it is kept between two parts."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {"copy_id": str(self.copy_id), "after": str(self.after)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Copying":
        """What ``kept`` gave."""
        ids = {name: UUID(kept[name]) for name in ("copy_id", "after")}
        return cls(**dict(kept) | ids)


@dataclass(frozen=True, slots=True)
class Slice:
    """Entries of one part, the owner's ids withdrawn with it, and where it ends."""

    entries: tuple[UUID, ...]
    items: tuple[Item, ...]
    withdrawn: tuple[UUID, ...]
    after: UUID
    is_last: bool
    more: int
    """By how many the partner has more entries then."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told and what: an entry goes only where its ``share_scope`` lets it."""

    agreement: Agreement
    now: datetime

    @property
    def oldest(self) -> datetime | None:
        """Since when an entry must be valid to be told; None where any may be."""
        days = self.agreement.max_age_days
        return self.now - timedelta(days=days) if days else None

    def whole(self, page: Sequence[VehicleOfInterest], asked: int) -> Slice:
        """The next part of a whole copy: of ``page``, of which ``asked`` entries were asked for."""
        taken = _fitting(page)
        told = [one for one in taken if self.tells(one)]
        after = taken[-1].listing_id if taken else NONE
        is_last = len(taken) == len(page) and len(page) < asked
        items = self._items(told)
        return Slice(_ids(told), items, (), after, is_last, len(told))

    def changed(self, changes: ListChanges, after: UUID) -> Slice:
        """The next part of what changed, from the entry ``after`` on; all withdrawals come first.

        Withdrawn is also what may be told no longer, and nothing that never might be told. One that
        became older than agreed since stays at the partner until it changes.
        """
        to = self.agreement.receiver
        before = {one.listing_id for one in changes.before if may_know(one.share_scope, to)}
        now = {one.listing_id: one for one in changes.now if self.tells(one)}
        left = sorted((one for one in now.values() if one.listing_id > after),
                      key=lambda one: one.listing_id)  # fmt: skip
        taken = _fitting(left[:ENTRIES])
        gone = () if after != NONE else tuple(sorted(before - set(now)))
        end = taken[-1].listing_id if taken else after
        ids = _ids(taken)
        more = len(set(ids) - before) - len(gone)
        return Slice(ids, self._items(taken), gone, end, len(taken) == len(left), more)

    def tells(self, listing: VehicleOfInterest) -> bool:
        """Whether this entry goes to the partner."""
        known = may_know(listing.share_scope, self.agreement.receiver)
        return known and self._young(listing) and listing.valid_to > self.now

    def _young(self, listing: VehicleOfInterest) -> bool:
        oldest = self.oldest
        return oldest is None or listing.valid_from >= oldest

    def _items(self, told: Iterable[VehicleOfInterest]) -> tuple[Item, ...]:
        fields = self.agreement.fields
        return tuple(Item(fields=told_fields(one, fields), at=one.valid_from) for one in told)


def after_part(copying: Copying, part: Slice, digest: str) -> Copying:
    """The copy once this part is posted."""
    return replace(
        copying, part=copying.part + 1, after=part.after, digest=digest,
        entries=copying.entries + part.more,
    )  # fmt: skip


def _ids(told: Iterable[VehicleOfInterest]) -> tuple[UUID, ...]:
    return tuple(one.listing_id for one in told)


def _fitting(page: Sequence[VehicleOfInterest]) -> Sequence[VehicleOfInterest]:
    """As many from the beginning as fit into one part; one at least."""
    size = 0
    for place, one in enumerate(page):
        size += 500 + 2 * len(one.instruction) + 2 * sum(map(len, one.warning_markers))
        if place and size > MOST_BYTES:
            return page[:place]
    return page
