"""How well cameras see: health, technicians' notices, read-rate audits."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import CameraId, Instant, Sent
from morina.desk.auditing import drawn_audit
from morina.desk.problems import ProblemError
from morina.records import Period
from morina.records.audit import MOST_DRAWN, Audit, Drawn, Person, Targets, Verdict, judged
from morina.records.checkup import Checked
from morina.sense.cameras.chances import Interval
from morina.sense.cameras.condition import Fault, Figures
from morina.sense.cameras.mending import mend, says
from morina.sense.cameras.notices import Notice
from morina.sense.cameras.passed import Passed, Usual

routes = APIRouter(route_class=Route)

Id = Annotated[CameraId, Path()]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class NoticeOut(BaseModel):
    """A technician's notice, in English words."""

    notice_id: UUID
    camera_id: str
    fault: Fault
    says: str
    mend: str
    opened_at: datetime | None
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    closed_at: datetime | None

    @classmethod
    def of(cls, notice: Notice) -> "NoticeOut":
        """The notice as it stands."""
        return cls(
            notice_id=notice.notice_id,
            camera_id=notice.camera_id,
            fault=notice.fault,
            says=says(notice.finding),
            mend=mend(notice.finding),
            opened_at=notice.opened_at,
            last_seen_at=notice.last_seen_at,
            acknowledged_at=notice.acknowledged_at,
            acknowledged_by=notice.acknowledged_by,
            closed_at=notice.closed_at,
        )


class HealthOut(BaseModel):
    """One camera's figures at the last look, its usual if known, and its open notices."""

    camera_id: str
    figures: Figures
    usual: Usual | None
    notices: list[NoticeOut]

    @classmethod
    def of(cls, checked: Checked) -> "HealthOut":
        """As the checkup left it."""
        return cls(
            camera_id=checked.camera.camera_id,
            figures=checked.figures,
            usual=checked.usual,
            notices=[NoticeOut.of(notice) for notice in checked.notices],
        )


class CameraNowOut(BaseModel):
    """One camera in short: what passed within 24 hours, and its open notices."""

    camera_id: str
    last_heard_at: datetime | None
    passed: Passed
    notices: list[NoticeOut]


class AuditOut(BaseModel):
    """An audit: what was drawn and judged, its rates with 95 % intervals, and the targets."""

    audit_id: UUID
    camera_id: str
    purpose: str
    period: Period
    made_by: str
    made_at: datetime
    passages: tuple[Drawn, ...]
    counted: int | None
    captured: int | None
    counted_by: str
    read_rate: Interval | None
    accuracy: Interval | None
    capture_rate: Interval | None
    targets: Targets

    @classmethod
    def of(cls, audit: Audit, targets: Targets) -> "AuditOut":
        """The audit as it stands."""
        return cls(
            audit_id=audit.audit_id,
            camera_id=audit.camera_id,
            purpose=audit.purpose,
            period=audit.period,
            made_by=audit.made_by,
            made_at=audit.made_at,
            passages=audit.passages,
            counted=audit.counted,
            captured=audit.captured,
            counted_by=audit.counted_by,
            read_rate=audit.read_rate,
            accuracy=audit.accuracy,
            capture_rate=audit.capture_rate,
            targets=targets,
        )


class AuditIn(Sent):
    """Draw ``n`` passages at random between two instants."""

    begins_at: Instant
    ends_at: Instant
    n: Annotated[int, Field(ge=1, le=MOST_DRAWN)] = 50


class VerdictIn(Sent):
    """What a person says of one passage."""

    verdict: Verdict


class CountIn(Sent):
    """A manual count by the road or on film: all vehicles, and those the camera has."""

    counted: Count
    captured: Count


@routes.get("/health/cameras", tags=["upkeep"], summary="How every camera is")
async def cameras(desk: Desk, _officer: Officer) -> list[CameraNowOut]:
    """In short, by id, as at the last look; empty before the first."""
    latest = desk.upkeep.checkup.latest
    return [
        CameraNowOut(
            camera_id=name,
            last_heard_at=one.figures.last_heard_at,
            passed=one.figures.last_day,
            notices=[NoticeOut.of(notice) for notice in one.notices],
        )
        for name, one in sorted(latest.items())
    ]


@routes.get("/cameras/{camera_id}/health", tags=["upkeep"], summary="How one camera is")
async def camera(camera_id: Id, desk: Desk, _officer: Officer) -> HealthOut:
    """Everything known of it at the last look. 404 before its first."""
    checked = desk.upkeep.checkup.latest.get(camera_id)
    if checked is None:
        await desk.cameras.camera(camera_id)
        raise ProblemError(
            404, "the camera was not looked at yet", place="camera_id", mend="ask in a minute"
        )
    return HealthOut.of(checked)


@routes.get("/cameras/{camera_id}/notices", tags=["upkeep"], summary="A camera's notices")
async def notices(camera_id: Id, desk: Desk, _officer: Officer) -> list[NoticeOut]:
    """Those ever opened, newest first."""
    await desk.cameras.camera(camera_id)
    found = await desk.upkeep.checkup.notices.of_camera(camera_id)
    return [NoticeOut.of(notice) for notice in found]


@routes.post("/notices/{notice_id}/acknowledgement", tags=["upkeep"], summary="Take a notice on")
async def acknowledge(notice_id: UUID, desk: Desk, officer: Officer) -> NoticeOut:
    """The officer sees to it; whoever was first stays."""
    taken = await desk.upkeep.checkup.acknowledge(notice_id, officer.name, datetime.now(UTC))
    return NoticeOut.of(taken)


@routes.get("/cameras/{camera_id}/audits", tags=["upkeep"], summary="A camera's audits")
async def audits(camera_id: Id, desk: Desk, _officer: Officer) -> list[AuditOut]:
    """The newest twenty, newest first."""
    targets = desk.upkeep.targets_of((await desk.cameras.camera(camera_id)).site)
    found = await desk.upkeep.audits.of_camera(camera_id)
    return [AuditOut.of(audit, targets) for audit in found]


@routes.post(
    "/cameras/{camera_id}/audits", tags=["upkeep"], status_code=201, summary="Begin an audit"
)
async def begin(camera_id: Id, sent: AuditIn, desk: Desk, officer: Officer) -> AuditOut:
    """Passages drawn by lot, to be judged one by one by whoever is signed in."""
    camera = await desk.cameras.camera(camera_id)
    try:
        period = Period(sent.begins_at.astimezone(UTC), sent.ends_at.astimezone(UTC))
    except ValueError as error:
        raise ProblemError(422, str(error), place="ends_at", mend="send a later end") from None
    by = Person(officer.name, datetime.now(UTC))
    audit = await drawn_audit(desk.upkeep, camera_id, period, (sent.n, uuid4(), by))
    return AuditOut.of(audit, desk.upkeep.targets_of(camera.site))


@routes.get("/audits/{audit_id}", tags=["upkeep"], summary="One audit")
async def audit(audit_id: UUID, desk: Desk, _officer: Officer) -> AuditOut:
    """The audit as it stands."""
    return await _out(await desk.upkeep.audits.audit(audit_id), desk)


@routes.put("/audits/{audit_id}/passages/{number}", tags=["upkeep"], summary="Judge a passage")
async def judge(
    audit_id: UUID, number: int, sent: VerdictIn, desk: Desk, officer: Officer
) -> AuditOut:
    """The officer's verdict; a later one replaces it."""
    found = await desk.upkeep.audits.audit(audit_id)
    drawn = judged(found, number, sent.verdict, Person(officer.name, datetime.now(UTC)))
    return await _out(await desk.upkeep.audits.judge(audit_id, drawn), desk)


@routes.put("/audits/{audit_id}/count", tags=["upkeep"], summary="Enter a manual count")
async def count(audit_id: UUID, sent: CountIn, desk: Desk, officer: Officer) -> AuditOut:
    """What a person counted; a later count replaces it."""
    by = Person(officer.name, datetime.now(UTC))
    changed = await desk.upkeep.audits.take_count(audit_id, sent.counted, sent.captured, by)
    return await _out(changed, desk)


async def _out(audit: Audit, desk: Desk) -> AuditOut:
    """With the targets of its camera's site; the node's where the camera is gone."""
    sites = {camera.camera_id: camera.site for camera in await desk.cameras.cameras()}
    return AuditOut.of(audit, desk.upkeep.targets_of(sites.get(audit.camera_id, "")))
