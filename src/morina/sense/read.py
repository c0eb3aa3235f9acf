"""One plate text in one capture."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from morina.plates import Plate
from morina.sense.capture import sensed, zoned
from morina.sense.correction import Correction
from morina.sense.said import Said
from morina.sense.vehicle import Vehicle

_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The very frame a text was read from.

    ``overview`` and ``patch`` are SHA-256 (hex) keys in the image store; ``box`` is
    (x0, y0, x1, y1) and ``corners`` the plate's four corners clockwise from its top left,
    both in pixels of the overview. Of an unread passage ``patch`` and ``box`` show the vehicle,
    and there are no corners.
    """

    overview: str
    patch: str
    box: tuple[float, float, float, float]
    corners: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        for name in (self.overview, self.patch):
            if not _SHA256.fullmatch(name):
                raise ValueError(f"{name[:64]!r} is not the SHA-256 of a picture in hex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A voted read of one passage; ``plate`` is None for an unread passage.

    ``captured_at`` is the sensor's time, UTC. Confidences and probabilities are 0 to 1.
    ``frames`` is how many frames agreed. ``read_id`` is the idempotency key: the same passage
    sent again carries the same one. ``clock_offset_s`` is what has to
    be added to the clock of the site the read was made at to get the node's, None where it was not
    measured; ``captured_at`` stays as sensed. ``clock_wrong`` marks a read whose camera's or
    site's clock was off by more than the setting. Of a camera that reads plates itself, ``said``
    is its word and ``own`` what Morina made of the same picture, None where it had none;
    ``plate`` is the text that stands (docs/cameras/push.md). ``vehicle`` is what such a camera said
    of the vehicle. ``correction`` says that a person put ``plate`` in place of what was read.
    """

    read_id: UUID
    camera_id: str
    captured_at: datetime
    received_at: datetime
    plate: Plate | None
    confidence: float
    character_confidences: tuple[float, ...] = ()
    country_probability: float = 0.0
    frames: int = 1
    evidence: Evidence | None = None
    retransmitted: bool = False
    clock_offset_s: float | None = None
    clock_wrong: bool = False
    said: Said | None = None
    own: Said | None = None
    vehicle: Vehicle | None = None
    correction: Correction | None = None

    @property
    def disputed(self) -> bool:
        """Whether the camera and Morina read different texts."""
        return self.said is not None and self.own is not None and self.said.differs(self.own)

    def __post_init__(self) -> None:
        sensed(self.captured_at, self.camera_id)
        zoned(self.received_at, "received_at")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")
