"""A week of passages by hour as a small drawing, made here so that no script is needed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from morina.desk.pages.markup import tag
from morina.sense.cameras.health import Rules
from morina.sense.cameras.passed import WEEK_HOURS, Hour, Usual, full_hour, hour_of_week

HEIGHT = 32.0


def sparkline(
    hours: Sequence[Hour], usual: Usual | None, at: datetime, words: tuple[str, Rules]
) -> None:
    """Bars of the seven days before ``at``, and what is usual as a line; ``words`` say it."""
    title, rules = words
    counted, expected = week_of(hours, usual, at, rules.zone)
    with tag(
        "svg", "", "spark", viewBox=f"0 0 {WEEK_HOURS} {HEIGHT:.0f}", role="img",
        preserveAspectRatio="none", aria_label=title,
    ):  # fmt: skip
        tag("path", "", "bars", d=counted)
        if expected:
            tag("polyline", "", "usual", points=expected)


def week_of(
    hours: Sequence[Hour], usual: Usual | None, at: datetime, zone: ZoneInfo
) -> tuple[str, str]:
    """``bars`` of the seven days before ``at``, and the ``line`` of what is usual, or nothing."""
    begins_at = full_hour(at) - timedelta(hours=WEEK_HOURS - 1)
    each = [begins_at + timedelta(hours=n) for n in range(WEEK_HOURS)]
    came = {hour.begins_at: hour.passed.passages for hour in hours}
    counts = [float(came.get(one, 0)) for one in each]
    expected = [usual.passages[hour_of_week(one, zone)] for one in each] if usual else []
    most = max([*counts, *expected, 1.0])
    return bars(counts, most), line(expected, most)


def bars(counts: Sequence[float], most: float) -> str:
    """One bar an hour, one unit wide, as the data of an SVG path."""
    return "".join(
        f"M{n} {HEIGHT:.0f}v-{count / most * HEIGHT:.1f}h1V{HEIGHT:.0f}z"
        for n, count in enumerate(counts)
        if count
    )


def line(expected: Sequence[float], most: float) -> str:
    """The middle of each hour, as the points of an SVG polyline."""
    return " ".join(
        f"{n + 0.5:.1f},{HEIGHT - one / most * HEIGHT:.1f}" for n, one in enumerate(expected)
    )
