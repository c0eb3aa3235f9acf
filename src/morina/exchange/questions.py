"""Questions to partners: one full plate or VIN, hit or no hit; who asked, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self, TypeVar
from uuid import UUID

from morina.accountability import Purpose, PurposeCode
from morina.accountability.approvals import Approval, Guarded
from morina.exchange.message import Value
from morina.exchange.register import Named

LATE_AFTER = timedelta(seconds=10)
"""Answers about vehicles are expected within 10 s elsewhere (Decision 2008/616/JHA); after that a
question is shown as late. It is answered all the same."""


class Result(StrEnum):
    """What a partner answers."""

    HIT = "hit"
    NO_HIT = "no_hit"
    REFUSED = "refused"
    """Something is there and may not be told; only where the agreement says this is told."""

    UNDECIDABLE = "undecidable"
    """It cannot be told whether it is the vehicle, or the register does not answer."""


class Found(StrEnum):
    """What kind of hit: the ``category`` of an answer's item."""

    STOLEN = "stolen"
    WANTED_FOR_CHECK = "wanted_for_check"
    PLATE_FALSE = "plate_reported_false"
    REGISTERED = "registered"


class State(StrEnum):
    """How far a question is."""

    ASKED = "asked"
    RECEIVED = "received"
    LATE = "late"
    ANSWERED = "answered"
    TURNED_DOWN = "turned_down"
    """The partner's node took the message in and does not act on it; ``turned_down`` says why."""


class NoSuchPartnerQuestionError(LookupError):
    """The officer asked no partner anything under that id, or it is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """What an officer is about to ask: ``partners`` node ids, ``at`` the moment whose state of the
    register is wanted (None: now)."""

    partners: tuple[str, ...]
    named: Named
    purpose: Purpose
    at: datetime | None = None
    approval_id: UUID | None = None

    @classmethod
    def approved(cls, approval: Approval) -> Self:
        """The question a second person was asked about, to be asked under their word.

        ValueError where the request is of something else.
        """
        request = approval.request
        if request.kind is not Guarded.PARTNER_QUESTION:
            raise ValueError("that approval is of no question to partners")
        content, why = request.content, request.why
        try:
            named = Named.of(content.get("plate", ""), content.get("country", ""),
                             content.get("vin", ""))  # fmt: skip
            purpose = Purpose(
                officer=request.requester, code=PurposeCode(why["code"]),
                case_number=why["case_number"], legal_basis=why["legal_basis"],
                justification=why["justification"],
            )  # fmt: skip
            at = datetime.fromisoformat(content["at"])
            partners = tuple(content["partners"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"that approval cannot be read: {error}") from None
        return cls(partners=partners, named=named, purpose=purpose, at=at,
                   approval_id=approval.approval_id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a message on its way: when the partner's receipt says it came in, and why it
    was turned down there, empty where it was not."""

    received_at: datetime | None = None
    turned_down: str = ""


class Messages(Protocol):
    """What is known of messages sent, for those who wait."""

    async def became(self, conversations: Sequence[UUID]) -> Mapping[UUID, Became]:
        """Of the first message of each; those nothing is known of may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a partner answered. ``found`` are the fields told of each listing and vehicle, None
    once they are forgotten; ``took_ms`` is from asking to the answer, in milliseconds."""

    result: Result
    answered_at: datetime
    took_ms: int
    found: tuple[Mapping[str, Value], ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to one partner; ``question_id`` is the conversation, ``number`` that of its
    consultation."""

    question_id: UUID
    number: int
    partner: str
    agreement_id: UUID
    named: Named
    purpose: Purpose
    asked_at: datetime
    forget_at: datetime
    at: datetime | None = None
    became: Became = Became()
    answer: Answer | None = None

    def state(self, now: datetime) -> State:
        """How far it is at ``now``."""
        if self.answer is not None:
            return State.ANSWERED
        if self.became.turned_down:
            return State.TURNED_DOWN
        if now - self.asked_at > LATE_AFTER:
            return State.LATE
        return State.RECEIVED if self.became.received_at else State.ASKED


class Questions(Protocol):
    """Questions of this node's officers to partners, durable."""

    async def ask(self, asked: ToAsk, now: datetime) -> Sequence[Question]:
        """Ask each partner; written down as a consultation first, then sent all or none.

        RefusedPurposeError, NotClearedError, ApprovalNeededError and RefusedApprovalError of the
        purpose; NotAgreedError, UnknownNodeError; ConnectionError where it cannot be written down.
        """

    async def question(self, question_id: UUID, officer: str) -> Question:
        """One of the officer's own; NoSuchPartnerQuestionError."""

    async def newest(self, officer: str, limit: int = 50) -> Sequence[Question]:
        """The officer's own, newest first."""

    async def forget(self, now: datetime) -> int:
        """Forget what was told beyond its time, and enter that; how many answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer this node gave by itself, as whoever oversees sees it: what was asked, by whom
    (pseudonym) and why, what was answered, and what was held back."""

    question_id: UUID
    partner: str
    officer: str
    named: Named
    why: Mapping[str, str]
    answered_at: datetime
    result: Result
    held_back: bool
    reviewed_by: str = ""
    review: str = ""


class AnswersGiven(Protocol):
    """The quiet sample of answers this node gave, for the data protection officer."""

    async def sample(self, by: str, *, open_only: bool, limit: int = 100) -> Sequence[Answered]:
        """Newest first; that ``by`` read them enters the trail."""

    async def review(self, question_id: UUID, by: str, words: str, now: datetime) -> None:
        """Write down once what was found of one; LookupError where it is not in the sample or
        reviewed, ValueError for words that say nothing."""


_Connection = TypeVar("_Connection", contravariant=True)


class Hits(Protocol[_Connection]):
    """What a follow-up may rest on: hits of one kind, told or heard."""

    async def heard(self, connection: _Connection, partner: str, about: UUID) -> Named | None:
        """The vehicle of a hit that ``partner`` told this node under that id (the conversation of
        a question, the message of a sighting); None where there is none."""

    async def told(self, connection: _Connection, partner: str, about: UUID) -> Named | None:
        """The same of a hit this node told ``partner``."""
