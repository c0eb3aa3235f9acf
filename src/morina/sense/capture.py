"""What a sensor handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from morina.sense.said import Said
from morina.sense.vehicle import Vehicle

LONGEST_CAMERA_ID = 64


class NaiveTimeError(ValueError):
    """A time without a zone was given where an instant is needed."""


class OutOfRangeError(ValueError):
    """A field of a capture or read is not one a sensor of this century sends."""


def zoned(at: datetime, name: str) -> datetime:
    """``at`` unchanged; raises NaiveTimeError when it has no zone."""
    if at.tzinfo is None:
        raise NaiveTimeError(f"{name} {at.isoformat()} has no time zone; add one, such as +00:00")
    return at


def sensed(at: datetime, camera_id: str) -> None:
    """Refuse an instant outside 2000 to 2099 and a camera id nobody can show or store."""
    zoned(at, "captured_at")
    if not 2000 <= at.year < 2100:
        raise OutOfRangeError(
            f"captured_at {at.isoformat()} is not in this century; mend the clock"
        )
    if not 0 < len(camera_id) <= LONGEST_CAMERA_ID or not camera_id.isprintable():
        raise OutOfRangeError(
            f"camera_id {camera_id[:LONGEST_CAMERA_ID]!r} is empty, not printable or longer than "
            f"{LONGEST_CAMERA_ID} characters"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A passage as it was sensed: where, when, and the pictures there are.

    ``image`` is the SHA-256 (hex) of the encoded overview in the image store, and ``patch`` that
    of a plate patch the camera cut itself; each is empty where there is none. ``capture_id`` is
    the same when the sensor sends the same capture again. ``said`` is the word of a camera that
    reads plates itself, and ``box`` where in the overview it saw the plate: (x0, y0, x1, y1),
    pixels. ``vehicle`` is what else the camera said.
    """

    capture_id: UUID
    camera_id: str
    captured_at: datetime
    received_at: datetime
    image: str
    retransmitted: bool = False
    said: Said | None = None
    patch: str = ""
    box: tuple[float, float, float, float] | None = None
    vehicle: Vehicle | None = None

    def __post_init__(self) -> None:
        sensed(self.captured_at, self.camera_id)
        zoned(self.received_at, "received_at")
