"""What the parts of a joint operation are called on pages."""

from collections.abc import Mapping

from morina.accountability import PurposeCode
from morina.desk.words import mark
from morina.exchange.operations import ItemKind, TaskState, TaskStep
from morina.exchange.operations.counts import StopReason

KINDS: Mapping[ItemKind, str] = {
    ItemKind.CASE: mark("Operation"),
    ItemKind.TASK: mark("Task"),
    ItemKind.CHECK: mark("Check at a crossing"),
    ItemKind.NOTE: mark("Note"),
    ItemKind.OFFICER: mark("Officer"),
    ItemKind.ATTACHMENT: mark("File"),
    ItemKind.RESULT: mark("Result of a check"),
    ItemKind.STEP: mark("Step asked for"),
}
STATES: Mapping[TaskState, str] = {
    TaskState.OPEN: mark("Open"),
    TaskState.TAKEN: mark("Taken"),
    TaskState.DONE: mark("Done"),
    TaskState.WITHDRAWN: mark("Withdrawn"),
}
STEPS: Mapping[TaskStep, str] = {
    TaskStep.TAKE: mark("Take it"),
    TaskStep.GIVE_BACK: mark("Give it back"),
    TaskStep.FINISH: mark("It is done"),
    TaskStep.WITHDRAW: mark("Withdraw it"),
}
REASONS: Mapping[StopReason, str] = {
    StopReason.STOLEN: mark("stolen vehicle"),
    StopReason.HIT: mark("another hit"),
    StopReason.DOCUMENTS: mark("documents"),
    StopReason.INSURANCE: mark("insurance"),
    StopReason.GOODS: mark("goods"),
    StopReason.TRAFFIC: mark("traffic offence"),
    StopReason.OTHER: mark("another reason"),
}
PURPOSES: Mapping[PurposeCode, str] = {
    PurposeCode.MISSING_PERSON: mark("missing person"),
    PurposeCode.RISK_TO_LIFE: mark("risk to life"),
    PurposeCode.TERRORISM: mark("terrorism"),
    PurposeCode.SERIOUS_CRIME: mark("serious crime"),
    PurposeCode.CRIME: mark("crime"),
    PurposeCode.STOLEN_VEHICLE: mark("stolen vehicle"),
}
FIELDS: Mapping[str, str] = {
    "title": mark("What is to be done"),
    "words": mark("In words"),
    "due_at": mark("Due"),
    "crossing": mark("Crossing"),
    "officer": mark("User name"),
    "duty": mark("Duty"),
    "vehicles_checked": mark("Vehicles checked"),
    "hits": mark("Hits"),
}
