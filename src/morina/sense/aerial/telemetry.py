"""What an aircraft says of itself: where its camera was, when, and which way it looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from morina.sense.capture import zoned


class HeightDatum(StrEnum):
    """What a height is counted from. Nothing is plotted from a height whose datum is unknown."""

    ELLIPSOID = "wgs84_ellipsoid"
    EGM96 = "egm96"
    """Mean sea level by the geoid EGM96."""

    TAKEOFF = "above_takeoff"
    UNKNOWN = "unknown"


class TelemetryError(ValueError):
    """What is no telemetry, or cannot be trusted: the place in it, the fault, and what to do."""

    def __init__(self, place: str, fault: str, mend: str) -> None:
        super().__init__(f"{place}: {fault}; {mend}")
        self.place, self.fault, self.mend = place, fault, mend


@dataclass(frozen=True, slots=True)
class Height:
    """Metres above a datum."""

    metres: float
    datum: HeightDatum


@dataclass(frozen=True, slots=True)
class Angles:
    """Which way a camera or an airframe points, degrees.

    ``yaw`` clockwise from true north, ``pitch`` up from the horizon (-90: straight down), ``roll``
    clockwise as seen from behind. Turned in this order (MISB ST 0601: heading, pitch, roll).
    """

    yaw: float
    pitch: float
    roll: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One standard deviation of each part of a pose, of errors that are independent.

    ``view_share``: of the field of view, as a share of it.
    """

    horizontal_m: float
    vertical_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    view_share: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """One moment. ``at_s`` counts from the first picture of the video.

    ``at`` is None where the source has no clock that knows its zone. ``camera`` is the way the
    camera points, None where the source does not say it: it is never guessed. ``view`` is the
    field of view (across, down), degrees. ``told_centre`` (latitude, longitude) and
    ``told_slant_m`` are what the aircraft itself says of the middle of the picture; they are
    compared with, not used.
    """

    at_s: float
    latitude: float
    longitude: float
    height: Height
    spread: Spread
    at: datetime | None = None
    camera: Angles | None = None
    view: tuple[float, float] | None = None
    told_centre: tuple[float, float] | None = None
    told_slant_m: float | None = None

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise TelemetryError(
                f"{self.at_s:.1f} s", f"{self.latitude}, {self.longitude} is no place",
                "look at the order of latitude and longitude",
            )  # fmt: skip
        if self.at is not None:
            zoned(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """All a source says, in time order. ``source`` names its format.

    ``takeoff`` is the height of the take-off place where the source says it, for heights above it;
    ``takeoff_here``: a person states that the first position is the take-off, on the ground.
    ``lacks`` says in words what is not in it ("gimbal angles"), ``notes`` how it was taken and what
    was passed over.
    """

    source: str
    telemetry: Sequence[Telemetry]
    takeoff: Height | None = None
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    takeoff_here: bool = False
