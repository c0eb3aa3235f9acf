"""Live video is looked at as it comes: the newest picture wins, and what is passed over is counted.

One thread puts pictures and telemetry, one looks, one asks what is new. What waits is bounded: one
picture, and the telemetry of half a minute.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from morina.sense.aerial.ground import Ground, NoPlaceError
from morina.sense.aerial.looking.look import Looks
from morina.sense.aerial.looking.pictures import Picture
from morina.sense.aerial.looking.times import Timeline
from morina.sense.aerial.telemetry import Flight, Telemetry
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.tracker import Tracker

KEPT_S = 30.0
MOST_SAID = 3000
MOST_GAP_S = 2.0
"""Between sayings of the aircraft further apart nothing is plotted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Since last asked: tracks as they are now, names of those that turned out to be no thing, and
    how many pictures were looked at. ``size``: of the last picture, across and down; (0, 0) before
    the first."""

    tracks: Sequence[Track]
    gone: Sequence[UUID]
    looked: int
    size: tuple[int, int] = (0, 0)


class Newest:
    """Holds one picture. ``skipped`` counts those a newer one took the place of."""

    def __init__(self) -> None:
        self._has = threading.Condition()
        self._picture: Picture | None = None
        self._skipped = 0

    def put(self, picture: Picture) -> None:
        """Never waits."""
        with self._has:
            self._skipped += self._picture is not None
            self._picture = picture
            self._has.notify()

    def passed_over(self, count: int) -> None:
        """So many more never came here."""
        with self._has:
            self._skipped += count

    def take(self, within_s: float) -> Picture | None:
        """None where none came within that time."""
        with self._has:
            self._has.wait_for(lambda: self._picture is not None, within_s)
            taken, self._picture = self._picture, None
            return taken

    def skipped(self) -> int:
        """Since last asked."""
        with self._has:
            count, self._skipped = self._skipped, 0
            return count


class Said:
    """What the aircraft said lately."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._has = threading.Condition()
        self._said = deque[Telemetry](maxlen=MOST_SAID)

    def hear(self, one: Telemetry) -> None:
        """One saying; older ones are let go."""
        with self._has:
            self._said.append(one)
            while one.at_s - self._said[0].at_s > KEPT_S:
                self._said.popleft()
            self._has.notify()

    def flight(self, at_s: float, within_s: float) -> Flight:
        """What it said, waiting that long for words at or after ``at_s``."""
        with self._has:
            self._has.wait_for(lambda: self._said and self._said[-1].at_s >= at_s, within_s)
            return Flight(source=self._source, telemetry=tuple(self._said))


class LiveLooking:
    """``looks`` at pictures of a sortie that flies; a picture waits ``patient_s`` for telemetry."""

    def __init__(
        self, said: Said, ground: Ground, looks: Looks, tracker: Tracker, patient_s: float = 0.5
    ) -> None:
        self._said, self._ground, self._looks = said, ground, looks
        self._tracker, self._patient_s = tracker, patient_s
        self._lock = threading.Lock()
        self._last_s = -1.0
        self._looked = 0
        self._size = (0, 0)
        self._ended: list[Track] = []
        self._fault = ""

    @property
    def fault(self) -> str:
        """Why the last picture could not be placed, in words; empty where it could."""
        return self._fault

    def look(self, picture: Picture) -> None:
        """One picture; one that is not later than the last is passed over."""
        if picture.at_s <= self._last_s:
            return
        self._last_s = picture.at_s
        self._size = (picture.image.shape[1], picture.image.shape[0])
        flight = self._said.flight(picture.at_s, self._patient_s)
        told = Timeline(flight, MOST_GAP_S).at(picture.at_s)
        if told is None:
            return
        try:
            seen = self._looks.seen(picture, self._ground.pose(flight, told))
        except NoPlaceError as error:
            self._fault = str(error)
            return
        self._fault = ""
        if seen is not None:
            with self._lock:
                self._looked += 1
                self._ended += self._tracker.look(picture.at_s, seen)

    def news(self) -> News:
        """What is new."""
        with self._lock:
            gone = self._tracker.withdrawn()
            tracks = [one for one in self._ended if one.track_id not in gone]
            going, looked = self._tracker.open(), self._looked
            news = News(tracks=(*tracks, *going), gone=gone, looked=looked, size=self._size)
            self._ended, self._looked = [], 0
            return news
