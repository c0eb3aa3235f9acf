"""What is looked at before a flight is cleared: a table of checks. Pure.

STOP blocks. A WARN needs the reason of a named person, which the trail keeps. Every check says
something, also where all is well, so that who clears sees what was looked at.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from morina.sense.aerial.fleet.area import share_ground
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    FleetState,
    Level,
    Over,
    Pilot,
    Plan,
)

SOON = timedelta(days=14)
NEARLY = 0.9
"""Of an interval or a count, from where its end is near."""


class CheckState(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


class Checked(StrEnum):
    """What was looked at."""

    WINDOW = "window"
    AIRFRAME = "airframe"
    BATTERY = "battery"
    PILOT = "pilot"
    HEIGHT = "height"
    AIRSPACE = "airspace"
    OTHERS = "others"
    """Other flights that were cleared."""


@dataclass(frozen=True, slots=True)
class Check:
    """``said`` and ``mend`` in English; ``mend`` is empty where nothing is to be done."""

    what: Checked
    state: CheckState
    said: str
    mend: str = ""


_Found = Iterator[tuple[CheckState, str, str]]
OK, WARN, STOP = CheckState.OK, CheckState.WARN, CheckState.STOP


def checks(plan: Plan, fleet: FleetState, now: datetime) -> Sequence[Check]:
    """Every check of the table, in its order."""
    return [Check(what, *found) for what, look in TABLE for found in look(plan, fleet, now)]


def stops(found: Sequence[Check]) -> Sequence[Check]:
    """Those that block."""
    return [one for one in found if one.state is STOP]


def warns(found: Sequence[Check]) -> Sequence[Check]:
    """Those that need a reason."""
    return [one for one in found if one.state is WARN]


def _window(plan: Plan, _fleet: FleetState, now: datetime) -> _Found:
    if plan.ends_at <= now:
        yield STOP, "the time of the flight is over", "plan it anew"
    else:
        yield OK, "the time of the flight is ahead", ""


def _airframe(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    one = next((a for a in fleet.airframes if a.name == plan.airframe), None)
    if one is None:
        yield (
            STOP,
            f"the airframe {plan.airframe} is not in the fleet",
            "enter it or choose another",
        )
        return
    found = list(_service(one, plan))
    if one.grounded:
        yield STOP, f"the airframe {one.name} is grounded: {one.grounded}", "choose another"
    yield from found
    if not found and not one.grounded:
        yield OK, f"the airframe {one.name} may fly", ""


def _service(one: Airframe, plan: Plan) -> _Found:
    every, due, flown = one.service_every_h, one.service_due_on, one.since_service_h
    if every is None and due is None:
        yield WARN, f"the airframe {one.name} has no date or hours of service", "enter them"
    if every is not None and flown >= every * NEARLY:
        state = STOP if flown >= every else WARN
        said = f"the airframe {one.name} flew {flown:.1f} of {every:.1f} h since its service"
        yield state, said, "have it serviced"
    last = plan.ends_at.date()
    if due is not None and last >= due - SOON:
        state = STOP if last > due else WARN
        yield state, f"the service of the airframe {one.name} is due on {due}", "have it serviced"


def _battery(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    one = next((b for b in fleet.batteries if b.name == plan.battery), None)
    if one is None:
        yield STOP, f"the battery {plan.battery} is not in the fleet", "enter it or choose another"
        return
    found = list(_wear(one))
    yield from found
    if not found:
        yield OK, f"the battery {one.name} may fly", ""


def _wear(one: Battery) -> _Found:
    most, least = one.retire_cycles, one.retire_health
    if most is not None and one.cycles >= most * NEARLY:
        state = STOP if one.cycles >= most else WARN
        said = f"the battery {one.name} has {one.cycles} of {most} cycles"
        yield state, said, "choose another"
    if one.health is None:
        yield WARN, f"the health of the battery {one.name} was never measured", "measure it"
    elif least is not None and one.health < least:
        said = f"the battery {one.name} has {one.health:.0%} of its capacity, under {least:.0%}"
        yield STOP, said, "choose another"
    if most is None and least is None:
        said = f"the battery {one.name} has no cycles or health at which it is retired"
        yield WARN, said, "enter them"


def _pilot(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    one = next((p for p in fleet.pilots if p.name == plan.pilot), None)
    if one is None:
        yield STOP, f"the pilot {plan.pilot} is not in the fleet", "enter them or choose another"
        return
    found = [*_competence(one, plan), *_recent(one, plan, fleet)]
    yield from found
    if not found:
        yield OK, f"the pilot {one.name} may fly", ""


def _competence(one: Pilot, plan: Plan) -> _Found:
    last = plan.ends_at.date()
    if last > one.valid_to - SOON:
        state = STOP if last > one.valid_to else WARN
        yield state, f"the competence of {one.name} ends on {one.valid_to}", "have it renewed"


def _recent(one: Pilot, plan: Plan, fleet: FleetState) -> _Found:
    days, flown = fleet.limits.recent_days, one.last_flight_at
    if flown is None:
        yield WARN, f"no flight of {one.name} is entered", "enter their last flight"
    elif days is not None and plan.begins_at - flown > timedelta(days=days):
        said = (
            f"{one.name} last flew on {flown.date()}, over {days} days before"
            f" ({fleet.limits.recent_source})"
        )
        yield WARN, said, "fly for practice first"


def _height(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    limit, source = fleet.limits.height_m, fleet.limits.height_source
    if limit is None:
        yield WARN, "no limit of height above ground is entered", "enter it with its source"
    elif plan.height_m > limit:
        said = f"{plan.height_m:.0f} m above ground is over the limit of {limit:.0f} m ({source})"
        yield STOP, said, "fly lower"
    else:
        yield OK, f"{plan.height_m:.0f} m is within the limit of {limit:.0f} m ({source})", ""


def _airspace(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    met = [
        one for one in fleet.airspace if _in_force(one, plan) and share_ground(one.ring, plan.area)
    ]
    for one in met:
        below, reason = _reaches(one, plan)
        if not below:
            continue
        if one.kind is AirspaceKind.FORBIDDEN:
            said = f"the airspace {one.name} is forbidden ({one.reference}){reason}"
            yield STOP, said, "fly elsewhere or at another time"
        else:
            said = f"the airspace {one.name} needs a permission ({one.reference}){reason}"
            yield WARN, said, "get it, and give its number as the reason"
    if not any(_reaches(one, plan)[0] for one in met):
        yield OK, f"no airspace of {len(fleet.airspace)} entered is met", ""


def _in_force(one: Airspace, plan: Plan) -> bool:
    return not (
        (one.begins_at and plan.ends_at <= one.begins_at)
        or (one.ends_at and plan.begins_at >= one.ends_at)
    )


def _others(plan: Plan, fleet: FleetState, _now: datetime) -> _Found:
    met = [
        one for one in fleet.cleared
        if one.begins_at < plan.ends_at and plan.begins_at < one.ends_at
    ]  # fmt: skip
    wanted = [
        (one, what, name)
        for what, name in (
            ("airframe", plan.airframe), ("battery", plan.battery), ("pilot", plan.pilot)
        )
        for one in met
        if getattr(one, what) == name
    ]  # fmt: skip
    for one, what, name in wanted:
        until = f"{one.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        said = f"the {what} {name} is cleared for another flight until {until}"
        yield STOP, said, "choose another, or another time"
    if not wanted:
        yield OK, "no other flight that was cleared wants them then", ""


UNCOMPARED = "; its height over the sea cannot be compared without terrain"


def _reaches(one: Airspace, plan: Plan) -> tuple[bool, str]:
    """Whether the flight may be between floor and ceiling, and what could not be compared."""
    reason = ""
    if one.floor is not None:
        most = _over(one.floor, plan.height_m, plan.ground_m and plan.ground_m[1])
        if most is None:
            reason = UNCOMPARED
        elif most < one.floor.metres:
            return False, ""
    if one.ceiling is not None:
        least = _over(one.ceiling, 0.0, plan.ground_m and plan.ground_m[0])
        if least is None:
            reason = UNCOMPARED
        elif least > one.ceiling.metres:
            return False, ""
    return True, reason


def _over(level: Level, above_ground: float, ground: float | None) -> float | None:
    """A height above ground, counted as ``level`` is; None where the ground is not known."""
    if level.over is Over.GROUND:
        return above_ground
    return None if ground is None else ground + above_ground


TABLE: tuple[tuple[Checked, Callable[[Plan, FleetState, datetime], _Found]], ...] = (
    (Checked.WINDOW, _window),
    (Checked.AIRFRAME, _airframe),
    (Checked.BATTERY, _battery),
    (Checked.PILOT, _pilot),
    (Checked.HEIGHT, _height),
    (Checked.AIRSPACE, _airspace),
    (Checked.OTHERS, _others),
)
