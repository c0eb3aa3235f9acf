"""What checks of a fleet refuse: when a flight is cleared, and again when it takes off. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from morina.sense.aerial.fleet.checks import Check, Checked, CheckState, checks, stops, warns
from morina.sense.aerial.fleet.fleet import FleetState, Plan
from morina.sense.aerial.sortie import RefusedSortieError


class ReasonNeededError(RefusedSortieError):
    """Checks warn, and nobody who may has given a reason to fly all the same."""

    def __init__(self, said: str, found: Sequence[Check]) -> None:
        super().__init__(said)
        self.found = found


def taking_off(plan: Plan, fleet: FleetState, now: datetime) -> Sequence[Check]:
    """The same of a flight that was cleared for ``plan`` and takes off now."""
    found = checks(replace(plan, begins_at=now) if now < plan.ends_at else plan, fleet, now)
    if plan.begins_at <= now:
        return found
    said = f"the flight is cleared from {plan.begins_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC on"
    return [Check(Checked.WINDOW, CheckState.WARN, said, "wait until then"), *found]


def refuse(found: Sequence[Check], reason: str) -> None:
    """RefusedSortieError where one stops the flight, ReasonNeededError where one warns and there is
    no reason."""
    if stopped := stops(found):
        raise RefusedSortieError("; ".join(f"{one.said}: {one.mend}" for one in stopped))
    if (warned := warns(found)) and not reason.strip():
        said = ", ".join(one.said for one in warned)
        raise ReasonNeededError(f"{said}; give a reason to fly all the same", warned)
