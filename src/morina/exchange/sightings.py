"""Sightings: what is told to the owner of an entry once a person confirmed a hit, and what we hear.

A hit is a question; until a person answered it by eye nobody else learns of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from morina.alerts import MORINA, Act, Alert, State, Step
from morina.exchange.message import Value

NO_GROUP = "no group"
"""Camera group of a camera that is in none: only an agreement about all cameras tells of it."""


class SightingState(IntEnum):
    """What is known of it, by the numbers of MISP sightings."""

    SEEN = 0
    FALSE_POSITIVE = 1
    EXPIRED = 2
    CONFIRMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSighting:
    """What became of telling the owner of one alert's entry: told, or ``denied`` and why."""

    alert_id: UUID
    partner: str
    state: SightingState
    at: datetime
    sighting_id: UUID
    denied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSighting:
    """A partner saw a vehicle of one of our lists. ``fields`` are those agreed; a picture among
    them is base64. ``keep_until`` is when it is forgotten here."""

    sighting_id: UUID
    told_by: str
    hotlist_id: UUID
    listing_id: UUID
    state: SightingState
    seen_at: datetime
    heard_at: datetime
    keep_until: datetime
    camera_group: str
    fields: Mapping[str, Value]
    officer: str = ""
    corrected_at: datetime | None = None
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldTell:
    """What the owner of an entry would be told of an alert if it were confirmed now.

    ``fields`` are names of fields; ``held_back`` those that say something and are not agreed.
    ``denied`` is why nothing would be told, empty where something would.
    """

    partner: str
    fields: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    denied: str = ""


class NoSuchSightingError(LookupError):
    """No sighting has that id here; it may have been forgotten when its time came."""


class Sightings(Protocol):
    """Sightings told and heard; durable, and forgotten in time."""

    async def told(self, alert_id: UUID) -> Sequence[ToldSighting]:
        """What was told of an alert, or why it was not, oldest first; empty before anything was."""

    async def heard(
        self, *, listing_id: UUID | None = None, hotlist_id: UUID | None = None, limit: int = 100
    ) -> Sequence[HeardSighting]:
        """Those partners told, newest first; of one entry or list, or all."""

    async def sighting(self, told_by: str, sighting_id: UUID) -> HeardSighting:
        """One; NoSuchSightingError."""

    async def tell_again(self, alert_id: UUID, by: str, now: datetime) -> None:
        """Try again what of an alert was not told; the agreements are asked anew.

        NoSuchSightingError where all was told, or nothing was to be."""


class SightingPreview(Protocol):
    """Who would see a sighting, before there is one."""

    async def would_tell(self, alert: Alert, officer: str, now: datetime) -> WouldTell | None:
        """What would be told if ``officer`` confirmed ``alert``; None for an own entry."""


def confirmed_by(alert: Alert) -> Act | None:
    """The confirmation by a person that stands; None where there is none or it was taken back.

    Only this makes a hit tellable. An alert that was decided by nobody, or rejected, has none.
    """
    if alert.state not in (State.CONFIRMED, State.DISPATCHED, State.CLOSED):
        return None
    return _confirmation(alert)


def taken_back_by(alert: Alert) -> Act | None:
    """The rejection by a person of what a person had confirmed before; None where there is none."""
    if alert.state is not State.REJECTED or _confirmation(alert) is None:
        return None
    return _last(alert, Step.REJECT)


def _confirmation(alert: Alert) -> Act | None:
    return _last(alert, Step.CONFIRM)


def _last(alert: Alert, step: Step) -> Act | None:
    by_persons = (act for act in reversed(alert.acts) if act.by not in ("", MORINA))
    return next((act for act in by_persons if act.kind == step.value), None)
