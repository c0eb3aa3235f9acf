"""Where others passed when the target did: windows, meetings and journeys. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from morina.records.camera_places import Places

A_DAY_S = 86_400
UTC = ZoneInfo("UTC")


class Passed(NamedTuple):
    """A vehicle passed a camera; ``second`` of the Unix clock, ``plate`` empty when unread."""

    camera_id: str
    second: int
    plate: str


class Window(NamedTuple):
    """At which cameras, and from which second to which, both included, others are looked for."""

    cameras: frozenset[str]
    begins: int
    ends: int


class Meeting(NamedTuple):
    """A vehicle passed ``camera_id`` at ``second``, near the target's passage ``of``."""

    of: int
    camera_id: str
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What counts as having travelled together.

    Passages at most ``within_s`` apart at ``sites`` places or more, each ``apart_km`` from the
    others, and less than ``level`` such vehicles expected by chance. A journey ends after a
    ``pause`` behind which lies another day of ``zone``; days and hours are counted there.
    """

    within_s: int = 120
    sites: int = 3
    apart_km: float = 1.0
    level: float = 0.01
    pause: timedelta = timedelta(hours=2)
    zone: ZoneInfo = UTC


@dataclass(frozen=True, slots=True)
class Track:
    """The target's passages, oldest first, and the number of the journey each is part of.

    There and back on one day is one journey: who goes there at the same time by chance often
    comes back at the same time.
    """

    passages: tuple[Passed, ...]
    journey: tuple[int, ...]

    @classmethod
    def of(cls, passages: Iterable[Passed], rule: Rule) -> "Track":
        """Two reads of one passage, less than ``within_s`` apart at one camera, are one."""
        kept: list[Passed] = []
        last: dict[str, int] = {}
        for one in sorted(passages, key=lambda one: (one.second, one.camera_id)):
            before = last.get(one.camera_id)
            last[one.camera_id] = one.second
            if before is None or one.second - before > rule.within_s:
                kept.append(one)
        return cls(tuple(kept), tuple(_journeys(kept, rule)))

    @property
    def journeys(self) -> int:
        """How many."""
        return len(set(self.journey))

    def windows(self, places: Places, rule: Rule) -> tuple[Window, ...]:
        """For each passage, where and when another would have met it."""
        w = rule.within_s
        return tuple(
            Window(places.beside[one.camera_id], one.second - w, one.second + w)
            for one in self.passages
        )


def _journeys(passages: Sequence[Passed], rule: Rule) -> Iterable[int]:
    """For each passage the number of its journey."""
    number, day, before = -1, date.min, 0
    for one in passages:
        today = datetime.fromtimestamp(one.second, rule.zone).date()
        paused = one.second - before >= rule.pause.total_seconds()
        if number < 0 or (paused and today != day):
            number, day = number + 1, today
        before = one.second
        yield number


@dataclass(frozen=True, slots=True)
class Met:
    """Who met the target: by plate the closest meeting at each passage; by passage, how many
    vehicles passed in its window, the target not counted, the unread counted."""

    by_plate: Mapping[str, tuple[Meeting, ...]]
    flow: tuple[int, ...]


def meetings(track: Track, windows: Sequence[Window], passed: Iterable[Passed], target: str) -> Met:
    """Puts what passed in the windows to the passages it met."""
    by_camera = _by_camera(windows)
    flow = [0] * len(windows)
    closest: dict[str, dict[int, Meeting]] = {}
    for one in set(passed):
        if one.plate == target:
            continue
        for index in _within(by_camera.get(one.camera_id, ()), windows, one.second):
            flow[index] += 1
            if one.plate:
                _keep(closest.setdefault(one.plate, {}), index, one, track.passages[index])
    met = {plate: tuple(found[of] for of in sorted(found)) for plate, found in closest.items()}
    return Met(met, tuple(flow))


def _keep(found: dict[int, Meeting], index: int, one: Passed, target: Passed) -> None:
    """Keep the meeting where none closer is known."""
    new = Meeting(index, one.camera_id, one.second)
    old = found.get(index)
    if old is None or _gap(new, target) < _gap(old, target):
        found[index] = new


def _gap(one: Meeting, target: Passed) -> tuple[int, int, str]:
    return abs(one.second - target.second), one.second, one.camera_id


def _by_camera(windows: Sequence[Window]) -> dict[str, list[tuple[int, int]]]:
    """By camera, (end, number) of its windows, in order of their ends."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, window in enumerate(windows):
        for camera in window.cameras:
            found.setdefault(camera, []).append((window.ends, number))
    return {camera: sorted(ends) for camera, ends in found.items()}


def _within(
    ends: Sequence[tuple[int, int]], windows: Sequence[Window], second: int
) -> Iterable[int]:
    """The numbers of the windows of one camera that hold the second; all are of one length."""
    for _, number in ends[bisect_left(ends, (second, -1)) :]:
        if windows[number].begins > second:
            return
        yield number


def places_by_journey(
    track: Track, found: Sequence[Meeting], places: Places
) -> dict[int, tuple[str, ...]]:
    """By journey, the cameras apart from each other where the target was met."""
    cameras: dict[int, list[str]] = {}
    for one in found:
        cameras.setdefault(track.journey[one.of], []).append(track.passages[one.of].camera_id)
    return {journey: places.apart(there) for journey, there in cameras.items()}


def follow_shares(track: Track, met: Met, places: Places) -> dict[int, float]:
    """By journey, the share of those met at two of its places who were met at a third.

    Who drives on with the traffic around the target meets it again and again, so a later meeting
    of one journey says little. One is added to both numbers: with few vehicles the share is high
    and later meetings count for nothing.
    """
    twice: Counter[int] = Counter()
    thrice: Counter[int] = Counter()
    for found in met.by_plate.values():
        for journey, there in places_by_journey(track, found, places).items():
            twice[journey] += len(there) >= 2
            thrice[journey] += len(there) >= 3
    return {journey: (thrice[journey] + 1) / (twice[journey] + 1) for journey in twice}
