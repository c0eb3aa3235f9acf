"""Agreements with partners: read, drafted, signed with a second person, ended."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import PurposeCode
from morina.accountability.approvals import ApprovalNeededError
from morina.accountability.trail import acts_as
from morina.desk.api.exchange import exchange_of
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Instant, Line
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange import Agreement, Category, Onward, Signed
from morina.exchange.agreeing import Agreeing, NoSuchAgreementError, Signing

routes = APIRouter(prefix="/exchange", tags=["exchange"], route_class=Route)
Days = Annotated[int, Field(ge=0, le=36_500)]


def agreeing_of(desk: Services) -> Agreeing:
    """What makes agreements; ProblemError (404) where this node makes none."""
    agreeing = exchange_of(desk).agreeing
    if agreeing is None:
        raise ProblemError(404, "this node makes no agreements", place="node", mend="ask another")
    return agreeing


class AgreementOut(BaseModel):
    """One version as it is signed, who signed it, and its digest as the directory lists it."""

    agreement: dict[str, Any]
    digest: str
    signed_by: dict[str, str]

    @classmethod
    def of(cls, one: Signed) -> "AgreementOut":
        """As kept; node to the officer's pseudonym."""
        officers = {node: one.officers.get(node, "") for node in one.signatures}
        agreement = one.agreement
        return cls(agreement=dict(agreement.said()), digest=agreement.digest, signed_by=officers)


class DraftIn(BaseModel):
    """What is drafted. ``version`` is 1, or one more than the newest that was signed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(default=1, ge=1, le=100_000)
    giver: str = Field(examples=["GB"], max_length=20)
    receiver: str = Field(examples=["AL"], max_length=20)
    category: Category
    purposes: frozenset[PurposeCode]
    fields: frozenset[Line] = Field(max_length=200)
    legal_basis: str = Field(max_length=2000, examples=["Memorandum of 2026, article 4"])
    valid_from: Instant
    valid_to: Instant
    keep_days: Days
    max_age_days: Days = 0
    camera_groups: frozenset[Line] = Field(default=frozenset(), max_length=200)
    officer_cap: Days = 0
    node_cap: Days = 0
    onward: Onward = Onward.NEVER
    tells_refusal: bool = False
    log_days: Days = 1096

    def drafted(self, agreement_id: UUID) -> Agreement:
        """As it is kept; ProblemError (422) where no agreement can say that."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return Agreement(agreement_id=agreement_id, **named)
        except ValueError as error:
            raise ProblemError(422, str(error), place="body", mend="mend that term") from None


class SignatureIn(BaseModel):
    """Why it is signed, and under whose word: without ``approval_id`` one is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(examples=["agreed at the meeting in Tirana"])
    approval_id: UUID | None = None


class EndIn(BaseModel):
    """Why it ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(examples=["the case is closed there"])


@routes.get("/agreements", summary="The newest version of every agreement")
async def agreements(desk: Desk, _officer: Officer) -> list[AgreementOut]:
    """Those of this node with each partner, in force or not."""
    return [AgreementOut.of(one) for one in await exchange_of(desk).agreements.of_this_node()]


@routes.get("/agreements/{agreement_id}", summary="Every version of one agreement")
async def agreement(agreement_id: UUID, desk: Desk, _officer: Officer) -> list[AgreementOut]:
    """Newest first."""
    found = await exchange_of(desk).agreements.versions(agreement_id)
    if not found:
        raise NoSuchAgreementError("no agreement has that id")
    return [AgreementOut.of(one) for one in found]


@routes.get("/drafts", summary="Drafts nobody has signed")
async def drafts(desk: Desk, _officer: Officer) -> list[dict[str, Any]]:
    """Newest first; told to nobody."""
    return [dict(one.said()) for one in await agreeing_of(desk).drafts()]


@routes.put("/drafts/{agreement_id}", summary="Draft an agreement, or its next version")
async def draft(agreement_id: UUID, sent: DraftIn, desk: Desk, officer: Officer) -> dict[str, Any]:
    """Kept in place of the draft there was of that id. Choose a new id for a new agreement."""
    acts_as(officer.name)
    made = sent.drafted(agreement_id)
    await agreeing_of(desk).draft(made, officer.name, datetime.now(UTC))
    return dict(made.said())


@routes.post("/agreements/{agreement_id}/signature", summary="Sign, and send to the partner")
async def sign(agreement_id: UUID, sent: SignatureIn, desk: Desk, officer: Officer) -> AgreementOut:
    """Signs the draft of that id, or what the partner signed. Another person has to approve just
    this text first: without ``approval_id`` the approval is asked for and named (409)."""
    acts_as(officer.name)
    agreeing = agreeing_of(desk)
    text = await _text(desk, agreement_id)
    if sent.approval_id is None:
        raise ApprovalNeededError(await agreeing.to_approve(text, officer.name, sent.reason))
    signing = _signing(officer.name, sent.reason, sent.approval_id)
    return AgreementOut.of(await agreeing.sign(text, signing))


@routes.post("/agreements/{agreement_id}/end", summary="End an agreement")
async def end(agreement_id: UUID, sent: EndIn, desk: Desk, officer: Officer) -> AgreementOut:
    """From now on nothing passes under it; the partner is told. It needs no second person."""
    acts_as(officer.name)
    signing = _signing(officer.name, sent.reason, None)
    return AgreementOut.of(await agreeing_of(desk).end(agreement_id, signing))


def _signing(officer: str, reason: str, approval_id: UUID | None) -> Signing:
    return Signing(officer=officer, reason=reason, approval_id=approval_id, at=datetime.now(UTC))


async def _text(desk: Services, agreement_id: UUID) -> Agreement:
    """The draft of that id, else the newest version; NoSuchAgreementError."""
    for one in await agreeing_of(desk).drafts():
        if one.agreement_id == agreement_id:
            return one
    found = await exchange_of(desk).agreements.versions(agreement_id)
    if not found:
        raise NoSuchAgreementError("no agreement or draft has that id")
    return found[0].agreement
