"""Why somebody looks: what every question to the records carries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LEAST_WORDS = 3


class PurposeCode(StrEnum):
    """What a look-up may be for. A partner's list may name fewer."""

    MISSING_PERSON = "missing_person"
    RISK_TO_LIFE = "risk_to_life"
    TERRORISM = "terrorism"
    SERIOUS_CRIME = "serious_crime"
    CRIME = "crime"
    STOLEN_VEHICLE = "stolen_vehicle"
    ALERT_HANDLING = "alert_handling"
    OVERSIGHT = "oversight"


class RefusedPurposeError(ValueError):
    """A purpose that says too little; names the field and what to write there."""

    def __init__(self, field: str, fault: str, mend: str) -> None:
        super().__init__(f"{field}: {fault}; {mend}")
        self.field, self.fault, self.mend = field, fault, mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Officer, purpose code, case number, legal basis and justification of a question.

    Directive (EU) 2016/680, article 25, wants the justification of a consultation logged.
    RefusedPurposeError where a part is missing or the justification is under three words.
    """

    officer: str
    code: PurposeCode
    case_number: str
    legal_basis: str
    justification: str

    def __post_init__(self) -> None:
        for field in ("officer", "case_number", "legal_basis", "justification"):
            if not getattr(self, field).strip():
                raise RefusedPurposeError(field, "is empty", "every question needs it")
        if len(self.justification.split()) < LEAST_WORDS:
            raise RefusedPurposeError(
                "justification", "says too little", "say what is looked for and why, in a sentence"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody is about to ask, and why: ``question`` in words that name plate, place and
    time, ``plates`` the plate texts or patterns in it, upper-case. ``act`` is what the trail calls
    it: a question is a consultation, what is done to records for a purpose another act.
    ``approval_id`` is the approval used up by it, which must be of ``approval_digest``."""

    at: datetime
    purpose: Purpose
    question: str
    plates: tuple[str, ...] = ()
    act: str = "consultation"
    approval_id: UUID | None = None
    approval_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a question.

    ``shown`` counts what may be shown of it, None where it failed; ``covered`` says in words what
    was looked at, ``failed`` why nothing is shown; empty where all went well.
    """

    at: datetime
    shown: int | None = None
    covered: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One question, written down before it is answered.

    ``question`` is what was asked, in words that name plate, place and time; ``shown`` counts
    what was shown, None until it is answered or where the question failed. ``outcome`` is None
    until it is known.
    """

    number: int
    asked_at: datetime
    purpose: Purpose
    question: str
    shown: int | None = None
    plates: tuple[str, ...] = ()
    outcome: Outcome | None = None
