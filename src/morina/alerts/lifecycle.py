"""The lifecycle of an alert: what may follow what, and what each step needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from unicodedata import category

from morina.alerts.alert import Act, Alert, State, Step
from morina.alerts.store import RefusedStepError
from morina.plates import NotAPlateError, plate_text

MORINA = "morina"
"""Who raises and expires alerts; no officer has this name."""

LONGEST_REASON = 2000

TRANSITIONS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.RAISED, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
        (State.RAISED, Step.EXPIRE): State.EXPIRED,
        (State.ACKNOWLEDGED, Step.CONFIRM): State.CONFIRMED,
        (State.ACKNOWLEDGED, Step.REJECT): State.REJECTED,
        (State.CONFIRMED, Step.DISPATCH): State.DISPATCHED,
        (State.CONFIRMED, Step.REJECT): State.REJECTED,
        (State.CONFIRMED, Step.CLOSE): State.CLOSED,
        (State.DISPATCHED, Step.CLOSE): State.CLOSED,
    }
)
"""The whole lifecycle; a state and a step that are not here do not go together."""

OPEN = tuple(state for state in State if any(state is before for before, _ in TRANSITIONS))
"""States that something can still follow."""

_NO_EVIDENCE = (
    "there is no picture of the plate this text was read from, so nobody can confirm it; reject it "
    "and say so"
)


def allowed(state: State) -> tuple[Step, ...]:
    """The steps that lead on from ``state``."""
    return tuple(step for before, step in TRANSITIONS if before is state)


def taken(alert: Alert, step: Step, by: str, at: datetime, reason: str = "") -> Alert:
    """The alert after ``by`` took ``step``; RefusedStepError says what is missing."""
    refusal = _refusal(alert, step, by, reason)
    if refusal:
        raise RefusedStepError(refusal)
    act = Act(at, by, step.value, reason.strip())
    return replace(alert, state=TRANSITIONS[alert.state, step], acts=(*alert.acts, act))


def transcribed(alert: Alert, by: str, text: str, at: datetime) -> Alert:
    """The alert with what ``by`` sees on the plate patch; RefusedStepError unless acknowledged."""
    if alert.state is not State.ACKNOWLEDGED:
        raise RefusedStepError(
            f"the alert is {alert.state}; a plate is typed while it is acknowledged"
        )
    if alert.read.evidence is None:
        raise RefusedStepError(_NO_EVIDENCE)
    try:
        typed = plate_text(text)
    except NotAPlateError as not_a_plate:
        raise RefusedStepError(str(not_a_plate)) from not_a_plate
    return replace(alert, acts=(*alert.acts, Act(at, by, "transcribe", typed)))


def revealed_to(alert: Alert, officer: str) -> bool:
    """Whether ``officer`` may see the listing: once they typed what they see on the plate patch.

    When the alert is decided there is no comparison left to spoil, so all may see it.
    """
    undecided = alert.state in (State.RAISED, State.ACKNOWLEDGED)
    return not undecided or alert.transcription_by(officer) is not None


def _refusal(alert: Alert, step: Step, by: str, reason: str) -> str:
    if (alert.state, step) not in TRANSITIONS:
        steps = ", ".join(allowed(alert.state)) or "nothing"
        return f"the alert is {alert.state}; {step} cannot follow, {steps} can"
    if len(reason) > LONGEST_REASON or not _is_text(reason):
        return f"a reason is plain text of at most {LONGEST_REASON} characters; write it again"
    if step is Step.CONFIRM:
        return _not_confirmable(alert, by)
    if step is Step.DISPATCH and alert.late:
        return "the vehicle passed too long ago to send anybody; close the alert instead"
    if step is Step.REJECT and not reason.strip():
        return "a rejection needs a reason; say what you see"
    if step is Step.EXPIRE and by != MORINA:
        return "alerts expire by themselves; acknowledge it, or leave it"
    return ""


def _is_text(reason: str) -> bool:
    return all(c in "\n\r\t" or category(c) not in ("Cc", "Cs") for c in reason)


def _not_confirmable(alert: Alert, by: str) -> str:
    if alert.read.evidence is None:
        return _NO_EVIDENCE
    typed = alert.transcription_by(by)
    if typed is None:
        return "first type what you see on the plate patch"
    listed = alert.listed.listing.plate.text
    if typed != listed:
        return f"{_differing(typed, listed)}; type it again if you misread it, else reject"
    return ""


def _differing(typed: str, listed: str) -> str:
    if len(typed) != len(listed):
        return f"you typed {len(typed)} characters ({typed}), listed are {len(listed)} ({listed})"
    places = [
        f"place {place}: {seen} typed, {wanted} listed"
        for place, (seen, wanted) in enumerate(zip(typed, listed, strict=True), 1)
        if seen != wanted
    ]
    return f"you typed {typed}, listed is {listed} ({'; '.join(places)})"
