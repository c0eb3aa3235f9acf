"""What needs a second person: requests, and decisions on them."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import Action, User
from morina.accountability.approvals import Approval, Guarded, NoSuchApprovalError, Stage, Verdict
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Line
from morina.desk.guarded import guard_of
from morina.desk.permits import may

routes = APIRouter(prefix="/approvals", tags=["approvals"], route_class=Route)


class DecisionIn(BaseModel):
    """What somebody other than the requester decides, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    approved: bool
    reason: Line = Field(examples=["the case is known to me and needs the convoy"])


class ApprovalOut(BaseModel):
    """One request. ``needed`` says why a second person is asked, ``why`` is the purpose in parts;
    ``used_for`` names what was done under it."""

    approval_id: UUID
    kind: Guarded
    stage: Stage
    requester: str
    words: str
    needed: str
    why: dict[str, str]
    asked_at: datetime
    expires_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    used_at: datetime | None
    used_for: str

    @classmethod
    def of(cls, one: Approval) -> "ApprovalOut":
        """As it stands."""
        request, verdict = one.request, one.verdict
        return cls(
            approval_id=one.approval_id, kind=request.kind, stage=one.stage(datetime.now(UTC)),
            requester=request.requester, words=request.words, needed=request.needed,
            why=dict(request.why), asked_at=one.asked_at, expires_at=one.expires_at,
            decided_by=verdict.by if verdict else "", decided_at=one.decided_at,
            reason=verdict.reason if verdict else "", used_at=one.used_at, used_for=one.used_for,
        )  # fmt: skip


@routes.get("", summary="Requests for approval")
async def approvals(
    desk: Desk, officer: Officer, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[ApprovalOut]:
    """Newest first: everybody's for whoever may approve, else your own."""
    approves = may(officer, Action.APPROVE)
    store = guard_of(desk).four_eyes.approvals
    found = await store.newest(requester="" if approves else officer.name, limit=limit)
    return [ApprovalOut.of(one) for one in found]


@routes.get("/{approval_id}", summary="One request for approval")
async def approval(approval_id: UUID, desk: Desk, officer: Officer) -> ApprovalOut:
    """How far it is; your own, or anybody's for whoever may approve."""
    return ApprovalOut.of(await visible(desk, approval_id, officer))


@routes.post("/{approval_id}/decision", summary="Approve or refuse")
async def decide(approval_id: UUID, sent: DecisionIn, desk: Desk, officer: Officer) -> ApprovalOut:
    """Decided once, with a reason, and never by who asked. Approved, it may be used once."""
    verdict = Verdict(officer.name, sent.approved, sent.reason)
    four_eyes = guard_of(desk).four_eyes
    return ApprovalOut.of(await four_eyes.decide(approval_id, verdict, datetime.now(UTC)))


async def visible(desk: Desk, approval_id: UUID, officer: User) -> Approval:
    """NoSuchApprovalError also for another's, unless this person may approve."""
    one = await guard_of(desk).four_eyes.approvals.approval(approval_id)
    if one.request.requester != officer.name and not may(officer, Action.APPROVE):
        raise NoSuchApprovalError("no approval of yours has that id")
    return one
