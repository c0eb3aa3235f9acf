"""The lifecycle of a follow-up: what may follow what, at which node, and by which message."""

from collections.abc import Mapping
from types import MappingProxyType

from morina.alerts import drawn
from morina.exchange.follow_ups import RefusedFollowUpError, Side, Stage, Step
from morina.exchange.kinds import Kind

TRANSITIONS: Mapping[tuple[Stage, Step], Stage] = MappingProxyType({
    (Stage.WRITTEN, Step.SEND): Stage.ASKED,
    (Stage.WRITTEN, Step.DROP): Stage.DROPPED,
    (Stage.ASKED, Step.ACKNOWLEDGE): Stage.ACKNOWLEDGED,
    (Stage.ASKED, Step.REFUSE): Stage.REFUSED,
    (Stage.ACKNOWLEDGED, Step.CLARIFY): Stage.CLARIFYING,
    (Stage.CLARIFYING, Step.CLARIFIED): Stage.ACKNOWLEDGED,
    (Stage.ACKNOWLEDGED, Step.GRANT): Stage.GRANTED,
    (Stage.ACKNOWLEDGED, Step.REFUSE): Stage.REFUSED,
    (Stage.CLARIFYING, Step.REFUSE): Stage.REFUSED,
    (Stage.ASKED, Step.TURN_DOWN): Stage.TURNED_DOWN,
    (Stage.GRANTED, Step.UNDO): Stage.ACKNOWLEDGED,
    (Stage.GRANTED, Step.FORGET): Stage.FORGOTTEN,
})  # fmt: skip
"""The whole lifecycle; a stage and a step that are not here do not go together."""

TAKEN_AT: Mapping[Step, Side] = MappingProxyType({
    Step.SEND: Side.ASKING,
    Step.DROP: Side.ASKING,
    Step.ACKNOWLEDGE: Side.OWNING,
    Step.CLARIFY: Side.OWNING,
    Step.CLARIFIED: Side.ASKING,
    Step.GRANT: Side.OWNING,
    Step.REFUSE: Side.OWNING,
    Step.FORGET: Side.ASKING,
    Step.TURN_DOWN: Side.ASKING,
    Step.UNDO: Side.OWNING,
})  # fmt: skip
"""At which node a step is taken; the other hears of it by a message, where there is one."""

SENT_AS: Mapping[Step, Kind] = MappingProxyType({
    Step.SEND: Kind.FOLLOW_UP_REQUEST,
    Step.ACKNOWLEDGE: Kind.FOLLOW_UP_ACKNOWLEDGE,
    Step.CLARIFY: Kind.FOLLOW_UP_CLARIFY,
    Step.CLARIFIED: Kind.FOLLOW_UP_CLARIFIED,
    Step.GRANT: Kind.FOLLOW_UP_GRANT,
    Step.REFUSE: Kind.FOLLOW_UP_REFUSE,
})  # fmt: skip

BY_NODE = frozenset({Step.FORGET, Step.TURN_DOWN, Step.UNDO})
"""Steps a node takes by itself: at a date, or because the partner's node refused a message."""

STEP_OF: Mapping[Kind, Step] = MappingProxyType({kind: step for step, kind in SENT_AS.items()})

OPEN = tuple(
    stage
    for stage in (Stage.WRITTEN, Stage.ASKED, Stage.ACKNOWLEDGED, Stage.CLARIFYING)
    if any(stage is before for before, _ in TRANSITIONS)
)
"""Stages in which somebody still has to do something."""

DUE = tuple(stage for stage in OPEN if stage is not Stage.WRITTEN)
"""Stages in which a clock runs."""


def allowed(stage: Stage, side: Side) -> tuple[Step, ...]:
    """The steps a person at that node may take from ``stage``."""
    return tuple(
        step
        for before, step in TRANSITIONS
        if before is stage and TAKEN_AT[step] is side and step not in BY_NODE
    )


def after(stage: Stage, step: Step, side: Side) -> Stage:
    """The stage after ``step``, taken at ``side``; RefusedFollowUpError."""
    if TAKEN_AT[step] is not side:
        raise RefusedFollowUpError("step", f"{step} is for the {TAKEN_AT[step]} node")
    if (stage, step) not in TRANSITIONS:
        may = ", ".join(allowed(stage, side)) or "nothing"
        raise RefusedFollowUpError("step", f"it is {stage}; {step} cannot follow, {may} can")
    return TRANSITIONS[stage, step]


def diagram() -> str:
    """The lifecycle as a Mermaid state diagram, as in docs/exchange-questions.md."""
    return drawn(TRANSITIONS, Stage.WRITTEN, lambda step: f"{step} ({TAKEN_AT[step]})")
