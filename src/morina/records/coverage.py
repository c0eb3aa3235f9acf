"""What an answer could not see: cameras that were down meanwhile, days that are forgotten."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from morina.records.figures import Period
from morina.records.questions import Answer, Coverage, Down, Less, Limits, Scope
from morina.records.retention import Retention
from morina.records.running import Running, StoppedError
from morina.sense.cameras.camera import Camera
from morina.sense.cameras.chances import at_most
from morina.sense.cameras.passed import Usual, full_hour, hour_of_week

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WITHIN = Limits(seconds=5.0)
DOWN_CHANCE = 1e-3
"""Nothing came where half the usual would send nothing less often than this. Own choice."""

NOT_TOLD = "whether cameras were down meanwhile could not be told in time"


class Counted(Protocol):
    """What is known of the reads without looking at any."""

    async def oldest(self, running: Running) -> Mapping[int, datetime]:
        """By days of retention, when the oldest of the reads kept so long was captured."""

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
class Kept:
    """How many days reads of a camera are kept, and whether only hits are."""

    camera_id: str
    days: int
    hits_only: bool = False


def kept_of(cameras: Iterable[Camera], policies: Retention) -> list[Kept]:
    """What the policies say of each camera."""
    return [
        Kept(
            one.camera_id,
            policies.days_of(one.camera_id, one.site),
            policies.forgets_at_once(one.camera_id),
        )
        for one in cameras
    ]


@dataclass(frozen=True, slots=True)
class Coverages:
    """Completes what an answer says of its coverage; ``usuals`` and ``kept``, which tells what is
    kept of each camera there is, are asked at each answer."""

    counted: Counted
    usuals: Callable[[], Usuals]
    kept: Callable[[], Awaitable[Sequence[Kept]]]

    async def completed(self, answer: Answer[Any], scope: Scope, now: datetime) -> Answer[Any]:
        """The answer with ``down`` and ``remembered_since``; a note where that took too long."""
        running = Running(limits=WITHIN)
        try:
            oldest = await self.counted.oldest(running)
            kept = [one for one in await self.kept() if _within(one.camera_id, scope)]
            down = await self._down(answer.coverage, scope, now, running)
        except StoppedError:
            return replace(answer, notes=(*answer.notes, NOT_TOLD))
        since, less = memory_of(kept, oldest, scope.period.begins_at, now)
        covered = replace(answer.coverage, down=down, remembered_since=since, less=less)
        return replace(answer, coverage=covered)

    async def _down(
        self, coverage: Coverage, scope: Scope, now: datetime, running: Running
    ) -> tuple[Down, ...]:
        usuals = self.usuals()
        cameras = {one for one in usuals.of if _within(one, scope)}
        period = whole_hours(coverage.covered, now)
        if period is None or not cameras:
            return ()
        return down_of(await self.counted.gaps(cameras, period, running), usuals)


def memory_of(
    kept: Iterable[Kept], oldest: Mapping[int, datetime], asked_from: datetime, now: datetime
) -> tuple[datetime | None, tuple[Less, ...]]:
    """Since when reads of any of these cameras are kept, None where no read is; and those of which
    less is kept of what was asked for.

    By the policies that hold now and the oldest read under the same days: what was kept longer
    before the days of a camera were cut is not counted on.
    """
    first = min(oldest.values(), default=None)
    cameras: dict[tuple[datetime, bool], list[str]] = defaultdict(list)
    for one in kept:
        since = day_of(now) - (one.days - 1) * DAY
        if first is not None:
            since = max(since, day_of(oldest.get(one.days, first)))
        cameras[since, one.hits_only].append(one.camera_id)
    if first is None:
        remembered = None
    else:
        remembered = min((since for since, _ in cameras), default=day_of(first))
    usual = max(remembered or asked_from, asked_from)
    less = tuple(
        Less(cameras=tuple(sorted(ids)), since=since, hits_only=hits_only)
        for (since, hits_only), ids in sorted(cameras.items())
        if hits_only or since > usual
    )
    return remembered, less


def _within(camera_id: str, scope: Scope) -> bool:
    return scope.cameras is None or camera_id in scope.cameras


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
