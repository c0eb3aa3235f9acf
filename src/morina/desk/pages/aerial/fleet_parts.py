"""What each part of the fleet is on its page, as a list."""

from morina.desk.pages.aerial.fleet_fields import airframe_of, airspace_of, battery_of, pilot_of
from morina.desk.pages.aerial.fleet_forms import OVER_OPTIONS, About, Typed
from morina.desk.pages.aerial.fleet_words import (
    KINDS,
    airframe_line,
    airspace_line,
    battery_line,
    pilot_line,
)
from morina.desk.words import mark
from morina.sense.aerial.fleet.roles import ItemKind

AIRFRAMES = About(
    kind=ItemKind.AIRFRAME,
    title=mark("Airframes"),
    enter=mark("Enter or change an airframe"),
    columns=(
        mark("Name"), mark("Type"), mark("Serial number"), mark("Hours"), mark("Service"),
        mark("Service due"), mark("State"),
    ),
    line=airframe_line,
    typed=(
        Typed(name="name", label=mark("Name"), required=True),
        Typed(name="type", label=mark("Type"), required=True),
        Typed(name="serial", label=mark("Serial number"), required=True),
        Typed(name="hours", label=mark("Hours flown in all"), kind="number"),
        Typed(name="serviced_hours", label=mark("Hours at the last service"), kind="number"),
        Typed(name="service_every_h", label=mark("Service every, hours"), kind="number"),
        Typed(name="service_due_on", label=mark("Service due"), kind="date"),
        Typed(name="grounded", label=mark("Grounded, and why"), hint=mark("empty: it flies")),
    ),
    read=airframe_of,
)  # fmt: skip

BATTERIES = About(
    kind=ItemKind.BATTERY,
    title=mark("Batteries"),
    enter=mark("Enter or change a battery"),
    columns=(mark("Name"), mark("Serial number"), mark("Cycles"), mark("Health")),
    line=battery_line,
    typed=(
        Typed(name="name", label=mark("Name"), required=True),
        Typed(name="serial", label=mark("Serial number"), required=True),
        Typed(name="cycles", label=mark("Cycles"), kind="number"),
        Typed(name="health", label=mark("Health when last measured, per cent"), kind="number"),
        Typed(name="retire_cycles", label=mark("Retired at, cycles"), kind="number"),
        Typed(name="retire_health", label=mark("Retired under, per cent"), kind="number"),
    ),
    read=battery_of,
)

PILOTS = About(
    kind=ItemKind.PILOT,
    title=mark("Pilots"),
    enter=mark("Enter or change a pilot"),
    columns=(mark("Account"), mark("Competence"), mark("Valid until"), mark("Last flight")),
    line=pilot_line,
    typed=(
        Typed(name="name", label=mark("Account"), required=True),
        Typed(name="competence", label=mark("Competence"), required=True),
        Typed(name="valid_to", label=mark("Valid until"), kind="date", required=True),
        Typed(name="last_flight_at", label=mark("Last flight, your time"), kind="datetime-local"),
    ),
    read=pilot_of,
)

AIRSPACE = About(
    kind=ItemKind.AIRSPACE,
    title=mark("Airspace"),
    enter=mark("Enter or change airspace"),
    columns=(mark("Name"), mark("Kind"), mark("Height"), mark("When"), mark("Source")),
    line=airspace_line,
    typed=(
        Typed(name="name", label=mark("Name"), required=True),
        Typed(name="kind", label=mark("Kind"), options={k.value: w for k, w in KINDS.items()}),
        Typed(name="reference", label=mark("Source, or who permits"), required=True),
        Typed(name="floor_m", label=mark("From, metres"), kind="number",
              hint=mark("empty: from the ground")),
        Typed(name="floor_over", label=mark("Counted"), options=OVER_OPTIONS),
        Typed(name="ceiling_m", label=mark("Up to, metres"), kind="number",
              hint=mark("empty: without end")),
        Typed(name="ceiling_over", label=mark("Counted"), options=OVER_OPTIONS),
        Typed(name="begins_at", label=mark("From, your time"), kind="datetime-local"),
        Typed(name="ends_at", label=mark("Until, your time"), kind="datetime-local"),
    ),
    read=airspace_of,
)  # fmt: skip

ALL = (AIRFRAMES, BATTERIES, PILOTS, AIRSPACE)
"""In the order of the page."""
