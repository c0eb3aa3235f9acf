"""What an operator must decide: hits raised, and their lifecycle. Pure."""

from morina.alerts.alert import Act, Alert, State, Step
from morina.alerts.diagram import diagram
from morina.alerts.folding import AlertRules, Fold, Vehicle, vehicle_of
from morina.alerts.lifecycle import (
    MORINA,
    OPEN,
    TRANSITIONS,
    allowed,
    revealed_to,
    taken,
    transcribed,
)
from morina.alerts.store import AlertStore, NoSuchAlertError, RefusedStepError

__all__ = [
    "MORINA",
    "OPEN",
    "TRANSITIONS",
    "Act",
    "Alert",
    "AlertRules",
    "AlertStore",
    "Fold",
    "NoSuchAlertError",
    "RefusedStepError",
    "State",
    "Step",
    "Vehicle",
    "allowed",
    "diagram",
    "revealed_to",
    "taken",
    "transcribed",
    "vehicle_of",
]
