"""A period looked through in parts, the newest first and each longer than the one before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from morina.records.figures import Period

FIRST = timedelta(hours=6)
GROWTH = 4
"""So a page fills from few reads where much passes, and a year takes few statements."""


def windows(period: Period, first: timedelta = FIRST) -> Iterator[Period]:
    """Periods that join to ``period``, newest first; each GROWTH times as long as the last."""
    ends_at, long = period.ends_at, first
    while ends_at > period.begins_at:
        begins_at = period.begins_at
        if ends_at - period.begins_at > long:
            begins_at = ends_at - long
        yield Period(begins_at, ends_at)
        ends_at, long = begins_at, long * GROWTH


def share_done(period: Period, reached: datetime) -> float:
    """How much of a period has been looked through, from its end down to ``reached``."""
    return (period.ends_at - reached) / (period.ends_at - period.begins_at)
