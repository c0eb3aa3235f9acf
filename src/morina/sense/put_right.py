"""The time of a read whose clock was wrong, as well as the read itself lets it be known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.sense.read import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class PutRight:
    """When a vehicle passed, by the node's clock.

    ``behind_s`` is what the clock that gave ``captured_at`` was behind, below zero where it was
    ahead. ``by_arrival`` says that camera and site disagree, so that ``at`` is when the read
    reached the site: the vehicle passed then or before.
    """

    at: datetime
    behind_s: float
    by_arrival: bool


def put_right(read: Read, within_s: float) -> PutRight | None:
    """The read's time put right; None where its clock was right, or by how much is not known.

    A camera whose reads reach the site within ``within_s`` of their capture has the site's clock,
    whose offset to the node was measured. Of another, only the arrival is known, and of a read
    that was sent again not even that.
    """
    if not read.clock_wrong:
        return None
    offset = timedelta(seconds=read.clock_offset_s or 0.0)
    on_the_way_s = (read.received_at - read.captured_at).total_seconds()
    by_arrival = abs(on_the_way_s) > within_s and not read.retransmitted
    at = (read.received_at if by_arrival else read.captured_at) + offset
    behind_s = (at - read.captured_at).total_seconds()
    if abs(behind_s) <= within_s:
        return None
    return PutRight(at=at, behind_s=behind_s, by_arrival=by_arrival)
