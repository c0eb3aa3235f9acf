"""What an operator must decide: hits raised, and their lifecycle. Pure."""

from morina.alerts.alert import Act, Alert, State, Step
from morina.alerts.diagram import diagram, drawn
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
from morina.alerts.picture import PICTURE, UNDECIDED, fullest, pictured
from morina.alerts.store import AlertStore, NoSuchAlertError, RefusedStepError

__all__ = [
    "MORINA",
    "OPEN",
    "PICTURE",
    "TRANSITIONS",
    "UNDECIDED",
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
    "drawn",
    "fullest",
    "pictured",
    "revealed_to",
    "taken",
    "transcribed",
    "vehicle_of",
]
