"""What the forms of the fleet say, as things of the fleet. RefusedFleetError says what to mend."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from morina.desk.pages.markup import Fields
from morina.desk.pages.search.where import spots_of
from morina.records.kinds import RefusedQuestionError
from morina.sense.aerial.fleet.area import Ring
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    Level,
    Limits,
    Over,
    Pilot,
    Plan,
    RefusedFleetError,
)

OWN_TIME = "%Y-%m-%dT%H:%M"
"""As a browser writes day and time."""


def airframe_of(fields: Fields, _zone: ZoneInfo) -> Airframe:
    """The airframe typed."""
    return Airframe(
        name=text(fields, "name"), type=text(fields, "type"), serial=text(fields, "serial"),
        hours=number(fields, "hours") or 0.0,
        serviced_hours=number(fields, "serviced_hours") or 0.0,
        service_every_h=number(fields, "service_every_h"),
        service_due_on=day(fields, "service_due_on"), grounded=text(fields, "grounded"),
    )  # fmt: skip


def battery_of(fields: Fields, _zone: ZoneInfo) -> Battery:
    """The battery typed; shares are typed as per cent."""
    return Battery(
        name=text(fields, "name"), serial=text(fields, "serial"),
        cycles=count(fields, "cycles") or 0, health=share(fields, "health"),
        retire_cycles=count(fields, "retire_cycles"), retire_health=share(fields, "retire_health"),
    )  # fmt: skip


def pilot_of(fields: Fields, zone: ZoneInfo) -> Pilot:
    """The pilot typed."""
    until = day(fields, "valid_to")
    if until is None:
        raise RefusedFleetError("valid_to is no day; choose one")
    return Pilot(
        name=text(fields, "name"), competence=text(fields, "competence"), valid_to=until,
        last_flight_at=instant(fields, "last_flight_at", zone),
    )  # fmt: skip


def airspace_of(fields: Fields, zone: ZoneInfo) -> Airspace:
    """The airspace typed and drawn; a new id where the form has none."""
    try:
        known = UUID(fields["airspace_id"]) if fields.get("airspace_id") else uuid4()
        kind = AirspaceKind(fields.get("kind", ""))
    except ValueError:
        raise RefusedFleetError("the form is not whole; reload the page") from None
    return Airspace(
        airspace_id=known, name=text(fields, "name"), kind=kind,
        ring=ring_of(fields, "ring"), reference=text(fields, "reference"),
        floor=level(fields, "floor"), ceiling=level(fields, "ceiling"),
        begins_at=instant(fields, "begins_at", zone), ends_at=instant(fields, "ends_at", zone),
    )  # fmt: skip


def limits_of(fields: Fields, _zone: ZoneInfo) -> Limits:
    """The limits typed."""
    return Limits(
        height_m=number(fields, "height_m"), height_source=text(fields, "height_source"),
        recent_days=count(fields, "recent_days"), recent_source=text(fields, "recent_source"),
    )  # fmt: skip


def plan_of(fields: Fields, zone: ZoneInfo) -> Plan:
    """The flight meant."""
    begins, ends = (instant(fields, name, zone) for name in ("begins_at", "ends_at"))
    if begins is None or ends is None:
        raise RefusedFleetError("the flight has no time; choose when it begins and ends")
    return Plan(
        area=ring_of(fields, "area"), height_m=number(fields, "height_m") or 0.0, begins_at=begins,
        ends_at=ends, airframe=text(fields, "airframe"), battery=text(fields, "battery"),
        pilot=text(fields, "pilot"),
    )  # fmt: skip


def text(fields: Fields, name: str) -> str:
    """One line of plain text."""
    said = fields.get(name, "").strip()[:200]
    if not said.isprintable():
        raise RefusedFleetError(f"{name} has a control character in it; write plain text")
    return said


def number(fields: Fields, name: str) -> float | None:
    """None where nothing is typed."""
    typed = fields.get(name, "").strip().replace(",", ".")
    try:
        value = float(typed) if typed else None
    except ValueError:
        value = float("nan")
    if value is None or abs(value) <= 1_000_000:
        return value
    raise RefusedFleetError(f"{name} is no number; write one")


def count(fields: Fields, name: str) -> int | None:
    """None where nothing is typed."""
    value = number(fields, name)
    if value is not None and value != int(value):
        raise RefusedFleetError(f"{name} is no number; write one")
    return None if value is None else int(value)


def share(fields: Fields, name: str) -> float | None:
    """Typed as per cent; None where nothing is."""
    value = number(fields, name)
    return None if value is None else value / 100


def day(fields: Fields, name: str) -> date | None:
    """None where none is chosen."""
    typed = fields.get(name, "")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise RefusedFleetError(f"{name} is no day; choose one") from None


def instant(fields: Fields, name: str, zone: ZoneInfo) -> datetime | None:
    """A day and time by the officer's clock, UTC; None where none is chosen."""
    typed = fields.get(name, "")
    try:
        at = datetime.strptime(typed, OWN_TIME) if typed else None  # noqa: DTZ007 (next line)
        return at.replace(tzinfo=zone).astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        raise RefusedFleetError(f"{name} is no time; choose day and time") from None


def level(fields: Fields, name: str) -> Level | None:
    """None where no metres are typed."""
    metres = number(fields, f"{name}_m")
    over = fields.get(f"{name}_over", "")
    return None if metres is None else Level(metres, Over.SEA if over == Over.SEA else Over.GROUND)


def ring_of(fields: Fields, name: str) -> Ring:
    """What was drawn or typed: latitude and longitude of each corner, between semicolons."""
    try:
        spots = spots_of(fields.get(f"{name}_spots", ""), name)
    except RefusedQuestionError as refused:
        raise RefusedFleetError(f"{refused.fault}; {refused.mend}") from None
    return tuple((one.longitude, one.latitude) for one in spots)


def spots_said(corners: Ring) -> str:
    """A ring as the field has it."""
    return "; ".join(f"{latitude:.6f} {longitude:.6f}" for longitude, latitude in corners)
