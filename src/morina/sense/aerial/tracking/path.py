"""What is remembered of one thing while it is followed: places, boxes, votes. Nothing of looks."""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from morina.sense.aerial.detection import Box, ObjectKind
from morina.sense.aerial.track import TrackPoint
from morina.sense.aerial.tracking.motion import Covariance, Motion
from morina.sense.aerial.tracking.plane import Plane

_NUMBERS = 12
"""A point: its time, state, covariance and box, eight bytes each."""


class Path:
    """At most ``most`` points of one thing: where there were more, every second one is dropped and
    from then on half as many are kept. The newest point is always there."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._numbers = array("d")
        self._every = 1
        self._since = 0

    def __len__(self) -> int:
        return len(self._numbers) // _NUMBERS

    def add(self, at_s: float, motion: Motion, covariance: Covariance, box: Box | None) -> None:
        """One more; where the path is thinned it takes the place of a newest one not yet due."""
        if self._since % self._every:
            del self._numbers[-_NUMBERS:]
        corners = (math.nan,) * 4 if box is None else box
        self._numbers.extend((at_s, *motion.mean.tolist(), *covariance, *corners))
        self._since += 1
        if len(self) > self._most:
            self._thin()

    def points(self, plane: Plane) -> Sequence[TrackPoint]:
        """In time order."""
        return tuple(_point(row, plane) for row in self._rows())

    def _rows(self) -> Iterator[Sequence[float]]:
        for start in range(0, len(self._numbers), _NUMBERS):
            yield self._numbers[start : start + _NUMBERS]

    def _thin(self) -> None:
        kept = array("d")
        for number, row in enumerate(self._rows()):
            if number % 2 == 0 or number == len(self) - 1:
                kept.extend(row)
        self._numbers, self._every, self._since = kept, self._every * 2, 1


class Votes:
    """The kinds a thing was seen as and how surely."""

    def __init__(self) -> None:
        self._kinds: Counter[ObjectKind] = Counter()
        self._surely = 0.0

    def add(self, kind: ObjectKind, confidence: float) -> None:
        """One picture."""
        self._kinds[kind] += 1
        self._surely += confidence

    @property
    def seen(self) -> int:
        """In how many pictures."""
        return self._kinds.total()

    @property
    def share(self) -> float:
        """Mean confidence."""
        return self._surely / self.seen

    @property
    def hint(self) -> bool:
        """Whether the moving cue alone saw it."""
        return self._kinds[ObjectKind.MOVING] == self.seen

    @property
    def kind(self) -> ObjectKind:
        """That of most pictures. The moving cue has no vote beside a detector."""
        told = [one for one in self._kinds.most_common() if one[0] is not ObjectKind.MOVING]
        return told[0][0] if told else ObjectKind.MOVING


def _point(row: Sequence[float], plane: Plane) -> TrackPoint:
    at_s, east, north, going_east, going_north, ee, en, nn, left, top, right, bottom = row
    latitude, longitude = plane.place(east, north)
    return TrackPoint(
        at_s=at_s, latitude=latitude, longitude=longitude, covariance=(ee, en, nn),
        speed_ms=math.hypot(going_east, going_north),
        course_deg=math.degrees(math.atan2(going_east, going_north)) % 360,
        box=None if math.isnan(left) else (left, top, right, bottom),
    )  # fmt: skip
