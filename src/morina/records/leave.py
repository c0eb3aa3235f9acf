"""Under what a question may be asked: judged once, before it is written down."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from morina.accountability import Purpose
from morina.accountability.approvals import ApprovalNeededError
from morina.accountability.clearing import Clearance, NotClearedError, noted
from morina.accountability.tiers import Allowed, Refused
from morina.records.kept_questions import request_of
from morina.records.kinds import AnyKind, Question
from morina.records.weighing import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Under what a question is asked besides its purpose. ``approval_id`` is of the approval that
    it uses up; ``by_hand`` is false where no person wrote the purpose, so that only its code and
    the question are judged."""

    approval_id: UUID | None = None
    by_hand: bool = True


BY_HAND = Leave()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What may be asked: the most findings, 0 for as many as usual, the approval it uses, and what
    could not be checked of its purpose."""

    most_rows: int = 0
    approval_id: UUID | None = None
    digest: str = ""
    unchecked: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A question of one kind as it was sent, and with the cameras of its places; ``unchecked`` is
    what ``Clearance.check`` said of its purpose."""

    kind: AnyKind
    question: Question
    placed: Question
    unchecked: str = ""


async def cleared(clearance: Clearance, purpose: Purpose, sent: Sent, leave: Leave) -> Cleared:
    """Whether this officer may ask it; an approval is for the question as it was sent.

    NotClearedError, RefusedPurposeError; ApprovalNeededError where a second person must agree.
    """
    facts = facts_of(sent.kind, sent.placed, datetime.now(UTC))
    decision = await clearance.decide(purpose, facts)
    if isinstance(decision, Refused):
        raise NotClearedError(decision.place, decision.fault, decision.mend)
    if isinstance(decision, Allowed):
        return Cleared(most_rows=decision.most_rows, unchecked=sent.unchecked)
    request = request_of(purpose, sent.question, decision.why)
    if leave.approval_id is None:
        words = noted(sent.placed.words(), sent.unchecked)
        raise ApprovalNeededError(replace(request, words=words))
    return Cleared(
        most_rows=decision.most_rows, approval_id=leave.approval_id, digest=request.digest,
        unchecked=sent.unchecked,
    )  # fmt: skip
