"""Was here, and also there: vehicles seen in two or more areas, each at its time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from morina.records.figures import Period
from morina.records.kinds import RefusedQuestionError
from morina.records.place import Place
from morina.records.questions import Answer, Coverage, Scope
from morina.records.running import Running, StoppedError
from morina.records.wording import period_in_words, where_in_words

MOST_AREAS = 4
PLACES_ONLY = "passages are told apart by text as it was read; countries and corrections are not"


@dataclass(frozen=True, slots=True)
class Area:
    """Some cameras during some time; ``name`` is what the officer calls it. A ``place`` becomes
    ``cameras`` before anything is looked at."""

    name: str
    cameras: frozenset[str]
    period: Period
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BothPlaces:
    """Which vehicles were in each of ``areas``.

    With ``in_order`` in the order given, else in any. ``apart`` is the least time from a passage
    in one area to one in the next. With ``look_alikes`` texts of one look-alike class count as
    one vehicle, which finds the misread and joins strangers.
    """

    areas: tuple[Area, ...]
    in_order: bool = False
    apart: timedelta = timedelta()
    look_alikes: bool = False
    after: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.areas) <= MOST_AREAS:
            raise RefusedQuestionError(
                "areas", "are too few or too many", f"give 2 to {MOST_AREAS}"
            )
        if not all(area.cameras or area.place for area in self.areas):
            raise RefusedQuestionError("areas", "one has no cameras", "choose some in each")
        if not timedelta() <= self.apart <= timedelta(days=365):
            raise RefusedQuestionError("apart", "is out of reach", "give up to a year")

    @property
    def scope(self) -> Scope:
        """All areas and their times together."""
        begins = min(area.period.begins_at for area in self.areas)
        ends = max(area.period.ends_at for area in self.areas)
        cameras = frozenset[str]().union(*(area.cameras for area in self.areas))
        return Scope(period=Period(begins, ends), cameras=cameras)

    @property
    def plates(self) -> tuple[str, ...]:
        """None is asked for."""
        return ()

    def words(self) -> str:
        """See Question."""
        each = [
            f"{area.name} ({where_in_words(area.cameras, area.place)}) "
            f"{period_in_words(area.period)}"
            for area in self.areas
        ]
        parts = [("then in " if self.in_order else "and in ").join(f"{one} " for one in each)]
        if self.apart:
            parts.append(f"at least {self.apart} apart")
        if self.look_alikes:
            parts.append("look-alikes as one")
        return "which vehicles were in " + ", ".join(part.strip() for part in parts)


@dataclass(frozen=True, slots=True)
class Stay:
    """In one area: its first and last passage, to the second, and how many there were."""

    first_at: datetime
    last_at: datetime
    passages: int


@dataclass(frozen=True, slots=True)
class InAll:
    """One vehicle by its text, with its stay in each area, in the order asked.

    ``texts`` is the text; with look-alikes all of its class that were read, and ``key`` the class.
    """

    key: str
    texts: tuple[str, ...]
    stays: tuple[Stay, ...]


class Areas(Protocol):
    """What finds the vehicles of several areas."""

    async def in_all(
        self, asked: BothPlaces, most: int, running: Running
    ) -> tuple[Sequence[InAll], int]:
        """At most so many, by key, after ``asked.after``; and how many there are in all."""


async def both_places(areas: Areas, asked: BothPlaces, running: Running) -> Answer[InAll]:
    """A page of those found, by text. The first note says how many there are in all.

    The areas are compared as wholes, so an answer that had to stop has looked at nothing.
    """
    period = asked.scope.period
    try:
        found, of = await areas.in_all(asked, running.limits.rows + 1, running)
    except StoppedError as stopped:
        coverage = Coverage(asked=period, covered=None, stopped=stopped.why)
        return Answer(found=(), coverage=coverage)
    running.share = 1.0
    shown = tuple(found[: running.limits.rows])
    answer = Answer(
        found=shown,
        coverage=Coverage(asked=period, covered=period),
        notes=(f"{of:,} vehicles in all", PLACES_ONLY),
    )
    return replace(answer, more=shown[-1].key) if len(found) > len(shown) else answer
