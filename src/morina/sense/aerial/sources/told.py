"""What is asked of telemetry before it is kept: that it can be read, and when it was taken."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from morina.sense.aerial.stated import NOTHING, Stated
from morina.sense.aerial.telemetry import Flight, TelemetryError

LACKED = (
    "gimbal angles", "camera angles", "field of view", "height", "height above a known datum",
    "clock with a zone", "when the video began", "video",
)  # fmt: skip
"""What readers, and who has no video, say a flight lacks. What else stands among ``lacks`` says why
something could not be plotted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``began_at`` is when the first picture was taken, None where the source has no clock."""

    source: str
    seconds: float
    began_at: datetime | None = None
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ended_at(self) -> datetime | None:
        """When the last was."""
        return self.began_at and self.began_at + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """With a file came what it was called, the airframe it flew on, what a person stated, and
    whether a video is of it."""

    name: str
    airframe: str = ""
    stated: Stated = NOTHING
    filmed: bool = False


ReadTelemetry = Callable[[Path, Handed], Awaitable[Told]]
"""Of a file; TelemetryError."""


def told_of(flight: Flight) -> Told:
    """TelemetryError where nothing is told."""
    if not flight.telemetry:
        raise TelemetryError("the whole file", "tells no position", "send the file that has them")
    clocked = next((one for one in flight.telemetry if one.at), None)
    began = clocked.at - timedelta(seconds=clocked.at_s) if clocked and clocked.at else None
    return Told(
        source=flight.source, seconds=max(flight.telemetry[-1].at_s, 0.0), began_at=began,
        lacks=flight.lacks, notes=flight.notes,
    )  # fmt: skip
