"""What an answer could not see: cameras that were down meanwhile, days that are forgotten."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from morina.records.figures import Period
from morina.records.questions import Answer, Coverage, Down, Limits, Scope
from morina.records.running import Running, StoppedError
from morina.sense.cameras.chances import at_most
from morina.sense.cameras.passed import Usual, full_hour, hour_of_week

HOUR = timedelta(hours=1)
WITHIN = Limits(seconds=5.0)
DOWN_CHANCE = 1e-3
"""Nothing came where half the usual would send nothing less often than this. Own choice."""

NOT_TOLD = "whether cameras were down meanwhile could not be told in time"


class Counted(Protocol):
    """What is known of the reads without looking at any."""

    async def oldest(self, running: Running) -> datetime | None:
        """When the oldest read still kept was captured; None where there is none."""

    async def gaps(
        self, cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Down]:
        """Stretches of full hours of ``period`` without a passage, of cameras heard before."""


@dataclass(frozen=True, slots=True)
class Usuals:
    """What usually passes each camera, by hours of the week in ``zone``."""

    of: Mapping[str, Usual]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Coverages:
    """Completes what an answer says of its coverage; ``usuals`` is asked at each answer."""

    counted: Counted
    usuals: Callable[[], Usuals]

    async def completed(self, answer: Answer[Any], scope: Scope, now: datetime) -> Answer[Any]:
        """The answer with ``down`` and ``remembered_since``; a note where that took too long."""
        running = Running(limits=WITHIN)
        try:
            oldest = await self.counted.oldest(running)
            down = await self._down(answer.coverage, scope, now, running)
        except StoppedError:
            return replace(answer, notes=(*answer.notes, NOT_TOLD))
        since = answer.coverage.remembered_since or (oldest and day_of(oldest))
        covered = replace(answer.coverage, down=down, remembered_since=since)
        return replace(answer, coverage=covered)

    async def _down(
        self, coverage: Coverage, scope: Scope, now: datetime, running: Running
    ) -> tuple[Down, ...]:
        usuals = self.usuals()
        cameras = {one for one in usuals.of if scope.cameras is None or one in scope.cameras}
        period = whole_hours(coverage.covered, now)
        if period is None or not cameras:
            return ()
        return down_of(await self.counted.gaps(cameras, period, running), usuals)


def down_of(gaps: Iterable[Down], usuals: Usuals) -> tuple[Down, ...]:
    """Those gaps that are too long for chance, by camera and time."""
    sure = [one for one in gaps if at_most(0, _expected(one, usuals) / 2) < DOWN_CHANCE]
    return tuple(sorted(sure, key=lambda one: (one.camera_id, one.period.begins_at)))


def whole_hours(period: Period | None, now: datetime) -> Period | None:
    """The full hours of a period that are over; None without any."""
    if period is None:
        return None
    begins = full_hour(period.begins_at.astimezone(UTC))
    begins += HOUR if begins < period.begins_at else timedelta()
    ends = full_hour(min(period.ends_at, now).astimezone(UTC))
    return Period(begins, ends) if begins < ends else None


def day_of(at: datetime) -> datetime:
    """The beginning of its day, UTC: days are forgotten whole."""
    return full_hour(at.astimezone(UTC)).replace(hour=0)


def _expected(gap: Down, usuals: Usuals) -> float:
    """Passages usual in these hours."""
    usual = usuals.of.get(gap.camera_id)
    if usual is None:
        return 0.0
    begins, ends = gap.period.begins_at, gap.period.ends_at
    each = (begins + HOUR * n for n in range((ends - begins) // HOUR))
    return sum(usual.passages[hour_of_week(at, usuals.zone)] for at in each)
