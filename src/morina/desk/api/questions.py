"""Questions to partners: one plate or VIN, and what was answered; the sample of our own answers."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability.trail import acts_as
from morina.desk.api.asked import PurposeIn
from morina.desk.api.asking_route import AskingRoute, questions_of
from morina.desk.api.exchange import exchange_of
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Instant, Line, Named
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange.questions import (
    Answered,
    AnswersGiven,
    Question,
    Result,
    State,
    ToAsk,
)
from morina.exchange.register import Named as Vehicle

routes = APIRouter(prefix="/exchange", tags=["exchange"], route_class=AskingRoute)

Most = Annotated[int, Query(ge=1, le=1000)]


class PartnerQuestionIn(BaseModel):
    """One full plate with its country, or one full VIN; ``at`` asks for the register as it was."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partners: list[Named] = Field(min_length=1, max_length=50, examples=[["AL", "XK"]])
    plate: Line = Field(default="", examples=["AA 123 BB"])
    country: Line = Field(default="", examples=["AL"])
    vin: Line = ""
    purpose: PurposeIn
    at: Instant | None = None
    approval_id: UUID | None = Field(
        default=None, description="where another person had to agree: of just this question"
    )

    def asked(self, officer: str) -> ToAsk:
        """As it is asked; RefusedVehicleError."""
        return ToAsk(
            partners=tuple(self.partners), named=Vehicle.of(self.plate, self.country, self.vin),
            purpose=self.purpose.purpose(officer), at=self.at, approval_id=self.approval_id,
        )  # fmt: skip


class PartnerAnswerOut(BaseModel):
    """``found`` are the fields told of each listing and vehicle, null once they are forgotten."""

    result: Result
    answered_at: datetime
    took_ms: int
    found: list[dict[str, Any]] | None


class PartnerQuestionOut(BaseModel):
    """One question to one partner, and how far it is; ``consultation`` is the number it was
    written down under."""

    question_id: UUID
    consultation: int
    partner: str
    vehicle: dict[str, str]
    state: State
    asked_at: datetime
    at: datetime | None
    received_at: datetime | None
    turned_down: str
    answer: PartnerAnswerOut | None

    @classmethod
    def of(cls, one: Question) -> "PartnerQuestionOut":
        """As it is now."""
        told = one.answer
        answer = None
        if told is not None:
            found = None if told.found is None else [dict(each) for each in told.found]
            answer = PartnerAnswerOut(
                result=told.result, answered_at=told.answered_at, took_ms=told.took_ms, found=found
            )
        return cls(
            question_id=one.question_id, consultation=one.number, partner=one.partner,
            vehicle=dict(one.named.said), state=one.state(datetime.now(UTC)),
            asked_at=one.asked_at, at=one.at, received_at=one.became.received_at,
            turned_down=one.became.turned_down, answer=answer,
        )  # fmt: skip


class AnswerGivenOut(BaseModel):
    """One answer of the sample; ``held_back`` where something was found that may not be told."""

    question_id: UUID
    partner: str
    officer: str
    vehicle: dict[str, str]
    why: dict[str, str]
    answered_at: datetime
    result: Result
    held_back: bool
    reviewed_by: str
    review: str

    @classmethod
    def of(cls, one: Answered) -> "AnswerGivenOut":
        """As kept."""
        return cls(
            question_id=one.question_id, partner=one.partner, officer=one.officer,
            vehicle=dict(one.named.said), why=dict(one.why), answered_at=one.answered_at,
            result=one.result, held_back=one.held_back, reviewed_by=one.reviewed_by,
            review=one.review,
        )  # fmt: skip


class AnswerReviewIn(BaseModel):
    """What a reviewer found, in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Line = Field(examples=["it fits the case it names"])


@routes.post("/questions", status_code=201, summary="Ask partners about one vehicle")
async def ask(sent: PartnerQuestionIn, desk: Desk, officer: Officer) -> list[PartnerQuestionOut]:
    """Written down first, then sent to each partner, to all or none. Ask for the id to see what
    was answered; that takes seconds."""
    acts_as(officer.name)
    made = await questions_of(desk).ask(sent.asked(officer.name), datetime.now(UTC))
    return [PartnerQuestionOut.of(one) for one in made]


@routes.get("/questions", summary="What you asked partners, newest first")
async def asked(desk: Desk, officer: Officer, limit: Most = 50) -> list[PartnerQuestionOut]:
    """Your own only."""
    found = await questions_of(desk).newest(officer.name, limit)
    return [PartnerQuestionOut.of(one) for one in found]


@routes.get("/questions/{question_id}", summary="One question to a partner")
async def question(question_id: UUID, desk: Desk, officer: Officer) -> PartnerQuestionOut:
    """How far it is, and the answer; your own only."""
    return PartnerQuestionOut.of(await questions_of(desk).question(question_id, officer.name))


@routes.get("/answers/sample", summary="Answers this node gave, drawn for review")
async def sample(
    desk: Desk, officer: Officer, open_only: bool = True, limit: Most = 100
) -> list[AnswerGivenOut]:
    """Newest first. That you read them is in the trail."""
    found = await _given(desk).sample(officer.name, open_only=open_only, limit=limit)
    return [AnswerGivenOut.of(one) for one in found]


@routes.post("/answers/{question_id}/review", status_code=204, summary="Review a sampled answer")
async def review(question_id: UUID, sent: AnswerReviewIn, desk: Desk, officer: Officer) -> None:
    """Once, in words."""
    try:
        await _given(desk).review(question_id, officer.name, sent.words, datetime.now(UTC))
    except LookupError as error:
        mend = "use an id that GET /api/v1/exchange/answers/sample lists"
        raise ProblemError(404, str(error), place="question_id", mend=mend) from None
    except ValueError as error:
        raise ProblemError(422, str(error), place="words", mend="write what you found") from None


def _given(desk: Services) -> AnswersGiven:
    given = exchange_of(desk).answers_given
    if given is None:
        raise ProblemError(404, "this node answers no partners", place="node", mend="ask another")
    return given
