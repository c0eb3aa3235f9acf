"""Follow-ups: details after a hit, asked for by two persons and released by an officer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from morina.accountability import Action, User
from morina.accountability.trail import acts_as
from morina.desk.api.asked import PurposeIn
from morina.desk.api.asking_route import AskingRoute, follow_ups_of
from morina.desk.api.exchange import as_sent, exchange_of
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Instant, Line, Named, Sent
from morina.desk.follow_up_seen import sees_partners
from morina.desk.permits import must
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange.follow_up_clocks import dues
from morina.exchange.follow_up_steps import TAKEN_AT, allowed
from morina.exchange.follow_ups import (
    Clock,
    Escalation,
    FollowUp,
    Grant,
    Handling,
    RefusedBecause,
    RefusedFollowUpError,
    Side,
    Stage,
    Step,
    ToFollowUp,
    Urgency,
)
from morina.exchange.released_pictures import without_content
from morina.exchange.sighting_messages import image_of

routes = APIRouter(prefix="/exchange", tags=["exchange"], route_class=AskingRoute)

Value = Annotated[str, Field(max_length=4000)] | int | bool | list[Line]


class FollowUpIn(Sent):
    """``about`` is the id of the question that was answered with a hit, or of the sighting;
    ``officers`` are accounts of the same case that may see what is released."""

    partner: Named = Field(examples=["AL"])
    about: UUID
    purpose: PurposeIn
    offence: Named = Field(examples=["theft of a vehicle"])
    urgency: Urgency = Urgency.ROUTINE
    wanted: list[Named] = Field(min_length=1, max_length=50, examples=[["holder_name"]])
    officers: list[Named] = Field(default=[], max_length=20)

    def wanted_of(self, officer: str) -> ToFollowUp:
        """As it is written."""
        return ToFollowUp(
            partner=self.partner, about=self.about, purpose=self.purpose.purpose(officer),
            offence=self.offence, urgency=self.urgency, wanted=tuple(self.wanted),
            officers=tuple(self.officers),
        )  # fmt: skip


class FollowUpStepIn(Sent):
    """``words`` with clarify and clarified, ``because`` with refuse; ``fields``, ``handling`` and
    ``forget_at`` with grant: ``picture: true`` among the fields adds that of the sighting. ``at``
    is when what is granted came about, where the agreement limits its age; ``camera_group`` where
    it comes from cameras and not all are agreed."""

    step: Step
    words: Annotated[str, Field(max_length=2000)] = ""
    because: RefusedBecause | None = None
    fields: dict[Named, Value] = Field(default={}, max_length=50)
    handling: Handling = Handling.POLICE_USE
    forget_at: Instant | None = None
    at: Instant | None = None
    camera_group: Annotated[str, Field(max_length=200)] = ""

    def grant(self) -> Grant:
        """What is released; RefusedFollowUpError."""
        if self.forget_at is None:
            raise RefusedFollowUpError("forget_at", "name until when it may be kept")
        return Grant(
            fields=self.fields, handling=self.handling, forget_at=self.forget_at, at=self.at,
            camera_group=self.camera_group,
        )  # fmt: skip


class DidOut(BaseModel):
    """One step taken."""

    at: datetime
    by: str
    step: Step
    words: str


class GrantOut(BaseModel):
    """What was released; not used onward without the owner's consent. ``picture`` is true where one
    came along, which has a route of its own."""

    fields: dict[str, Any]
    handling: Handling
    forget_at: datetime


class FollowUpOut(BaseModel):
    """One follow-up. ``due`` is what the owner has to do by when, ``may`` the steps of this node;
    ``released`` is null where nothing was, you may not see it, or it is forgotten."""

    follow_up_id: UUID
    side: Side
    partner: str
    about: UUID
    vehicle: dict[str, str]
    requester: str
    approver: str
    why: dict[str, str]
    offence: str
    urgency: Urgency
    wanted: list[str]
    officers: list[str]
    stage: Stage
    written_at: datetime
    asked_at: datetime | None
    approval_id: UUID | None
    due: dict[Clock, datetime]
    may: list[Step]
    did: list[DidOut]
    refused: RefusedBecause | None
    released: GrantOut | None

    @classmethod
    def of(cls, one: FollowUp, desk: Services) -> "FollowUpOut":
        """As it stands."""
        granted = one.granted
        return cls(
            follow_up_id=one.follow_up_id, side=one.side, partner=one.partner, about=one.about,
            vehicle=dict(one.named.said), requester=one.requester, approver=one.approver,
            why=dict(one.why), offence=one.offence, urgency=one.urgency, wanted=list(one.wanted),
            officers=list(one.officers), stage=one.stage, written_at=one.written_at,
            asked_at=one.asked_at, approval_id=one.approval_id, refused=one.refused,
            due=dues(one, exchange_of(desk).follow_up_hours),
            may=list(allowed(one.stage, one.side)),
            did=[DidOut(at=did.at, by=did.by, step=did.step, words=did.words) for did in one.did],
            released=granted and GrantOut(
                fields=without_content(granted.fields), handling=granted.handling,
                forget_at=granted.forget_at,
            ),
        )  # fmt: skip


@routes.post("/follow-ups", status_code=201, summary="Write down a follow-up")
async def write(sent: FollowUpIn, desk: Desk, officer: Officer) -> FollowUpOut:
    """Nothing is sent: another person decides on ``approval_id`` first, then take the step send."""
    acts_as(officer.name)
    one = await follow_ups_of(desk).write(sent.wanted_of(officer.name), datetime.now(UTC))
    return FollowUpOut.of(one, desk)


@routes.get("/follow-ups", summary="Follow-ups, what is due first")
async def follow_ups(desk: Desk, officer: Officer) -> list[FollowUpOut]:
    """Your own, and those partners ask where you release or approve. Nothing released is in it."""
    found = await follow_ups_of(desk).all_of(officer.name, releases=sees_partners(officer))
    return [FollowUpOut.of(one, desk) for one in found]


@routes.get("/escalations", summary="What a supervisor is told of clocks")
async def escalations(desk: Desk, _officer: Officer) -> Sequence[Escalation]:
    """Of follow-ups still open, newest first: half of a clock is over, or all of it."""
    return await follow_ups_of(desk).escalations()


@routes.get("/follow-ups/{follow_up_id}", summary="One follow-up")
async def follow_up(follow_up_id: UUID, desk: Desk, officer: Officer) -> FollowUpOut:
    """With what was released, where you are an officer of the case; that you saw it is in the
    trail."""
    return FollowUpOut.of(await _one(desk, follow_up_id, officer), desk)


@routes.get(
    "/follow-ups/{follow_up_id}/picture",
    summary="The picture that was released",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}}}},
)
async def picture(follow_up_id: UUID, desk: Desk, officer: Officer) -> Response:
    """To officers of the case; that you saw it is in the trail. 404 where none was released."""
    one = await _one(desk, follow_up_id, officer)
    found = image_of(one.granted.fields) if one.granted else None
    if found is None:
        raise ProblemError(404, "no picture was released to you with it", place="follow_up_id",
                           mend="ask the partner for it in a further follow-up")  # fmt: skip
    return as_sent(*found)


@routes.post("/follow-ups/{follow_up_id}/steps", summary="Take a step")
async def step(
    follow_up_id: UUID, sent: FollowUpStepIn, desk: Desk, officer: Officer
) -> FollowUpOut:
    """send, drop, clarified by who asked; acknowledge, clarify, grant, refuse by who releases."""
    owns = TAKEN_AT[sent.step] is Side.OWNING
    must(officer, Action.RELEASE if owns else Action.ASK_PARTNERS)
    acts_as(officer.name)
    await _one(desk, follow_up_id, officer)
    return FollowUpOut.of(await taken(desk, follow_up_id, sent, officer.name), desk)


async def taken(desk: Services, follow_up_id: UUID, sent: FollowUpStepIn, by: str) -> FollowUp:
    """The follow-up after a step; RefusedFollowUpError where something is missing."""
    kept, now = follow_ups_of(desk), datetime.now(UTC)
    match sent.step:
        case Step.SEND:
            return await kept.send(follow_up_id, by, now)
        case Step.DROP:
            return await kept.drop(follow_up_id, by, now)
        case Step.ACKNOWLEDGE:
            return await kept.acknowledge(follow_up_id, by, now)
        case Step.CLARIFY:
            return await kept.clarify(follow_up_id, by, sent.words, now)
        case Step.CLARIFIED:
            return await kept.clarified(follow_up_id, by, sent.words, now)
        case Step.GRANT:
            return await kept.grant(follow_up_id, by, sent.grant(), now)
        case Step.REFUSE:
            if sent.because is None:
                raise RefusedFollowUpError("because", "name the reason by its code")
            return await kept.refuse(follow_up_id, by, sent.because, now)
        case Step.FORGET | Step.TURN_DOWN | Step.UNDO:
            raise RefusedFollowUpError("step", "a node takes it by itself")


async def _one(desk: Services, follow_up_id: UUID, officer: User) -> FollowUp:
    releases = sees_partners(officer)
    return await follow_ups_of(desk).follow_up(follow_up_id, officer.name, releases=releases)
