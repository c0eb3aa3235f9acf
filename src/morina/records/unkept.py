"""Passages of which nothing is kept but that they were: counts by camera and hour."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from morina.sense import Read
from morina.sense.cameras.passed import NOTHING, Passed, full_hour

LONGEST_DELAY_S = 3600.0
Counts = dict[tuple[str, datetime], Passed]


class UnkeptHours(Protocol):
    """Counts, durable. No plate and no picture is in them."""

    async def add(self, counts: Counts) -> None:
        """Add to what was counted for these cameras and hours (their beginning)."""


@dataclass(slots=True)
class Counting:
    """Counts in memory until they are written down together."""

    _counts: Counts = field(default_factory=lambda: defaultdict(lambda: NOTHING))

    def count(self, read: Read, now: datetime) -> None:
        """One passage more."""
        self._counts[read.camera_id, full_hour(read.captured_at)] += passed(read, now)

    def taken(self) -> Counts:
        """What was counted since it was last asked for."""
        counts, self._counts = dict(self._counts), defaultdict(lambda: NOTHING)
        return counts

    def put_back(self, counts: Counts) -> None:
        """What could not be written down counts on."""
        for place, one in counts.items():
            self._counts[place] += one


def passed(read: Read, now: datetime) -> Passed:
    """One passage as counts."""
    box = read.evidence.box if read.evidence and read.plate else None
    width = box[2] - box[0] if box else 0.0
    both = bool(read.said and read.own and read.said.text and read.own.text)
    fresh = not read.retransmitted
    delay = (read.received_at - read.captured_at).total_seconds()
    link = (now - read.received_at).total_seconds() - (read.clock_offset_s or 0.0)
    return Passed(
        passages=1,
        unread=read.plate is None,
        confidence_sum=read.confidence if read.plate else 0.0,
        measured=width > 0,
        width_sum=max(0.0, width),
        compared=both,
        differing=both and read.disputed,
        clock_wrong=read.clock_wrong,
        fresh=fresh,
        delay_sum=_hour(delay) if fresh else 0.0,
        link_sum=_hour(link) if fresh else 0.0,
    )


def _hour(seconds: float) -> float:
    return min(LONGEST_DELAY_S, max(0.0, seconds))
