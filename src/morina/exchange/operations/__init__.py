"""Joint operations: a case several authorities share, item by item."""

from morina.exchange.operations.item import (
    FIELDS,
    OPERATION_FIELDS,
    TASKS,
    Actor,
    ItemKind,
    Key,
    OperationItem,
    Writing,
)
from morina.exchange.operations.keeping import Attached, Operations, OperationView
from morina.exchange.operations.refusing import NoSuchItemError, RefusedItemError
from morina.exchange.operations.tasks import TRANSITIONS, TaskState, TaskStep, allowed, diagram

__all__ = [
    "FIELDS",
    "OPERATION_FIELDS",
    "TASKS",
    "TRANSITIONS",
    "Actor",
    "Attached",
    "ItemKind",
    "Key",
    "NoSuchItemError",
    "OperationItem",
    "OperationView",
    "Operations",
    "RefusedItemError",
    "TaskState",
    "TaskStep",
    "Writing",
    "allowed",
    "diagram",
]
