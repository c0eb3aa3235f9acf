"""One plate erased, once a second person agrees."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from morina.accountability import Asked, Purpose
from morina.accountability.approvals import ApprovalNeededError, Guarded
from morina.accountability.approvals import Request as Approve
from morina.accountability.clearing import noted
from morina.accountability.trail import why_of
from morina.desk.api.asked import PurposeIn
from morina.desk.api.kept import Kept, plate_of
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Named, Sent
from morina.desk.entering import entered
from morina.desk.guarded import guard_of
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.records.erasing import (
    Erased,
    ErasureStage,
    NoSuchErasureError,
    RefusedErasureError,
    Request,
)

routes = APIRouter(prefix="/records", tags=["retention"], route_class=Route)

QUICK_S = 20.0


class ErasureIn(Sent):
    """One plate to be erased. Only the plate itself may name it: all else stays."""

    purpose: PurposeIn
    plate: Named
    reference: Named = Field(examples=["ER-2026-3"], description="of the request")
    approval_id: UUID | None = None


class RequestOut(BaseModel):
    """One request for erasure begun since the node started; the plate is not told."""

    erasure_id: UUID
    reference: str
    by: str
    begun_at: datetime
    stage: ErasureStage


class ErasureOut(BaseModel):
    """``erased`` is null while files are still being removed: ask again for the id."""

    erasure_id: UUID
    erased: dict[str, Any] | None

    @classmethod
    def of(cls, erasure_id: UUID, erased: Erased | None) -> "ErasureOut":
        """As far as it is."""
        if erased is None:
            return cls(erasure_id=erasure_id, erased=None)
        names = [name for name in Erased.__slots__ if name != "statement"]
        said = {name: getattr(erased, name) for name in names}
        said |= {"all_gone": erased.all_gone, "statement": erased.statement.number}
        return cls(erasure_id=erasure_id, erased=said)


@routes.post("/erasures", status_code=202, summary="Erase one plate")
async def erase(sent: ErasureIn, desk: Desk, kept: Kept, officer: Officer) -> ErasureOut:
    """Reads, passages, texts, pictures and decided alerts of the very text; look-alikes stay.

    Another person has to agree first (409). Gone for every question at once, from the disk
    within minutes.
    """
    purpose, now = sent.purpose.purpose(officer.name), datetime.now(UTC)
    try:
        request = Request(
            plate=plate_of(sent.plate), by=officer.name, reference=sent.reference,
            reason=purpose.justification,
        )  # fmt: skip
    except RefusedErasureError as error:
        raise ProblemError(422, str(error), place="reference", mend="leave it out") from None
    unchecked = await desk.search.asking.rules.clearance.check(purpose)
    words = noted(f"erasure of one plate, request {sent.reference}", unchecked)
    needed = _to_approve(desk, purpose, request, words)
    if sent.approval_id is None:
        raise ApprovalNeededError(needed)
    asked = Asked(
        at=now, purpose=purpose, question=words, act="erasure", approval_id=sent.approval_id,
        approval_digest=needed.digest,
    )  # fmt: skip
    async with entered(desk, asked) as done:
        erasure_id = kept.erasures.begin(request, now)
        erased = await kept.erasures.done(erasure_id, QUICK_S)
        done.reads = erased.reads if erased else 0
    return ErasureOut.of(erasure_id, erased)


@routes.get("/erasures", summary="Erasures since the node started")
async def erasures(kept: Kept, _officer: Officer) -> list[RequestOut]:
    """Newest first, with how far each is; those done before are among the statements."""
    return [RequestOut.model_validate(one, from_attributes=True) for one in kept.erasures.asked()]


@routes.get("/erasures/{erasure_id}", summary="How far an erasure is")
async def erasure(erasure_id: UUID, kept: Kept, _officer: Officer) -> ErasureOut:
    """What was removed and what stays, once all files are gone."""
    try:
        return ErasureOut.of(erasure_id, await kept.erasures.done(erasure_id, QUICK_S))
    except NoSuchErasureError as error:
        mend = "look among the statements"
        raise ProblemError(404, str(error), place="erasure_id", mend=mend) from None


def _to_approve(desk: Services, purpose: Purpose, request: Request, words: str) -> Approve:
    """What another person is asked; the plate is in it as a mark, for it stays."""
    mark = guard_of(desk).overseer.marks.of(request.plate)
    return Approve(
        kind=Guarded.ERASURE, requester=request.by, words=words,
        needed="the erasure of a plate needs a second person", why=why_of(purpose),
        content={"plate": mark, "reference": request.reference},
    )  # fmt: skip
