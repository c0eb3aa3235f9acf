"""What a sensor handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class NaiveTimeError(ValueError):
    """A time without a zone was given where an instant is needed."""


def zoned(at: datetime, name: str) -> datetime:
    """``at`` unchanged; raises NaiveTimeError when it has no zone."""
    if at.tzinfo is None:
        raise NaiveTimeError(f"{name} {at.isoformat()} has no time zone; add one, such as +00:00")
    return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One overview image and where and when it was taken.

    ``image`` is the SHA-256 (hex) of the encoded picture in the image store. ``capture_id``
    is the same when the sensor sends the same capture again.
    """

    capture_id: UUID
    camera_id: str
    captured_at: datetime
    received_at: datetime
    image: str
    retransmitted: bool = False

    def __post_init__(self) -> None:
        zoned(self.captured_at, "captured_at")
        zoned(self.received_at, "received_at")
