"""The fleet as rows of PostgreSQL, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    Level,
    Limits,
    Over,
    Pilot,
)
from morina.sense.aerial.fleet.roles import Clearance, Item, ItemKind

TABLES: Mapping[ItemKind, tuple[str, str]] = {
    ItemKind.AIRFRAME: ("fleet_airframe", "name"),
    ItemKind.BATTERY: ("fleet_battery", "name"),
    ItemKind.PILOT: ("fleet_pilot", "name"),
    ItemKind.AIRSPACE: ("fleet_airspace", "airspace_id"),
}
"""Table and key of each kind."""

_KINDS = {
    Airframe: ItemKind.AIRFRAME,
    Battery: ItemKind.BATTERY,
    Pilot: ItemKind.PILOT,
    Airspace: ItemKind.AIRSPACE,
}
Row = dict[str, Any]


def kind_of(item: Item) -> ItemKind | None:
    """None for the limits, of which there is one row."""
    return None if isinstance(item, Limits) else _KINDS[type(item)]


def row_of(item: Item) -> Row:
    """Column to value."""
    if not isinstance(item, Airspace):
        return asdict(item)
    row = {
        n: getattr(item, n) for n in ("airspace_id", "name", "reference", "begins_at", "ends_at")
    }
    row |= {"kind": item.kind.value, "ring": [list(corner) for corner in item.ring]}
    for name, level in (("floor", item.floor), ("ceiling", item.ceiling)):
        row[f"{name}_m"] = level.metres if level else None
        row[f"{name}_over"] = level.over.value if level else None
    return row


def airspace_of(row: Row) -> Airspace:
    """One volume."""
    return Airspace(
        airspace_id=row["airspace_id"], name=row["name"], kind=AirspaceKind(row["kind"]),
        ring=tuple((x, y) for x, y in row["ring"]), reference=row["reference"],
        floor=_level(row["floor_m"], row["floor_over"]),
        ceiling=_level(row["ceiling_m"], row["ceiling_over"]),
        begins_at=row["begins_at"], ends_at=row["ends_at"],
    )  # fmt: skip


def limits_of(row: Row) -> Limits:
    """The limits."""
    return Limits(**{name: value for name, value in row.items() if name != "one"})


def clearance_of(row: Row) -> Clearance:
    """One clearance; plan and checks stand as JSON."""
    return msgspec.convert(row, Clearance, strict=False)


def as_json(value: object) -> str:
    """JSON that ``clearance_of`` reads."""
    return msgspec.json.encode(value).decode()


def _level(metres: float | None, over: str | None) -> Level | None:
    return None if metres is None or over is None else Level(metres, Over(over))
