"""Under what reads are pinned and pinned ones are looked at: the tiers of every other question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from morina.accountability import Purpose
from morina.accountability.approvals import ApprovalNeededError, Guarded, Request
from morina.accountability.clearing import Clearance, NotClearedError
from morina.accountability.tiers import Allowed, Decision, Facts, NeedsApproval, Refused
from morina.accountability.trail import why_of
from morina.records.leave import Cleared
from morina.records.pins import Pinned, Wanted

DAY = timedelta(days=1)
BY_ANOTHER = "reads of this age that were pinned by somebody else need a second person"
THEIR_CASE = "look under the case they are pinned to"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinLeave:
    """What is to be done with pins, in ``words``, and the approval it uses where it has one."""

    purpose: Purpose
    words: str
    unchecked: str = ""
    approval_id: UUID | None = None


async def cleared_to_pin(
    clearance: Clearance, leave: PinLeave, wanted: Wanted, now: datetime
) -> Cleared:
    """Whether these reads may be pinned: whoever may ask for them may.

    NotClearedError, RefusedPurposeError; ApprovalNeededError where a second person must agree.
    """
    period = wanted.period
    decision = await clearance.decide(leave.purpose, _facts((now - period.begins_at) / DAY))
    content = {
        "do": "pin", "plate": wanted.plate, "begins_at": period.begins_at.isoformat(),
        "ends_at": period.ends_at.isoformat(), "read_ids": sorted(map(str, wanted.read_ids)),
    }  # fmt: skip
    return _cleared(decision, leave, content)


async def cleared_to_look(
    clearance: Clearance, leave: PinLeave, found: Sequence[Pinned], now: datetime
) -> Cleared:
    """Whether these pinned reads may be shown.

    Reads of the purpose's own case are as old as they were when they were pinned, so that a case
    that could ask for them keeps them; once they are older than its tier, whoever did not pin them
    needs a second person. Reads of other cases are as old as they are. Raises as above.
    """
    own = [one for one in found if one.pin.case_number == leave.purpose.case_number]
    others = [_age(one, now) for one in found if one not in own]
    decision = await _decided(clearance, leave, [*others, *(_age(one, one.pin.at) for one in own)])
    if isinstance(decision, Refused) and others:
        decision = Refused(decision.place, decision.fault, f"{decision.mend}; or {THEIR_CASE}")
    theirs = [_age(one, now) for one in own if one.pin.by != leave.purpose.officer]
    if isinstance(decision, Allowed) and not isinstance(
        await _decided(clearance, leave, theirs), Allowed
    ):
        decision = NeedsApproval(BY_ANOTHER)
    oldest = min((one.read.captured_at for one in found), default=None)
    plates = sorted({one.read.plate.text for one in found if one.read.plate})
    said = {"do": "look", "plates": plates, "oldest": oldest.isoformat() if oldest else ""}
    return _cleared(decision, leave, said)


async def _decided(clearance: Clearance, leave: PinLeave, ages: Sequence[float]) -> Decision:
    return await clearance.decide(leave.purpose, _facts(max(ages, default=0.0)))


def _facts(age_days: float) -> Facts:
    return Facts(age_days=age_days, is_pattern=False, has_place=False)


def _age(one: Pinned, at: datetime) -> float:
    return (at - one.read.captured_at) / DAY


def _cleared(decision: Decision, leave: PinLeave, content: dict[str, Any]) -> Cleared:
    if isinstance(decision, Refused):
        raise NotClearedError(decision.place, decision.fault, decision.mend)
    if isinstance(decision, Allowed):
        return Cleared(unchecked=leave.unchecked)
    request = Request(
        kind=Guarded.PINS, requester=leave.purpose.officer, words=leave.words,
        needed=decision.why, why=why_of(leave.purpose), content=content,
    )  # fmt: skip
    if leave.approval_id is None:
        raise ApprovalNeededError(request)
    return Cleared(
        approval_id=leave.approval_id, digest=request.digest, unchecked=leave.unchecked
    )  # fmt: skip
