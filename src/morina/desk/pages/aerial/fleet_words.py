"""The fleet's own words on its page, and its lines; no element is made here."""

from collections.abc import Mapping
from datetime import datetime

from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.sense.aerial.fleet.checks import Checked, CheckState
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    Level,
    Over,
    Pilot,
)

KINDS: Mapping[AirspaceKind, str] = {
    AirspaceKind.FORBIDDEN: mark("forbidden"),
    AirspaceKind.PERMISSION: mark("with permission"),
}
OVERS: Mapping[Over, str] = {Over.GROUND: mark("over ground"), Over.SEA: mark("over sea")}
STATES: Mapping[CheckState, str] = {
    CheckState.OK: mark("in order"),
    CheckState.WARN: mark("needs a reason"),
    CheckState.STOP: mark("stops the flight"),
}
CHECKED: Mapping[Checked, str] = {
    Checked.WINDOW: mark("Time"),
    Checked.AIRFRAME: mark("Airframe"),
    Checked.BATTERY: mark("Battery"),
    Checked.PILOT: mark("Pilot"),
    Checked.HEIGHT: mark("Height"),
    Checked.OTHERS: mark("Other flights"),
    Checked.AIRSPACE: mark("Airspace"),
}


def refusal_said(said: str, t: Words) -> str:
    """What checks refuse; several of them are said one after the other, each with its mend."""
    whole = translated(said, t)
    if whole != said or t.language == "en":
        return whole
    return "; ".join(_with_mend(part, t) for part in said.split("; "))


def _with_mend(part: str, t: Words) -> str:
    head, colon, mend = part.rpartition(": ")
    return f"{translated(head, t)}{colon}{translated(mend, t)}"


def airframe_line(one: Airframe, visit: Visit) -> tuple[str, ...]:
    """Name, type, serial, hours, service, whether it flies."""
    t = visit.t
    every = "" if one.service_every_h is None else f" / {one.service_every_h:.1f}"
    due = visit.day(one.service_due_on) if one.service_due_on else ""
    service = t("{hours} h since the last", hours=f"{one.since_service_h:.1f}{every}")
    flies = t("grounded: {why}", why=one.grounded) if one.grounded else t("flies")
    return one.name, one.type, one.serial, f"{one.hours:.1f}", service, due, flies


def battery_line(one: Battery, _visit: Visit) -> tuple[str, ...]:
    """Name, serial, cycles, health."""
    most = "" if one.retire_cycles is None else f" / {one.retire_cycles}"
    least = "" if one.retire_health is None else f" / {one.retire_health:.0%}"
    health = "" if one.health is None else f"{one.health:.0%}"
    return one.name, one.serial, f"{one.cycles}{most}", f"{health}{least}"


def pilot_line(one: Pilot, visit: Visit) -> tuple[str, ...]:
    """Name, competence, until when, last flight."""
    last = visit.local(one.last_flight_at) if one.last_flight_at else ""
    return one.name, one.competence, visit.day(one.valid_to), last


def airspace_line(one: Airspace, visit: Visit) -> tuple[str, ...]:
    """Name, kind, from where to where, when, source."""
    t = visit.t
    floor = level_said(one.floor, t) or t("ground")
    high = f"{floor} / {level_said(one.ceiling, t) or t('no end')}"
    return one.name, t(KINDS[one.kind]), high, _when(one, visit), one.reference


def level_said(level: Level | None, t: Words) -> str:
    """Metres and what over; empty for none."""
    return "" if level is None else f"{level.metres:.0f} m {t(OVERS[level.over])}"


def _when(one: Airspace, visit: Visit) -> str:
    if one.begins_at is None and one.ends_at is None:
        return visit.t("always")
    return f"{_at(one.begins_at, visit)} / {_at(one.ends_at, visit)}"


def _at(at: datetime | None, visit: Visit) -> str:
    return visit.local(at) if at else ""
