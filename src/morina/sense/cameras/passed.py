"""What passed a camera, counted by the hour: this week's hours, and what is usual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

WEEK_HOURS = 168
LEAST_WEEKS, MOST_WEEKS = 2, 8
"""How many weeks make a usual. Own choice: one week is no habit, more would lag the season."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Counts and sums over a stretch of time, so that stretches can be added.

    ``confidence_sum`` is over the passages read, ``width_sum`` (pixels) over the ``measured``
    plates with a box, ``delay_sum`` (camera to Morina) and ``link_sum`` (site to node), seconds,
    over the ``fresh`` ones that were not sent again. ``compared`` were read by the camera and by
    Morina, ``differing`` of them differently.
    """

    passages: int = 0
    unread: int = 0
    confidence_sum: float = 0.0
    measured: int = 0
    width_sum: float = 0.0
    compared: int = 0
    differing: int = 0
    clock_wrong: int = 0
    fresh: int = 0
    delay_sum: float = 0.0
    link_sum: float = 0.0

    def __add__(self, other: "Passed") -> "Passed":
        return added([self, other])

    @property
    def unread_share(self) -> float | None:
        """Of the passages, 0 to 1."""
        return _over(self.unread, self.passages)

    @property
    def confidence(self) -> float | None:
        """Mean of the passages read, 0 to 1."""
        return _over(self.confidence_sum, self.passages - self.unread)

    @property
    def plate_width_px(self) -> float | None:
        """Mean, pixels of the overview image."""
        return _over(self.width_sum, self.measured)

    @property
    def differing_share(self) -> float | None:
        """Of the texts compared, 0 to 1."""
        return _over(self.differing, self.compared)

    @property
    def delay_s(self) -> float | None:
        """Mean from capture to Morina, seconds; the camera's clock error is in it."""
        return _over(self.delay_sum, self.fresh)

    @property
    def link_s(self) -> float | None:
        """Mean from Morina at the site to the node's store, seconds."""
        return _over(self.link_sum, self.fresh)


NOTHING = Passed()
_NAMES = tuple(one.name for one in fields(Passed))


def added(stretches: Iterable[Passed]) -> Passed:
    """All of these stretches together."""
    each = list(stretches)
    return Passed(**{name: sum([getattr(one, name) for one in each]) for name in _NAMES})


@dataclass(frozen=True, slots=True)
class Hour:
    """What passed from ``begins_at``, a full hour, on."""

    begins_at: datetime
    passed: Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What one camera's ``weeks`` past weeks say: by hour of week, and altogether.

    ``passages`` and ``unread_share`` have 168 entries from Monday 0 to 1 o'clock on, in the zone
    asked for; the first is a median over the weeks, so that one blind night does not become usual.
    """

    weeks: int
    passages: tuple[float, ...]
    unread_share: tuple[float | None, ...]
    altogether: Passed


def total(hours: Iterable[Hour]) -> Passed:
    """All of these hours together."""
    return added(hour.passed for hour in hours)


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """0 for Monday 0 to 1 o'clock there, 167 for Sunday's last hour."""
    here = at.astimezone(zone)
    return here.weekday() * 24 + here.hour


def full_hour(at: datetime) -> datetime:
    """The hour ``at`` lies in, its beginning."""
    return at.replace(minute=0, second=0, microsecond=0)


def weeks_known(first: datetime, now: datetime) -> int:
    """Whole weeks since a camera's first hour, at most as many as are looked at."""
    return min(MOST_WEEKS, max(0, (now - first) // timedelta(weeks=1)))


def usual_of(
    weeks: int, counts: Mapping[int, Sequence[int]], sums: Mapping[int, Passed]
) -> Usual | None:
    """From each hour of week's passages (weeks without any may be left out); None when too new."""
    if weeks < LEAST_WEEKS:
        return None
    padded = [
        [*counts.get(hour, ()), *[0] * (weeks - len(counts.get(hour, ())))]
        for hour in range(WEEK_HOURS)
    ]
    return Usual(
        weeks=weeks,
        passages=tuple(float(median(one)) for one in padded),
        unread_share=tuple(sums.get(hour, NOTHING).unread_share for hour in range(WEEK_HOURS)),
        altogether=added(sums.values()),
    )


def _over(part: float, whole: int) -> float | None:
    return part / whole if whole else None
