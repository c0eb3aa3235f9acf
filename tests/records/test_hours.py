"""Times of day and days of the week, over midnight and where the clocks change."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from morina.records.figures import Period
from morina.records.habits import Stay, habits_of, remembered_days
from morina.records.hours import has
from morina.records.questions import Coverage, Hours
from morina.records.windows import share_done, windows

ZONE = ZoneInfo("Europe/Tirane")
FRIDAY, SATURDAY = 4, 5
SUMMER_ENDS = datetime(2026, 10, 25, 1, tzinfo=UTC)


def here(day: int, hour: int, minute: int = 0, *, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE, fold=fold)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    night = Hours(
        zone=ZONE, begins=time(22), ends=time(6), weekdays=frozenset({FRIDAY})
    )  # 20 November 2026 is a Friday
    assert has(night, here(20, 22))
    assert has(night, here(21, 5, 59))
    assert not has(night, here(21, 6))
    assert not has(night, here(20, 5))
    assert not has(night, here(21, 22))


def test_begin_and_end_alike_are_a_whole_day_from_there() -> None:
    day = Hours(zone=ZONE, begins=time(8), ends=time(8), weekdays=frozenset({FRIDAY}))
    assert has(day, here(20, 8))
    assert has(day, here(21, 7, 59))
    assert not has(day, here(21, 8))
    assert has(Hours(zone=ZONE), here(21, 8))


def test_the_hour_that_comes_twice_is_in_twice() -> None:
    hours = Hours(zone=ZONE, begins=time(2), ends=time(3))
    times = [SUMMER_ENDS + timedelta(minutes=30 * n) for n in range(-4, 6)]
    assert [has(hours, at) for at in times] == [False, False, True, True, True, True] + [False] * 4


def test_windows_join_from_the_newest_down_and_grow() -> None:
    end = datetime(2026, 11, 1, tzinfo=UTC)
    period = Period(end - timedelta(days=40), end)
    parts = list(windows(period))
    assert parts[0].ends_at == period.ends_at
    assert parts[-1].begins_at == period.begins_at
    assert all(late.begins_at == early.ends_at for late, early in pairwise(parts))
    long = [part.ends_at - part.begins_at for part in parts]
    assert long[:3] == [timedelta(hours=6), timedelta(hours=24), timedelta(hours=96)]
    assert len(parts) == 5
    assert share_done(period, end - timedelta(days=10)) == 0.25


def test_days_remembered_are_those_of_the_period_still_kept() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    asked = Period(now - timedelta(days=365), now + timedelta(days=1))
    kept = Coverage(asked=asked, covered=asked, remembered_since=now - timedelta(days=89.5))
    assert remembered_days(kept, now) == 90
    assert remembered_days(Coverage(asked=asked, covered=asked), now) is None
    forgotten = Coverage(
        asked=Period(now - timedelta(days=9), now - timedelta(days=8)),
        covered=None,
        remembered_since=now - timedelta(days=7),
    )
    assert remembered_days(forgotten, now) == 0


def test_habits_are_summed_by_camera() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    hours = (3,) + (0,) * 167, (0,) * 167 + (1,)
    stays = [
        Stay("in", 3, now, now + timedelta(hours=2), hours[0]),
        Stay("out", 1, now - timedelta(days=1), now, hours[1]),
        Stay("out", 3, now + timedelta(days=1), now + timedelta(days=2), hours[0]),
    ]
    habits = habits_of(stays)
    assert habits is not None
    assert [(stay.at, stay.passages) for stay in habits.by_camera] == [("out", 4), ("in", 3)]
    assert (habits.by_hour[0], habits.by_hour[167], habits.passages) == (6, 1, 7)
    assert (habits.first_at, habits.last_at) == (
        now - timedelta(days=1), now + timedelta(days=2),
    )  # fmt: skip
