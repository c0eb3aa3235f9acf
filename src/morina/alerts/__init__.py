"""What an operator must decide: hits raised, and their lifecycle. Pure."""

from morina.alerts.alert import Act, Alert, State, Step
from morina.alerts.store import AlertStore, NoSuchAlertError, RefusedStepError

__all__ = [
    "Act",
    "Alert",
    "AlertStore",
    "NoSuchAlertError",
    "RefusedStepError",
    "State",
    "Step",
]
