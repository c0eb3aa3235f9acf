"""How often one plate passes, when and where: first, last, usual hours of the week, by camera."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from morina.records.finding import plates_of
from morina.records.questions import Answer, Coverage, Scope
from morina.records.running import Running
from morina.records.texts import Exact, LookAlikes
from morina.records.wording import scope_in_words

HOURS_OF_WEEK = 168
ONLY_REMEMBERED = (
    "counted in what is still remembered: it may have passed before its first time there"
)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindHabits:
    """How often a plate passed in a scope, and its usual times by the clocks of ``zone``."""

    scope: Scope
    text: Exact | LookAlikes
    zone: ZoneInfo
    after: str = ""

    @property
    def plates(self) -> tuple[str, ...]:
        """See kinds.Question."""
        return plates_of(self.text)

    def words(self) -> str:
        """See kinds.Question."""
        return f"habits of {self.text.words()}; {scope_in_words(self.scope)}"


@dataclass(frozen=True, slots=True)
class Stay:
    """What passed one camera in the hours of the week: how often, first and last.

    ``by_hour`` has 168 counts, the first for Monday from midnight to one by the clocks there.
    """

    at: str
    passages: int
    first_at: datetime
    last_at: datetime
    by_hour: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One plate in what is still remembered (``remembered_days``): a first time in it may not be
    the first at all. ``by_camera`` is sorted by how often, the most first."""

    passages: int
    first_at: datetime
    last_at: datetime
    by_hour: tuple[int, ...]
    by_camera: tuple[Stay, ...]


class HabitFinder(Protocol):
    """What finds habits."""

    async def habits(self, asked: FindHabits, running: Running) -> Answer[Habits]:
        """One finding, or none where the plate did not pass. StoppedError when out of time."""


def habits_of(stays: Iterable[Stay]) -> Habits | None:
    """From what passed each camera, in any parts; None where nothing did."""
    groups: dict[str, list[Stay]] = {}
    for stay in stays:
        groups.setdefault(stay.at, []).append(stay)
    if not groups:
        return None
    cameras = _most_first(together(parts, at) for at, parts in groups.items())
    whole = together(cameras, "")
    return Habits(
        passages=whole.passages,
        first_at=whole.first_at,
        last_at=whole.last_at,
        by_hour=whole.by_hour,
        by_camera=cameras,
    )


def together(stays: Iterable[Stay], at: str) -> Stay:
    """Several, of which none counts a passage of another, as one; at least one is given."""
    parts = tuple(stays)
    return Stay(
        at=at,
        passages=sum(part.passages for part in parts),
        first_at=min(part.first_at for part in parts),
        last_at=max(part.last_at for part in parts),
        by_hour=tuple(map(sum, zip(*(part.by_hour for part in parts), strict=True))),
    )


def remembered_days(coverage: Coverage, now: datetime) -> int | None:
    """How many days of the period asked for are still remembered; None where that is not known.

    From the later of the period's begin and ``remembered_since`` to the earlier of its end and
    ``now``, a begun day as a full one.
    """
    if coverage.remembered_since is None:
        return None
    begins_at = max(coverage.asked.begins_at, coverage.remembered_since)
    ends_at = min(coverage.asked.ends_at, now)
    return max(0, -((begins_at - ends_at) // DAY))


def _most_first(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    return tuple(sorted(stays, key=lambda stay: (-stay.passages, stay.at)))
