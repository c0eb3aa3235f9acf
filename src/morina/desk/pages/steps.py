"""The steps of an alert as a list: which are done, which one is now, which come later."""

from collections.abc import Mapping
from enum import StrEnum

from morina.alerts import Alert, State, Step, revealed_to
from morina.desk.words import mark


class Stage(StrEnum):
    """One line of the list."""

    ACKNOWLEDGE = "acknowledge"
    LOOK = "look"
    DECIDE = "decide"
    DISPATCH = "dispatch"
    CLOSE = "close"


class Standing(StrEnum):
    """Where a stage stands; the values are CSS classes."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    SKIPPED = "skipped"


STAGES: Mapping[Stage, str] = {
    Stage.ACKNOWLEDGE: mark("Acknowledge"),
    Stage.LOOK: mark("Type what you see on the plate patch"),
    Stage.DECIDE: mark("Compare and decide"),
    Stage.DISPATCH: mark("Dispatch"),
    Stage.CLOSE: mark("Close"),
}


def current(alert: Alert, officer: str) -> Stage | None:
    """The stage ``officer`` is at; None when nothing is left to do."""
    match alert.state:
        case State.RAISED:
            return Stage.ACKNOWLEDGE
        case State.ACKNOWLEDGED:
            ready = alert.read.evidence is None or revealed_to(alert, officer)
            return Stage.DECIDE if ready else Stage.LOOK
        case State.CONFIRMED:
            return Stage.CLOSE if alert.late else Stage.DISPATCH
        case State.DISPATCHED:
            return Stage.CLOSE
        case _:
            return None


def standings(alert: Alert, officer: str) -> dict[Stage, Standing]:
    """How each stage stands for ``officer``."""
    stages = list(Stage)
    here = current(alert, officer)
    taken = {act.kind for act in alert.acts}
    did = {
        Stage.ACKNOWLEDGE: Step.ACKNOWLEDGE in taken,
        Stage.LOOK: "transcribe" in taken,
        Stage.DECIDE: bool({Step.CONFIRM, Step.REJECT} & taken),
        Stage.DISPATCH: Step.DISPATCH in taken,
        Stage.CLOSE: Step.CLOSE in taken,
    }
    at = len(stages) if here is None else stages.index(here)
    result = {}
    for index, stage in enumerate(stages):
        if index == at:
            result[stage] = Standing.NOW
        elif index > at:
            result[stage] = Standing.LATER
        else:
            result[stage] = Standing.DONE if did[stage] else Standing.SKIPPED
    return result
