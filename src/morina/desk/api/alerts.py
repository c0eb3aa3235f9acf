"""Alerts: what an officer must decide, the listing withheld until they typed what they see."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from morina.accountability.looking import Shown
from morina.alerts import Act, Alert, State, revealed_to
from morina.alerts.ahead import Ahead
from morina.desk.ahead import SENTENCE, Told, told_ahead
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import StepIn, TranscriptionIn
from morina.desk.cloned import WARNING
from morina.sense import Evidence, Read
from morina.watch import Difference, Listed, SuspectedClone

routes = APIRouter(prefix="/alerts", tags=["alerts"], route_class=Route)


class AlertOut(BaseModel):
    """An alert as one officer may see it.

    While ``withheld``, ``read``, ``listed``, ``differences`` and the texts of ``acts`` are null:
    the officer first transcribes the plate patch, whose picture is ``evidence.patch``. Once the
    alert is decided, nothing is withheld. ``suspected_clone`` warns where somebody labelled the
    plate, in words, empty otherwise; ``clone``, who and why, is null while withheld.
    """

    alert_id: UUID
    state: State
    camera_id: str
    captured_at: datetime
    raised_at: datetime
    last_seen_at: datetime
    repeats: int
    late: bool
    likeness: str
    priority: int
    evidence: Evidence | None
    withheld: bool
    read: Read | None
    listed: Listed | None
    differences: tuple[Difference, ...] | None
    acts: tuple["ActOut", ...]
    suspected_clone: str
    clone: SuspectedClone | None

    @classmethod
    def of(cls, alert: Alert, officer: str) -> "AlertOut":
        """The alert as ``officer`` may see it now."""
        shown = revealed_to(alert, officer)
        return cls(
            alert_id=alert.alert_id,
            state=alert.state,
            camera_id=alert.read.camera_id,
            captured_at=alert.read.captured_at,
            raised_at=alert.raised_at,
            last_seen_at=alert.last_seen_at,
            repeats=alert.repeats,
            late=alert.late,
            likeness=alert.likeness.name.lower(),
            priority=alert.listed.listing.priority,
            evidence=alert.read.evidence,
            withheld=not shown,
            read=alert.read if shown else None,
            listed=alert.listed if shown else None,
            differences=alert.differences if shown else None,
            acts=tuple(ActOut.of(act, shown) for act in alert.acts),
            suspected_clone=WARNING if alert.clone else "",
            clone=alert.clone if shown else None,
        )


class ActOut(BaseModel):
    """One recorded deed; ``text`` is null while withheld."""

    at: datetime
    by: str
    kind: str
    text: str | None

    @classmethod
    def of(cls, act: Act, shown: bool) -> "ActOut":
        """The act, its text only when ``shown``."""
        return cls(at=act.at, by=act.by, kind=act.kind, text=act.text if shown else None)


class WayAheadOut(BaseModel):
    """Where vehicles of the alert's camera were read next, most often first.

    ``known`` is false where too little was seen. ``consultation`` is the number it was written
    down under, ``says`` what it means.
    """

    known: bool
    cameras: tuple[Ahead, ...]
    says: str
    consultation: int

    @classmethod
    def of(cls, told: Told) -> "WayAheadOut":
        """As it was told."""
        way = told.way
        return cls(known=way.known, cameras=way.cameras, says=SENTENCE, consultation=told.number)


@routes.get("", summary="List alerts, newest first")
async def alerts(
    desk: Desk,
    officer: Officer,
    state: Annotated[tuple[State, ...], Query(description="any of these; all without")] = (),
    late: Annotated[bool | None, Query(description="only late ones, or only live ones")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[AlertOut]:
    """Alerts of this node. What an officer has yet to transcribe stays withheld from them."""
    found = await desk.alerts.alerts(state, late, limit)
    told = [str(alert.alert_id) for alert in found if revealed_to(alert, officer.name)]
    if told:
        await desk.looks.shown(officer.name, Shown.ALERT, told)
    return [AlertOut.of(alert, officer.name) for alert in found]


@routes.get("/{alert_id}", summary="One alert with its acts")
async def alert(alert_id: UUID, desk: Desk, officer: Officer) -> AlertOut:
    """One alert as the asking officer may see it; that they opened it is in the trail."""
    found = await desk.alerts.alert(alert_id)
    await desk.looks.shown(officer.name, Shown.ALERT, [str(alert_id)])
    return AlertOut.of(found, officer.name)


@routes.get("/{alert_id}/way-ahead", summary="Cameras that vehicles pass next")
async def ahead(alert_id: UUID, desk: Desk, officer: Officer) -> WayAheadOut:
    """Of a confirmed or dispatched alert, else 409. Every look is written down for alert handling;
    it says where cameras are, and nothing about a person."""
    found = await desk.alerts.alert(alert_id)
    return WayAheadOut.of(await told_ahead(desk.search, found, officer.name))


@routes.post("/{alert_id}/transcription", summary="Say what is on the plate patch")
async def transcribe(
    alert_id: UUID, seen: TranscriptionIn, desk: Desk, officer: Officer
) -> AlertOut:
    """Record what the officer sees; the listing is shown to them from then on."""
    now = datetime.now(UTC)
    changed = await desk.alerts.transcribe(alert_id, officer.name, seen.text, now)
    return AlertOut.of(changed, officer.name)


@routes.post("/{alert_id}/steps", summary="Take a step: acknowledge, confirm, reject, ...")
async def take(alert_id: UUID, sent: StepIn, desk: Desk, officer: Officer) -> AlertOut:
    """Move the alert on. 409 names what must be done first."""
    now = datetime.now(UTC)
    changed = await desk.alerts.take(alert_id, sent.step, officer.name, now, sent.reason)
    return AlertOut.of(changed, officer.name)
