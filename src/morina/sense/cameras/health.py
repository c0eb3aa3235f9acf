"""Whether a camera sees as it should: its figures and its usual in, findings out.

The rules and their numbers are this project's own choice (docs/cameras/health.md says why); no
standard gives any. A finding is for a technician and never becomes an operator's alert.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.sense.cameras.chances import at_most, wilson
from morina.sense.cameras.condition import Fault, Figures, Finding, Rules, Sight
from morina.sense.cameras.daylight import is_night, sun_elevation
from morina.sense.cameras.passed import Hour, Passed, Usual, full_hour, hour_of_week, total

__all__ = ["Fault", "Figures", "Finding", "Rules", "findings"]

FEW_WINDOWS_H = (1, 3, 6, 12, 24)
LEAST_EXPECTED = 4.0
"""Passages that must be usual in a window before it says whether the camera is back."""

SHARE_WINDOWS_H = (3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class _Look:
    figures: Figures
    usual: Usual | None
    rules: Rules
    standing: Collection[Fault]

    def limit(self, fault: Fault, limit: float) -> float:
        """The distance from usual that is too far; nearer for a finding that stands."""
        return limit * self.rules.ease if fault in self.standing else limit

    def sample(self, size: Callable[[Passed], int]) -> tuple[datetime, Passed] | None:
        """The shortest of the last hours with enough to judge, and what passed since."""
        for hours in SHARE_WINDOWS_H:
            since = full_hour(self.figures.at) - timedelta(hours=hours - 1)
            passed = self.figures.since(since)
            if size(passed) >= self.rules.least_sample:
                return since, passed
        return None


def findings(
    figures: Figures, usual: Usual | None, rules: Rules, standing: Collection[Fault] = ()
) -> list[Finding]:
    """What is wrong, in the order of ``Fault``; ``standing`` are those found before."""
    look = _Look(figures, usual, rules, standing)
    return [finding for check in _CHECKS for finding in check(look)]


def _silent(look: _Look) -> Iterator[Finding]:
    """A followed camera gives no picture."""
    figures = look.figures
    if not figures.follows:
        return
    if figures.last_frame_at is None:
        if figures.last_error:
            yield _found(Fault.SILENT, minutes="?", error=figures.last_error)
        return
    silent_s = (figures.at - figures.last_frame_at).total_seconds()
    if silent_s > look.limit(Fault.SILENT, look.rules.silent_s):
        error = figures.last_error or "-"
        yield _found(Fault.SILENT, minutes=f"{silent_s / 60:.0f}", error=error)


def _few(look: _Look) -> Iterator[Finding]:
    """Fewer passages than half the usual would give by chance.

    Of the last full hours, the shortest window that shows it: at a busy camera one hour does, on a
    quiet road a day may be needed, and a quiet night shows nothing. A camera whose newest hours
    are as usual again shows nothing either, however blind it was before.
    """
    if look.usual is None:
        return
    below = look.rules.few_below / (look.rules.ease if Fault.FEW in look.standing else 1.0)
    is_low = False
    for hours in FEW_WINDOWS_H:
        came, expected = _against_usual(look, look.usual, hours)
        if came is None:
            return
        is_low = is_low or expected >= LEAST_EXPECTED
        if is_low and came >= below * expected:
            return
        if is_low and at_most(came, below * expected) < look.rules.few_chance:
            yield _found(Fault.FEW, n=f"{came}", usual=f"{expected:.0f}", hours=f"{hours}")
            return


def _against_usual(look: _Look, usual: Usual, hours: int) -> tuple[int | None, float]:
    """What came in the last full hours and what usually does; None when the node was not up."""
    ends_at = full_hour(look.figures.at)
    begins_at = ends_at - timedelta(hours=hours)
    each = (begins_at + timedelta(hours=n) for n in range(hours))
    expected = sum(usual.passages[hour_of_week(one, look.rules.zone)] for one in each)
    up_since = look.figures.up_since
    if up_since and begins_at < up_since and Fault.FEW not in look.standing:
        return None, expected
    return look.figures.since(begins_at, ends_at).passages, expected


def _unread(look: _Look) -> Iterator[Finding]:
    """Clearly more passages without a plate than usual at these hours."""
    sample = look.sample(lambda passed: passed.passages)
    if sample is None:
        return
    since, passed = sample
    usual = _usual_unread(look, since)
    if usual is None:
        limit = look.limit(Fault.UNREAD, look.rules.unread_without_usual)
    else:
        limit = min(0.9, usual + look.limit(Fault.UNREAD, look.rules.unread_above_usual))
    interval = wilson(passed.unread, passed.passages)
    if interval and interval.low > limit:
        yield _found(
            Fault.UNREAD,
            n=f"{passed.unread}", of=f"{passed.passages}", since=_clock(look, since),
            usual="?" if usual is None else f"{usual:.0%}",
        )  # fmt: skip


def _usual_unread(look: _Look, since: datetime) -> float | None:
    """The share expected of what passed since, hour by hour; None where it is not known."""
    if look.usual is None:
        return None
    everywhere = look.usual.altogether.unread_share
    expected, passages = 0.0, 0
    for hour in look.figures.hours:
        if hour.begins_at >= since:
            share = look.usual.unread_share[hour_of_week(hour.begins_at, look.rules.zone)]
            expected += hour.passed.passages * ((share if share is not None else everywhere) or 0.0)
            passages += hour.passed.passages
    return expected / passages if passages and everywhere is not None else None


def _unsure(look: _Look) -> Iterator[Finding]:
    """Plates are read, but with less confidence than usual."""
    usual = look.usual.altogether.confidence if look.usual else None
    sample = look.sample(lambda passed: passed.passages - passed.unread)
    if usual is None or sample is None:
        return
    now = sample[1].confidence or 0.0
    if usual - now > look.limit(Fault.UNSURE, look.rules.confidence_drop):
        yield _found(
            Fault.UNSURE, now=f"{now:.0%}", usual=f"{usual:.0%}", since=_clock(look, sample[0])
        )


def _turned(look: _Look) -> Iterator[Finding]:
    """Plates are smaller or larger than usual: the view is another."""
    usual = look.usual.altogether.plate_width_px if look.usual else None
    sample = look.sample(lambda passed: passed.measured)
    if usual is None or sample is None:
        return
    change = (sample[1].plate_width_px or 0.0) / usual - 1
    if abs(change) > look.limit(Fault.TURNED, look.rules.width_change):
        yield _found(
            Fault.TURNED,
            change=f"{change:+.0%}", usual=f"{usual:.0f}", since=_clock(look, sample[0]),
        )  # fmt: skip


def _night(look: _Look) -> Iterator[Finding]:
    """By night far more passages stay unread than by day, over the last week."""
    by_light: dict[bool, list[Hour]] = {True: [], False: []}
    for hour in look.figures.hours:
        by_light[_is_dark(look, hour)].append(hour)
    by_night, by_day = total(by_light[True]), total(by_light[False])
    night = wilson(by_night.unread, by_night.passages)
    day = wilson(by_day.unread, by_day.passages)
    if night is None or day is None or min(night.of, day.of) < look.rules.least_sample:
        return
    if night.low - day.high > look.limit(Fault.NIGHT, look.rules.night_above_day):
        yield _found(Fault.NIGHT, night=f"{night.share:.0%}", day=f"{day.share:.0%}")


def _is_dark(look: _Look, hour: Hour) -> bool:
    return is_night(hour.begins_at + timedelta(minutes=30), *look.figures.place)


def _dark(look: _Look) -> Iterator[Finding]:
    """The picture is black, or shows nothing but one tone."""
    sight = _seen(look)
    if sight is None:
        return
    is_back = 1 / look.rules.ease if Fault.DARK in look.standing else 1.0
    dark, flat = look.rules.dark_below * is_back, look.rules.flat_below * is_back
    if sight.light < dark or sight.spread < flat:
        yield _found(Fault.DARK, light=f"{sight.light:.0%}", spread=f"{sight.spread:.0%}")


def _seen(look: _Look) -> Sight | None:
    """What is filmed now, by day; else the newest passage's picture.

    By night a road without a vehicle may well be black to a shutter made for plates. A camera that
    was dark by day stays so until it shows something.
    """
    figures = look.figures
    by_day = sun_elevation(figures.at, *figures.place) > 0
    if figures.filmed and (by_day or Fault.DARK in look.standing):
        return figures.filmed
    return figures.sight


def _clock_wrong(look: _Look) -> Iterator[Finding]:
    """The camera's clock is off by more than the setting."""
    offset = look.figures.clock_offset_s
    if offset is None or abs(offset) <= look.limit(Fault.CLOCK, look.rules.clock_s):
        return
    yield _found(Fault.CLOCK, seconds=f"{offset:+.0f}")


def _disputed(look: _Look) -> Iterator[Finding]:
    """Camera and Morina read the same picture differently too often."""
    sample = look.sample(lambda passed: passed.compared)
    if sample is None:
        return
    passed = sample[1]
    interval = wilson(passed.differing, passed.compared)
    if interval and interval.low > look.limit(Fault.DISPUTED, look.rules.disputed_above):
        yield _found(
            Fault.DISPUTED,
            n=f"{passed.differing}", of=f"{passed.compared}", since=_clock(look, sample[0]),
        )  # fmt: skip


def _late(look: _Look) -> Iterator[Finding]:
    """Reads take too long from the camera to the node."""
    passed = look.figures.since(full_hour(look.figures.at) - timedelta(hours=1))
    if passed.delay_s is None or passed.link_s is None:
        return
    late_s = passed.delay_s + passed.link_s
    if late_s > look.limit(Fault.LATE, look.rules.late_s):
        yield _found(
            Fault.LATE, seconds=f"{late_s:.0f}", camera=f"{passed.delay_s:.0f}",
            link=f"{passed.link_s:.0f}",
        )  # fmt: skip


def _found(fault: Fault, **values: str) -> Finding:
    return Finding(fault=fault, values=values)


def _clock(look: _Look, at: datetime) -> str:
    return f"{at.astimezone(look.rules.zone):%H:%M}"


_CHECKS = (
    _silent, _few, _unread, _unsure, _turned, _night, _dark, _clock_wrong, _disputed, _late,
)  # fmt: skip
