"""What is known of a camera's condition, what can be wrong with it, and from when on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from morina.sense.cameras.passed import Hour, Passed, total


class Fault(StrEnum):
    """What can be wrong with a camera."""

    SILENT = "silent"
    FEW = "few"
    UNREAD = "unread"
    UNSURE = "unsure"
    TURNED = "turned"
    NIGHT = "night"
    DARK = "dark"
    CLOCK = "clock"
    DISPUTED = "disputed"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a figure becomes a finding.

    ``ease`` is how far a figure must come back before a finding that stands is gone: its limit is
    that much nearer to the usual, so that a figure at the limit does not flap.
    """

    silent_s: float = 180.0
    few_below: float = 0.5
    few_chance: float = 1e-3
    least_sample: int = 30
    unread_above_usual: float = 0.2
    unread_without_usual: float = 0.5
    confidence_drop: float = 0.15
    width_change: float = 0.25
    night_above_day: float = 0.3
    dark_below: float = 0.04
    flat_below: float = 0.02
    clock_s: float = 2.0
    disputed_above: float = 0.1
    late_s: float = 10.0
    ease: float = 0.75
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class Sight:
    """How a picture looks: mean brightness, and how far its brightness spreads; 0 to 1 each."""

    light: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known of one camera ``at`` an instant.

    ``hours`` are those of the last seven days in which something passed, oldest first.
    ``clock_offset_s`` is what its clock is behind. ``follows`` says that Morina asks for its
    pictures, so that silence is a fault; ``place`` is (latitude, longitude). ``sight`` is that of
    the newest passage's picture, ``filmed`` that of what a followed camera films now.
    ``up_since`` is when the node was started: what is missing from before was nobody's to take.
    """

    camera_id: str
    at: datetime
    place: tuple[float, float]
    hours: tuple[Hour, ...] = ()
    follows: bool = False
    last_frame_at: datetime | None = None
    frames_per_s: float | None = None
    dropped_share: float | None = None
    last_error: str = ""
    last_heard_at: datetime | None = None
    clock_offset_s: float | None = None
    sight: Sight | None = None
    filmed: Sight | None = None
    up_since: datetime | None = None

    @property
    def last_day(self) -> Passed:
        """What passed in the last 24 hours, to the hour."""
        return self.since(self.at - timedelta(days=1))

    def since(self, begins_at: datetime, until: datetime | None = None) -> Passed:
        """What passed from then on, up to ``until``."""
        ends_at = until or self.at + timedelta(hours=1)
        return total(hour for hour in self.hours if begins_at <= hour.begins_at < ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong; ``values`` fill the words that ``mending`` has for it."""

    fault: Fault
    values: dict[str, str]
