"""What flies and who: airframes, batteries, pilots, airspace, limits; and a plan to fly. Pure.

No law is stated here. Limits and airspace are what the authority enters, each with its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from morina.sense.aerial.fleet.area import Ring, ring
from morina.sense.aerial.sortie import RefusedSortieError
from morina.sense.capture import zoned

MOST_HEIGHT_M = 10_000.0


class RefusedFleetError(RefusedSortieError):
    """What cannot be kept of the fleet, or not removed; the text says why and what to do."""


def _named(name: str) -> None:
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise RefusedFleetError("the name is empty, too long or not plain text; write another")


def _not_below(least: float, *values: float | None) -> None:
    if any(value is not None and not value >= least for value in values):
        raise RefusedFleetError(f"a number is below {least}; write another")


class Over(StrEnum):
    """What a height of airspace is counted from."""

    GROUND = "ground"
    SEA = "sea"
    """Mean sea level, as aviation charts have it."""


class AirspaceKind(StrEnum):
    """What airspace asks of a flight."""

    FORBIDDEN = "forbidden"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True, kw_only=True)
class Airframe:
    """``name`` is how the authority calls it. ``hours`` flown in all, ``serviced_hours`` at its
    last service; due again after ``service_every_h`` or on ``service_due_on``, None: no such rule.
    ``grounded`` says why it does not fly, empty where it may."""

    name: str
    type: str
    serial: str
    hours: float = 0.0
    serviced_hours: float = 0.0
    service_every_h: float | None = None
    service_due_on: date | None = None
    grounded: str = ""

    def __post_init__(self) -> None:
        _named(self.name)
        _not_below(0, self.hours, self.serviced_hours, self.service_every_h)

    @property
    def since_service_h(self) -> float:
        """Hours flown since its last service."""
        return max(self.hours - self.serviced_hours, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """``health`` is the share of its capacity left when last measured, None: never measured. It
    is retired at ``retire_cycles`` or under ``retire_health``, None: no such rule."""

    name: str
    serial: str
    cycles: int = 0
    health: float | None = None
    retire_cycles: int | None = None
    retire_health: float | None = None

    def __post_init__(self) -> None:
        _named(self.name)
        _not_below(0, self.cycles, self.health, self.retire_cycles, self.retire_health)
        if max(self.health or 0, self.retire_health or 0) > 1:
            raise RefusedFleetError("a share is over 1; write health as 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """``name`` is that of the account; ``competence`` what the pilot holds, in words."""

    name: str
    competence: str
    valid_to: date
    last_flight_at: datetime | None = None

    def __post_init__(self) -> None:
        _named(self.name)
        if self.last_flight_at:
            zoned(self.last_flight_at, "last_flight_at")


@dataclass(frozen=True, slots=True)
class Level:
    """A height in metres over the ground or the sea."""

    metres: float
    over: Over


@dataclass(frozen=True, slots=True, kw_only=True)
class Airspace:
    """``ring`` of (longitude, latitude). From ``floor`` (None: the ground) to ``ceiling`` (None: no
    end), from ``begins_at`` to ``ends_at`` (None: always). ``reference`` names its source, and for
    PERMISSION who gives it."""

    airspace_id: UUID
    name: str
    kind: AirspaceKind
    ring: Ring
    reference: str
    floor: Level | None = None
    ceiling: Level | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        _named(self.name)
        if not self.reference.strip():
            raise RefusedFleetError("airspace has no source; name the one it is from")
        object.__setattr__(self, "ring", ring(self.ring))
        for at, word in ((self.begins_at, "begins_at"), (self.ends_at, "ends_at")):
            if at:
                zoned(at, word)
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise RefusedFleetError("airspace ends before it begins; put the times right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the authority binds itself to, each with where that is written. None: no such limit."""

    height_m: float | None = None
    height_source: str = ""
    recent_days: int | None = None
    recent_source: str = ""

    def __post_init__(self) -> None:
        _not_below(0, self.height_m, self.recent_days)
        if (self.height_m is not None and not self.height_source.strip()) or (
            self.recent_days is not None and not self.recent_source.strip()
        ):
            raise RefusedFleetError("a limit has no source; name where it is written")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One flight meant: the ground over which, the most metres above it, when, with what, by whom.

    ``ground_m``: lowest and highest terrain of the area above the sea, None where it is not known.
    """

    area: Ring
    height_m: float
    begins_at: datetime
    ends_at: datetime
    airframe: str
    battery: str
    pilot: str
    ground_m: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "area", ring(self.area))
        zoned(self.begins_at, "begins_at")
        zoned(self.ends_at, "ends_at")
        if self.ends_at <= self.begins_at:
            raise RefusedFleetError("the flight ends before it begins; put the times right")
        if not 0 < self.height_m <= MOST_HEIGHT_M:
            raise RefusedFleetError(
                f"{self.height_m} m is no height to fly; say metres above ground"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetState:
    """Everything at one moment, in the order of names. ``cleared`` are other flights that were
    cleared and have not landed."""

    airframes: Sequence[Airframe] = ()
    batteries: Sequence[Battery] = ()
    pilots: Sequence[Pilot] = ()
    airspace: Sequence[Airspace] = ()
    limits: Limits = Limits()
    cleared: Sequence[Plan] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is entered: flights of an authority that keeps no fleet here have no checks."""
        things = (self.airframes, self.batteries, self.pilots, self.airspace)
        return not any(things) and self.limits == Limits()
