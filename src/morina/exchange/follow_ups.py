"""Follow-ups: details after a hit, asked for with a second person's word, released by an officer.

Both nodes keep the same follow-up, each its side of it; ``follow_up_steps`` says what may follow
what and who may do it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.accountability import Purpose
from morina.exchange.message import Value
from morina.exchange.register import Named


class Stage(StrEnum):
    """How far a follow-up is."""

    WRITTEN = "written"
    """Waits for a second person of the asking node; nobody else knows of it."""

    DROPPED = "dropped"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    CLARIFYING = "clarifying"
    GRANTED = "granted"
    REFUSED = "refused"
    TURNED_DOWN = "turned_down"
    """The partner's node did not take the request; write another where that is mended."""

    FORGOTTEN = "forgotten"


class Step(StrEnum):
    """What leads from one stage to another."""

    SEND = "send"
    DROP = "drop"
    ACKNOWLEDGE = "acknowledge"
    CLARIFY = "clarify"
    CLARIFIED = "clarified"
    GRANT = "grant"
    REFUSE = "refuse"
    FORGET = "forget"
    TURN_DOWN = "turn_down"
    """The owner's node does not take the request; ``words`` say why."""

    UNDO = "undo"
    """The asking node does not take what was released: it has nothing, so it stays open here."""


class Side(StrEnum):
    """Which node a step is taken at."""

    ASKING = "asking"
    OWNING = "owning"


class Urgency(StrEnum):
    """How soon it is needed; the clocks are the same, the list shows the urgent first."""

    ROUTINE = "routine"
    URGENT = "urgent"
    DANGER_TO_LIFE = "danger_to_life"


class Handling(StrEnum):
    """What the receiver may do with what was released."""

    POLICE_USE = "police_use"
    """For this case, within the authority."""

    NOT_AS_EVIDENCE = "not_as_evidence"
    """As police_use, and not before a court without consent."""

    ASK_BEFORE_ACTING = "ask_before_acting"
    """As police_use, and nothing is done on it before the owner agrees."""


class RefusedBecause(StrEnum):
    """Why an owner refuses."""

    NOT_JUSTIFIED = "not_justified"
    DISPROPORTIONATE = "disproportionate"
    NATIONAL_LAW = "national_law"
    COURT_NEEDED = "court_needed"
    OWN_INVESTIGATION = "own_investigation"
    DANGER = "danger"
    NOT_HELD = "not_held"


class NoSuchFollowUpError(LookupError):
    """No follow-up has that id, or it is another officer's."""


class RefusedFollowUpError(ValueError):
    """A step that may not be taken so; ``place`` is the field at fault, the text what to do."""

    def __init__(self, place: str, said: str) -> None:
        super().__init__(f"{place}: {said}")
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFollowUp:
    """What an officer asks for after a hit. ``about`` is the conversation of the question or the
    message of the sighting, ``wanted`` names of fields, ``officers`` the others of the case who
    may see what is released (account names)."""

    partner: str
    about: UUID
    purpose: Purpose
    offence: str
    urgency: Urgency
    wanted: tuple[str, ...]
    officers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an officer of the owner releases: fields with their values out of those agreed, how
    they may be handled, and until when the receiver keeps them. Never used onward without the
    owner's consent. ``at`` is when they came about, the oldest of them, ``camera_group`` the
    cameras they come from: the agreement's ages and cameras are held against these; empty once
    released."""

    fields: Mapping[str, Value]
    handling: Handling
    forget_at: datetime
    at: datetime | None = None
    camera_group: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """One step: when, who (an account, or a pseudonym of the partner's), which, in what words."""

    at: datetime
    by: str
    step: Step
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One follow-up as this node keeps it. ``side`` is this node's, ``partner`` the other node;
    ``requester`` an account where this node asks, else a pseudonym. ``granted`` is None where
    nothing was released, whoever looks may not see it, or it is forgotten."""

    follow_up_id: UUID
    side: Side
    partner: str
    agreement_id: UUID
    about: UUID
    named: Named
    requester: str
    approver: str
    why: Mapping[str, str]
    offence: str
    urgency: Urgency
    wanted: tuple[str, ...]
    officers: tuple[str, ...]
    stage: Stage
    written_at: datetime
    asked_at: datetime | None = None
    did: tuple[Did, ...] = ()
    approval_id: UUID | None = None
    refused: RefusedBecause | None = None
    granted: Grant | None = None


class Clock(StrEnum):
    """What is due of an owner."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Escalation:
    """A supervisor is told: half of a clock is over, or all of it (``is_due``)."""

    follow_up_id: UUID
    clock: Clock
    is_due: bool
    at: datetime


class FollowUps(Protocol):
    """Follow-ups of both directions, durable; every step enters the trail with its message."""

    async def write(self, wanted: ToFollowUp, now: datetime) -> FollowUp:
        """Write one and ask for a second person's word. RefusedPurposeError, NotClearedError,
        RefusedFollowUpError (no such hit, too few words, fields not agreed), NotAgreedError."""

    async def send(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """Send what was approved, by whoever wrote it; RefusedApprovalError before that."""

    async def drop(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """Not wanted any more; only before it is sent."""

    async def acknowledge(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """An officer of the owner looks into it."""

    async def clarify(self, follow_up_id: UUID, by: str, words: str, now: datetime) -> FollowUp:
        """The owner asks for more."""

    async def clarified(self, follow_up_id: UUID, by: str, words: str, now: datetime) -> FollowUp:
        """The asking officer answers that."""

    async def grant(self, follow_up_id: UUID, by: str, grant: Grant, now: datetime) -> FollowUp:
        """Release; RefusedFollowUpError for fields not agreed or kept too long."""

    async def refuse(
        self, follow_up_id: UUID, by: str, because: RefusedBecause, now: datetime
    ) -> FollowUp:
        """Release nothing, and say why by a code."""

    async def follow_up(self, follow_up_id: UUID, by: str, *, releases: bool) -> FollowUp:
        """One as ``by`` may see it (``releases``: those other nodes ask too); what was released is
        shown to officers of the case, and that it was enters the trail. NoSuchFollowUpError."""

    async def all_of(self, by: str, *, releases: bool, limit: int = 200) -> Sequence[FollowUp]:
        """The officer's own and, where they release, those partners ask; what is due first. Nothing
        released is in them."""

    async def look(self, now: datetime) -> Sequence[Escalation]:
        """Escalate what is half or wholly due, once each, and forget what is over."""

    async def escalations(self, limit: int = 100) -> Sequence[Escalation]:
        """Those of follow-ups still open, newest first, for supervisors."""
