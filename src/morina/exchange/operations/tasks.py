"""The lifecycle of a task: what may follow what, and who may take each step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from morina.alerts import drawn
from morina.exchange.operations.item import OperationItem
from morina.exchange.operations.refusing import RefusedItemError


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class TaskStep(StrEnum):
    """What moves a task on."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    FINISH = "finish"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[TaskState, TaskStep], TaskState] = MappingProxyType({
    (TaskState.OPEN, TaskStep.TAKE): TaskState.TAKEN,
    (TaskState.OPEN, TaskStep.WITHDRAW): TaskState.WITHDRAWN,
    (TaskState.TAKEN, TaskStep.FINISH): TaskState.DONE,
    (TaskState.TAKEN, TaskStep.GIVE_BACK): TaskState.OPEN,
    (TaskState.TAKEN, TaskStep.WITHDRAW): TaskState.WITHDRAWN,
})  # fmt: skip
"""The whole lifecycle; a state and a step that are not here do not go together."""


def allowed(state: TaskState) -> tuple[TaskStep, ...]:
    """The steps that lead on from ``state``."""
    return tuple(step for before, step in TRANSITIONS if before is state)


def stepped(task: Mapping[str, object], step: TaskStep, by: str, owner: str) -> dict[str, str]:
    """What changes in the fields of a task when the authority ``by`` takes ``step``.

    Only its owner withdraws it; only whoever took it, or its owner, finishes it or gives it back.
    RefusedItemError says what stands against it.
    """
    state, taken_by = TaskState(str(task["state"])), str(task.get("taken_by", ""))
    if (state, step) not in TRANSITIONS:
        steps = ", ".join(allowed(state)) or "nothing"
        raise RefusedItemError("step", f"the task is {state}; {step} cannot follow, {steps} can")
    if step is TaskStep.WITHDRAW and by != owner:
        raise RefusedItemError("step", f"the task is {owner}'s; only {owner} withdraws it")
    if step in (TaskStep.FINISH, TaskStep.GIVE_BACK) and by not in (taken_by, owner):
        raise RefusedItemError("step", f"the task was taken by {taken_by}; leave it to them")
    after = {TaskStep.TAKE: by, TaskStep.GIVE_BACK: ""}.get(step, taken_by)
    return {"state": TRANSITIONS[state, step].value, "taken_by": after}


def moved(task: OperationItem, step: TaskStep, by: str, at: datetime) -> OperationItem:
    """The task after the authority ``by`` took ``step``; RefusedItemError as ``stepped``."""
    fields = {**task.fields, **stepped(task.fields, step, by, task.key.node)}
    kept = {name: value for name, value in fields.items() if value != ""}
    return replace(task, fields=kept, changed_at=at, revision=task.revision + 1)


def diagram() -> str:
    """The lifecycle as a Mermaid state diagram, as in docs/exchange-operations.md."""
    return drawn(TRANSITIONS, TaskState.OPEN)
