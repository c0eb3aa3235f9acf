"""Match reads against hotlists.

A hit is a question put to an operator, never a finding. It carries each point on which the read
and the listing differ, to be checked against the plate patch before anybody acts.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from morina.plates import Plate, skeleton, swaps
from morina.sense import Read
from morina.watch.listing import Difference, Differs, Hit, Likeness, Listed
from morina.watch.store import Changes

AT_A_TIME = 2_000


class Hotlists:
    """Every listing, indexed by skeleton so that one look-up answers one read.

    ``most_swaps`` is how many look-alike characters a read may have confused and still hit; 0
    accepts only the listed text. A list that lacks owner, purpose or legal basis is not matched.
    ``revision`` is that of the changes applied last. Not
    thread-safe.
    """

    def __init__(self, listed: Iterable[Listed] = (), *, most_swaps: int = 2) -> None:
        self._most_swaps = most_swaps
        self._by_id: dict[UUID, Listed] = {}
        self._by_skeleton: dict[str, list[Listed]] = {}
        self._emptied: dict[UUID, int] = {}
        self.revision = 0
        for one in listed:
            self._put(one)

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._emptied else len(self._by_id)

    def __iter__(self) -> Iterator[Listed]:
        return (one for one in self._by_id.values() if not self._is_out(one))

    def apply(self, changes: Changes) -> None:
        """Follow what the store says has changed; applying the same changes again does no harm."""
        self._emptied.update(changes.emptied)
        for listing_id in changes.withdrawn:
            self._drop(listing_id)
        for one in changes.added:
            self._drop(one.listing.listing_id)
            self._put(one)
        self.revision = changes.revision

    def match(self, read: Read) -> list[Hit]:
        """The listings, in force when the read was captured, that it may be; closest first."""
        if read.plate is None:
            return []
        alike = self._by_skeleton.get(skeleton(read.plate.text), ())
        hits = [
            Hit(read.read_id, one, *compare(read.plate, one.listing.plate))
            for one in alike
            if one.listing.in_force_at(read.captured_at) and not self._is_out(one)
        ]
        return sorted((hit for hit in hits if self._close_enough(hit)), key=_closest_first)

    def let_go(self) -> Iterator[None]:
        """Free the memory of lists that were taken out, a little at each step."""
        if not self._emptied:
            return
        for count, listing_id in enumerate(tuple(self._by_id), 1):
            one = self._by_id.get(listing_id)
            if one and self._is_out(one):
                self._drop(listing_id)
            if count % AT_A_TIME == 0:
                yield

    def _is_out(self, one: Listed) -> bool:
        """Whether its whole list was taken out after it was put there."""
        return one.hotlist.version <= self._emptied.get(one.hotlist.hotlist_id, 0)

    def _close_enough(self, hit: Hit) -> bool:
        swapped = sum(point.differs is Differs.CHARACTER for point in hit.differences)
        return swapped <= self._most_swaps

    def _put(self, one: Listed) -> None:
        if one.hotlist.lacks:
            return
        self._by_id[one.listing.listing_id] = one
        self._by_skeleton.setdefault(skeleton(one.listing.plate.text), []).append(one)

    def _drop(self, listing_id: UUID) -> None:
        gone = self._by_id.pop(listing_id, None)
        if gone is None:
            return
        key = skeleton(gone.listing.plate.text)
        left = [one for one in self._by_skeleton[key] if one is not gone]
        if left:
            self._by_skeleton[key] = left
        else:
            del self._by_skeleton[key]


def compare(seen: Plate, listed: Plate) -> tuple[Likeness, tuple[Difference, ...]]:
    """How two plates of one skeleton agree, and each point on which they do not.

    An exact hit needs the same text and the same country; a read without a country can at best
    be COUNTRY_UNKNOWN. Raises ValueError when the texts are no look-alikes.
    """
    characters = tuple(
        Difference(Differs.CHARACTER, swap.place, swap.read, swap.listed)
        for swap in swaps(seen.text, listed.text)
    )
    if seen.country is not None and seen.country == listed.country:
        return (Likeness.LOOK_ALIKE if characters else Likeness.EXACT), characters
    country = Difference(Differs.COUNTRY, 0, seen.country or "", listed.country or "")
    if characters:
        return Likeness.LOOK_ALIKE, (*characters, country)
    if seen.country is None or listed.country is None:
        return Likeness.COUNTRY_UNKNOWN, (country,)
    return Likeness.OTHER_COUNTRY, (country,)


def _closest_first(hit: Hit) -> tuple[int, int, int, str]:
    listing = hit.listed.listing
    return (-hit.likeness, len(hit.differences), -listing.priority, str(listing.listing_id))
