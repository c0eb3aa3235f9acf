"""What is sent of the fleet as JSON, and how it becomes ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from morina.desk.api.sent import Instant, Line, Named, Sent
from morina.desk.problems import ProblemError
from morina.sense.aerial import RefusedSortieError
from morina.sense.aerial.fleet.checks import Check
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    Level,
    Limits,
    Over,
    Pilot,
    Plan,
)
from morina.sense.aerial.sortie import Sortie

Hours = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=-1_000, le=20_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Corner = tuple[
    Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
    Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
]
Corners = Annotated[tuple[Corner, ...], Field(min_length=3, max_length=501)]
"""Longitude before latitude."""


class AirframeIn(Sent):
    """Hours flown in all and at the last service; when the next is due; why it does not fly."""

    type: Named
    serial: Named
    hours: Hours = 0.0
    serviced_hours: Hours = 0.0
    service_every_h: Hours | None = None
    service_due_on: date | None = None
    grounded: Line = ""

    def of(self, name: str) -> Airframe:
        """The airframe of that name."""
        with made():
            return Airframe(name=name, **self.model_dump())


class BatteryIn(Sent):
    """Cycles and the share of capacity when last measured; where it is retired."""

    serial: Named
    cycles: Count = 0
    health: Share | None = None
    retire_cycles: Count | None = None
    retire_health: Share | None = None

    def of(self, name: str) -> Battery:
        """The battery of that name."""
        with made():
            return Battery(name=name, **self.model_dump())


class PilotIn(Sent):
    """What the pilot holds and until when; the last flight, where known."""

    competence: Named
    valid_to: date
    last_flight_at: Instant | None = None

    def of(self, name: str) -> Pilot:
        """The pilot with that account."""
        with made():
            return Pilot(name=name, **self.model_dump())


class LevelIn(Sent):
    """Metres over the ground or mean sea level."""

    metres: Metres
    over: Over


class AirspaceIn(Sent):
    """A volume with its source; no ``floor``: from the ground; no times: always."""

    name: Named
    kind: AirspaceKind
    ring: Corners
    reference: Named
    floor: LevelIn | None = None
    ceiling: LevelIn | None = None
    begins_at: Instant | None = None
    ends_at: Instant | None = None

    def of(self, airspace_id: UUID) -> Airspace:
        """The volume of that id."""
        with made():
            return Airspace(
                airspace_id=airspace_id, name=self.name, kind=self.kind, ring=self.ring,
                reference=self.reference, floor=_level(self.floor), ceiling=_level(self.ceiling),
                begins_at=self.begins_at, ends_at=self.ends_at,
            )  # fmt: skip


class LimitsIn(Sent):
    """What the authority binds its flights to, each with where that is written."""

    height_m: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None = None
    height_source: Line = ""
    recent_days: Count | None = None
    recent_source: Line = ""

    def of(self) -> Limits:
        """The limits."""
        with made():
            return Limits(**self.model_dump())


class PlanIn(Sent):
    """A flight meant: over which ground, at most how high above it, when, with what, by whom.

    ``ground_m``: lowest and highest terrain of the area above the sea; without it airspace whose
    limits count from the sea is taken as met.
    """

    area: Corners
    height_m: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
    begins_at: Instant
    ends_at: Instant
    airframe: Named
    battery: Named
    pilot: Named
    ground_m: tuple[Metres, Metres] | None = None

    def of(self) -> Plan:
        """The plan."""
        with made():
            return Plan(**{name: getattr(self, name) for name in PlanIn.model_fields})


class ClearanceIn(Sent):
    """A plan, and why its warnings are passed; a permission's number goes there."""

    plan: PlanIn
    reason: Line = ""


class FlownIn(Sent):
    """How long the flight took."""

    hours: Annotated[float, Field(gt=0, le=48, allow_inf_nan=False)]


class ClearedOut(BaseModel):
    """The flight, cleared, and what was looked at."""

    sortie: Sortie
    checks: list[Check]

    @classmethod
    def of(cls, sortie: Sortie, checks: list[Check]) -> Self:
        """As it was done."""
        return cls(sortie=sortie, checks=checks)


@contextmanager
def made() -> Iterator[None]:
    """What cannot be is a 422 that says why."""
    try:
        yield
    except RefusedSortieError as refused:
        said, _, mend = str(refused).partition("; ")
        raise ProblemError(422, said, place="body", mend=mend or "send another") from refused


def _level(sent: LevelIn | None) -> Level | None:
    return Level(sent.metres, sent.over) if sent else None
