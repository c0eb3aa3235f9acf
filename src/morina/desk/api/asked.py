"""What is sent and answered when the records are asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from pydantic import BaseModel, Field, create_model, field_validator

from morina.accountability import Consultation, Purpose, PurposeCode, RefusedPurposeError
from morina.desk.api.sent import Line, Named, Sent
from morina.desk.api.texts import SENT, QuestionIn
from morina.desk.beside import UNTOLD, Beside, PinnedReads
from morina.desk.problems import ProblemError
from morina.records.asking import Stage, State
from morina.records.kinds import AnyKind, Question
from morina.records.questions import Coverage
from morina.watch import SuspectedClone

MOST_ENTRIES = 1000
LONGEST_TEXT = 200


class PurposeIn(Sent):
    """Why somebody asks. The officer is whoever is signed in."""

    code: PurposeCode
    case_number: Named = Field(examples=["C-2026-117"])
    legal_basis: Named = Field(examples=["Police Act, section 12"])
    justification: Line = Field(examples=["stolen on Monday evening near the mill"])

    def purpose(self, officer: str) -> Purpose:
        """The purpose; ProblemError (422) where it says too little."""
        try:
            return Purpose(officer=officer, **self.model_dump())
        except RefusedPurposeError as error:
            place = f"purpose.{error.field}"
            raise ProblemError(422, str(error), place=place, mend=error.mend) from None


class AskIn(Sent):
    """A purpose and a question; each kind of question has a body of its own (``question_body``)."""

    kind: str
    purpose: PurposeIn
    question: Any
    approval_id: UUID | None = Field(
        default=None, description="of the approval of just this question and purpose, if it has one"
    )

    def asked(self) -> Question:
        """The question itself; RefusedQuestionError."""
        sent: Question | QuestionIn = self.question
        return sent.question() if isinstance(sent, QuestionIn) else sent

    @field_validator("question", mode="before")
    @classmethod
    def _plain(cls, sent: Any) -> Any:
        return plain(sent)


def question_body(kinds: Sequence[AnyKind]) -> Any:
    """The type of the body that asks: one model a kind, told apart by ``kind``."""
    bodies = tuple(_body(kind) for kind in kinds)
    if len(bodies) == 1:
        return bodies[0]
    return Annotated[Union[bodies], Field(discriminator="kind")]  # noqa: UP007 - made of a tuple


def _body(kind: AnyKind) -> type[AskIn]:
    name = "Ask" + "".join(part.title() for part in kind.name.split("-"))
    named: Any = Literal[kind.name]
    return create_model(
        name,
        __base__=AskIn,
        __doc__=kind.question.__doc__,
        kind=(named, ...),
        question=(SENT.get(kind.question, kind.question), ...),
    )


def plain(sent: Any) -> Any:
    """What was sent, its texts printable and short, its lists of bounded length; ValueError."""
    if isinstance(sent, str) and not (sent.isprintable() and len(sent) <= LONGEST_TEXT):
        raise ValueError(f"a text is not plain or longer than {LONGEST_TEXT}; shorten it")
    if isinstance(sent, list | dict):
        if len(sent) > MOST_ENTRIES:
            raise ValueError(f"a list has more than {MOST_ENTRIES} entries; ask in parts")
        for one in sent.values() if isinstance(sent, Mapping) else sent:
            plain(one)
    return sent


class QuestionOut(BaseModel):
    """How far a question is. ``share`` is 0 to 1, ``found`` counts findings once it is answered;
    ``consultation`` is the number it was written down under."""

    question_id: UUID
    consultation: int
    kind: str
    question: str
    stage: Stage
    share: float
    failed: str
    found: int | None
    has_more: bool

    @classmethod
    def of(cls, state: State) -> "QuestionOut":
        """The question as it stands."""
        answer = state.answer
        return cls(
            question_id=state.question_id,
            consultation=state.number,
            kind=state.kind,
            question=state.question.words(),
            stage=state.stage,
            share=state.share,
            failed=state.failed,
            found=None if answer is None else len(answer.found),
            has_more=bool(answer and answer.more),
        )


class AnswerOut(BaseModel):
    """A page of an answer: ``count`` findings in all, of which ``found`` are those from ``offset``
    on; what they look like depends on the kind. ``coverage`` says what was looked at.
    ``has_more``: the limit of rows ended it, and POST .../more goes on. ``suspected_clones`` are
    the labels that stand for plates asked for or on this page; ``pinned`` says of the plate asked
    for how many reads are kept for a case beyond their time."""

    question: QuestionOut
    count: int
    offset: int
    found: list[Any]
    coverage: Coverage
    has_more: bool
    notes: tuple[str, ...]
    suspected_clones: tuple[SuspectedClone, ...] = ()
    pinned: tuple[PinnedReads, ...] = ()

    def with_beside(self, told: Beside) -> "AnswerOut":
        """The same with what is told besides; a note where that could not be looked up."""
        notes = self.notes if told.told else (*self.notes, UNTOLD)
        changed = {"suspected_clones": told.clones, "pinned": told.pinned, "notes": notes}
        return self.model_copy(update=changed)


def findings(kinds: Sequence[AnyKind]) -> Any:
    """AnswerOut with the findings of each kind, for the OpenAPI description."""
    found = tuple(kind.found for kind in kinds)
    return create_model("Answer", __base__=AnswerOut, found=(list[Union[found]], ...))  # type: ignore[valid-type]  # noqa: UP007 - made of a tuple


class ConsultationOut(BaseModel):
    """One question as it was written down, and what became of it; ``shown`` is null until it is
    answered, and where ``failed`` says why it was not."""

    number: int
    asked_at: datetime
    officer: str
    code: PurposeCode
    case_number: str
    legal_basis: str
    justification: str
    question: str
    plates: tuple[str, ...]
    ended_at: datetime | None
    shown: int | None
    covered: str
    failed: str

    @classmethod
    def of(cls, one: Consultation) -> "ConsultationOut":
        """As the log has it."""
        why, became = one.purpose, one.outcome
        return cls(
            number=one.number,
            asked_at=one.asked_at,
            officer=why.officer,
            code=why.code,
            case_number=why.case_number,
            legal_basis=why.legal_basis,
            justification=why.justification,
            question=one.question,
            plates=one.plates,
            ended_at=became.at if became else None,
            shown=one.shown,
            covered=became.covered if became else "",
            failed=became.failed if became else "",
        )
