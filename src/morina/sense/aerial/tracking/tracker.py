"""Seen again and again at places that agree: a track. On the map plane of one sortie, no further.

Tracks have random names, hold places and boxes, nothing of how anybody looks, and are joined with
nothing: what is lost for longer than ``coast_s`` begins anew.
"""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.assigning import assigned
from morina.sense.aerial.tracking.followed import GAITS, Followed, Gait, Seen, Tracking
from morina.sense.aerial.tracking.motion import distances, square
from morina.sense.aerial.tracking.plane import Plane

__all__ = ["GAITS", "Gait", "Plane", "Seen", "Tracker", "Tracking"]

Where = tuple[float, float]
"""Metres east and north."""


class Tracker:
    """Follows what is seen in one sortie. Its plane lies around the first place seen."""

    def __init__(self, sortie_id: UUID, rules: Tracking | None = None) -> None:
        self._sortie_id = sortie_id
        self._rules = rules or Tracking()
        self._plane: Plane | None = None
        self._followed: list[Followed] = []
        self._gone: list[UUID] = []

    def look(self, at_s: float, seen: Sequence[Seen]) -> Sequence[Track]:
        """One picture's worth, later than the one before; tracks that ended by it."""
        self._refuse_earlier(at_s)
        where = [self._where(one) for one in seen]
        for one in self._followed:
            one.on(at_s)
        sure = [one for one in self._followed if one.sure]
        left = [number for number in self._matched(list(seen), where)
                if seen[number].detection.kind in self._rules.begins]  # fmt: skip
        self._gone += [one.track_id for one in sure if one.written]
        room = self._rules.most_open - len(self._followed)
        for number in left[: max(room, 0)]:
            self._followed.append(Followed.first(self._rules, at_s, seen[number], where[number]))
        return self._ended()

    def open(self) -> Sequence[Track]:
        """Tracks that go on, as they are known now."""
        return self._tracks([one for one in self._followed if one.sure])

    def withdrawn(self) -> Sequence[UUID]:
        """Names of tracks that turned out to be no thing, since last asked."""
        gone, self._gone = self._gone, []
        return gone

    def end(self) -> Sequence[Track]:
        """The sortie is over and every track with it."""
        left, self._followed = self._followed, []
        return self._tracks([one for one in left if one.sure])

    def _refuse_earlier(self, at_s: float) -> None:
        if self._followed and at_s <= self._followed[0].at_s:
            raise ValueError(
                f"{at_s} s is not after {self._followed[0].at_s} s; give in time order"
            )

    def _where(self, seen: Seen) -> tuple[float, float]:
        place = seen.place
        if self._plane is None:
            self._plane = Plane.around(place.latitude, place.longitude)
        return self._plane.metres(place.latitude, place.longitude)

    def _matched(self, seen: Sequence[Seen], where: Sequence[Where]) -> list[int]:
        """Each rank chooses of what those before it leave; numbers of what nobody took."""
        left = list(range(len(seen)))
        ranks = [one.rank for one in self._followed]
        for rank in range(3):
            group = [one for one, its in zip(self._followed, ranks, strict=True) if its == rank]
            costs = self._costs(group, [seen[n] for n in left], [where[n] for n in left])
            taken = {row: left[column] for row, column in assigned(costs, self._rules.gate)}
            for row, one in enumerate(group):
                if row in taken:
                    one.seen(seen[taken[row]], where[taken[row]])
                else:
                    one.missed()
            left = [number for number in left if number not in taken.values()]
        return left

    def _costs(
        self, group: Sequence[Followed], seen: Sequence[Seen], where: Sequence[Where]
    ) -> NDArray[np.float64]:
        """Squared Mahalanobis distances (group, seen), dearer where the kinds differ."""
        if not group or not seen:
            return np.empty((len(group), len(seen)))
        own = np.array([square(one.shaken(self._rules.shaking)) for one in seen])
        costs = distances([one.motion for one in group], np.array(where), own)
        kinds, voted = [one.detection.kind for one in seen], [one.votes.kind for one in group]
        differ = [[_differ(one, kind) for kind in kinds] for one in voted]
        return costs + self._rules.disagree * np.array(differ, np.float64)

    def _ended(self) -> Sequence[Track]:
        over = [one for one in self._followed if one.over()]
        self._followed = [one for one in self._followed if not one.over()]
        return self._tracks([one for one in over if one.sure])

    def _tracks(self, followed: Sequence[Followed]) -> Sequence[Track]:
        plane = self._plane
        return [one.track(self._sortie_id, plane) for one in followed] if plane else []


def _differ(one: ObjectKind, other: ObjectKind) -> bool:
    return one is not other and ObjectKind.MOVING not in (one, other)
