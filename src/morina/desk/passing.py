"""What passes now, for whoever watches it: reads of one day. What is older is asked for, with a
purpose."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from morina.records import ReadStore
from morina.sense import Read

PASSING_FOR = timedelta(hours=24)
"""Live to 24 hours needs no purpose (decision 0015); from then on the tiers hold."""


async def latest_reads(
    reads: ReadStore, now: datetime, limit: int, since: datetime | None = None
) -> list[Read]:
    """The reads captured last, newest first, none older than a day."""
    begins = now - PASSING_FOR
    return await reads.latest(limit, max(begins, since) if since else begins)


def passing(reads: Iterable[Read], now: datetime) -> list[Read]:
    """Those of ``reads`` captured within the day: others came late."""
    return [one for one in reads if one.captured_at > now - PASSING_FOR]
