"""The role of what keeps the fleet. Its adapter is named by wiring alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.sense.aerial.fleet.checks import Check
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    Battery,
    FleetState,
    Limits,
    Pilot,
    Plan,
)
from morina.sense.aerial.sortie import Sortie

Item = Airframe | Battery | Pilot | Airspace | Limits


class ItemKind(StrEnum):
    """What can be taken out of the fleet."""

    AIRFRAME = "airframe"
    BATTERY = "battery"
    PILOT = "pilot"
    AIRSPACE = "airspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What was looked at when a flight was cleared, by whom, and why warnings were passed."""

    sortie_id: UUID
    plan: Plan
    checks: Sequence[Check]
    reason: str
    officer: str
    at: datetime
    flown_h: float | None = None


class Fleet(Protocol):
    """Airframes, batteries, pilots, airspace, limits, and what clears a flight."""

    async def state(self) -> FleetState:
        """All of it, as it is now."""

    async def put(self, item: Item, by: str, now: datetime) -> None:
        """Enter or change one, by its name or id; entered in the trail. RefusedFleetError where a
        pilot has no account."""

    async def remove(self, kind: ItemKind, name: str, by: str, now: datetime) -> None:
        """RefusedFleetError where there is none; entered in the trail."""

    async def checks(self, plan: Plan, now: datetime) -> Sequence[Check]:
        """What clearing would say; nothing is changed."""

    async def clear(
        self, sortie_id: UUID, plan: Plan, reason: str, by: str, now: datetime
    ) -> tuple[Sortie, Sequence[Check]]:
        """Clear a planned flight: checks, step and entry in one transaction. RefusedSortieError
        where a check stops it, or one warns and the reason is its own pilot's; ReasonNeededError
        where one warns and ``reason`` is empty; UnknownSortieError."""

    async def fly(self, sortie_id: UUID, reason: str, by: str, now: datetime) -> Sortie:
        """A flight cleared here takes off: its checks are looked at again as things are now.
        As ``clear``, but of what warned when it was cleared too no reason is asked again."""

    async def clearances(self, most: int = 100) -> Sequence[Clearance]:
        """Newest first; they go with their flight."""

    async def flew(self, sortie_id: UUID, hours: float, by: str, now: datetime) -> Clearance:
        """Add a flight's hours to its airframe, a cycle to its battery, and its day to its pilot.
        RefusedFleetError where it was never cleared or its hours are in already."""
