"""Journeys: the passages of one plate joined into trips by what travel times are usual. Pure.

No person is predicted: a trip is a row of cameras that read one text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from morina.plates import Plate
from morina.records.clones import Passage, span_words
from morina.records.kinds import RefusedQuestionError
from morina.records.pages import instant_of
from morina.records.patterns import plain_text
from morina.records.questions import Looks, Scope
from morina.records.roads import Link, Roads
from morina.records.running import Running
from morina.records.ways import bearing, km_between
from morina.records.wording import scope_in_words
from morina.sense.cameras import Camera

MUCH_LONGER = 2.0
PAUSE_S = 600.0
"""A gap longer than so many times the slow travel time and so many seconds more ends a trip."""

CRAWL_KMH = 50.0
"""The slow speed assumed between cameras of which too little is known. Own choices."""

LEAST_KM = 0.2
"""Cameras nearer than this say nothing of a direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindJourneys:
    """The trips of one plate in the scope, newest first."""

    scope: Scope
    plate: str
    after: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "plate", plain_text(self.plate, "plate"))
        if self.after:
            instant_of(self.after)
        if self.scope.hours is not None or self.scope.looks != Looks():
            raise RefusedQuestionError(
                "scope", "hours and looks would tear trips apart", "leave them out"
            )

    @property
    def plates(self) -> tuple[str, ...]:
        """See kinds.Question."""
        return (self.plate,)

    def words(self) -> str:
        """See kinds.Question."""
        return f"journeys of plate {self.plate}; {scope_in_words(self.scope)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """From one passage of a trip to the next.

    ``usual`` is None where too little is known of that pair. ``distance_km`` is the straight way
    and ``heading`` its direction, degrees from north; None where a camera's place is not known,
    ``heading`` also where both stand together.
    """

    first: Passage
    second: Passage
    took_s: float
    usual: Link | None
    distance_km: float | None
    heading: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Passages of one plate, oldest first, none much later than is usual after the one before.

    ``heading`` is from the first camera to the last, degrees from north. ``view`` is where the
    last camera looks, None where that is not known; a vehicle read there drives along it or
    against it, so it is no direction of travel by itself. ``ended`` says in words why it ends
    there.
    """

    plate: Plate
    passages: tuple[Passage, ...]
    legs: tuple[Leg, ...]
    heading: float | None
    view: float | None
    ended: str = ""

    @property
    def took_s(self) -> float:
        """From first to last passage."""
        return (self.passages[-1].at - self.passages[0].at).total_seconds()


class Travelled(Protocol):
    """What knows a plate's passages, and which cameras follow which."""

    async def passages(
        self, asked: FindJourneys, most: int, running: Running
    ) -> Sequence[tuple[Plate, Passage]]:
        """The newest ``most`` passages of the text in the scope, newest first."""

    async def roads(self, running: Running) -> Roads:
        """The graph of the last days as far as it was learned; StoppedError where nothing was
        yet."""


LAST = "no later passage was found"


def trips(
    plate: Plate, passages: Iterable[Passage], roads: Roads, cameras: Mapping[str, Camera]
) -> list[Trip]:
    """Passages joined into trips, oldest first."""
    ordered = sorted(passages, key=lambda one: (one.at, one.camera_id))
    parts: list[list[Passage]] = [ordered[:1]] if ordered else []
    for before, passage in pairwise(ordered):
        if goes_on(before, passage, roads, cameras):
            parts[-1].append(passage)
        else:
            parts.append([passage])
    joined = [_trip(plate, part, roads, cameras) for part in parts]
    ends = [_ended(one[-1], other[0], roads, cameras) for one, other in pairwise(parts)]
    return [replace(one, ended=why) for one, why in zip(joined, [*ends, LAST], strict=False)]


def goes_on(first: Passage, second: Passage, roads: Roads, cameras: Mapping[str, Camera]) -> bool:
    """Whether the gap is not much longer than is usual between the two cameras."""
    gap_s = (second.at - first.at).total_seconds()
    return gap_s <= MUCH_LONGER * slow_s(first, second, roads, cameras) + PAUSE_S


def slow_s(first: Passage, second: Passage, roads: Roads, cameras: Mapping[str, Camera]) -> float:
    """The slow travel time between two cameras: what is usual, or the straight way at CRAWL_KMH."""
    link = roads.link(*_ids(first, second))
    if link is not None:
        return link.slow_s
    km = _km(first, second, cameras)
    return 0.0 if km is None else km / CRAWL_KMH * 3600


def _ended(first: Passage, second: Passage, roads: Roads, cameras: Mapping[str, Camera]) -> str:
    """Why the second passage is of another trip."""
    slow, link = slow_s(first, second, roads, cameras), roads.link(*_ids(first, second))
    gap = span_words((second.at - first.at).total_seconds())
    most, pause = span_words(MUCH_LONGER * slow + PAUSE_S), span_words(PAUSE_S)
    told = f"the next passage came {gap} later, and after {most} another journey begins"
    if link is not None:
        return (
            f"{told}; that is twice the {span_words(slow)} in which nine of ten get there, and "
            f"{pause} more"
        )
    if _km(first, second, cameras) is None:
        return f"{told}; the place of a camera is not known, so the way there counts for nothing"
    return (
        f"{told}; too little is known of that way, so it is twice the straight one at "
        f"{CRAWL_KMH:.0f} km/h, and {pause} more"
    )


def _ids(first: Passage, second: Passage) -> tuple[str, str]:
    return first.camera_id, second.camera_id


def _trip(
    plate: Plate, part: Sequence[Passage], roads: Roads, cameras: Mapping[str, Camera]
) -> Trip:
    legs = tuple(_leg(first, second, roads, cameras) for first, second in pairwise(part))
    last = cameras.get(part[-1].camera_id)
    return Trip(
        plate=plate,
        passages=tuple(part),
        legs=legs,
        heading=_heading(part[0], part[-1], cameras),
        view=last.bearing if last and last.bearing else None,
    )


def _leg(first: Passage, second: Passage, roads: Roads, cameras: Mapping[str, Camera]) -> Leg:
    return Leg(
        first=first,
        second=second,
        took_s=(second.at - first.at).total_seconds(),
        usual=roads.link(*_ids(first, second)),
        distance_km=_km(first, second, cameras),
        heading=_heading(first, second, cameras),
    )


def _km(first: Passage, second: Passage, cameras: Mapping[str, Camera]) -> float | None:
    one, other = cameras.get(first.camera_id), cameras.get(second.camera_id)
    return km_between(one, other) if one and other else None


def _heading(first: Passage, second: Passage, cameras: Mapping[str, Camera]) -> float | None:
    one, other = cameras.get(first.camera_id), cameras.get(second.camera_id)
    if one is None or other is None or km_between(one, other) < LEAST_KM:
        return None
    return bearing(one, other)
