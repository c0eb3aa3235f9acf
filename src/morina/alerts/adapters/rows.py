"""Alerts as rows of PostgreSQL and back."""

import msgspec
from psycopg.rows import TupleRow

from morina.alerts import Act, Alert, State, vehicle_of
from morina.sense import Read
from morina.watch import Difference, Likeness, Listed

_read = msgspec.json.Decoder(Read).decode
_listed = msgspec.json.Decoder(Listed).decode
_differences = msgspec.json.Decoder(tuple[Difference, ...]).decode
_acts = msgspec.json.Decoder(tuple[Act, ...]).decode


def to_row(alert: Alert) -> tuple[object, ...]:
    """The values of sql.PUT."""
    vehicle = vehicle_of(alert.read, alert.listed)
    return (
        alert.alert_id,
        alert.state.value,
        alert.late,
        vehicle.camera_id,
        vehicle.text,
        vehicle.listing_id,
        alert.raised_at,
        alert.last_seen_at,
        alert.repeats,
        _json(alert.read),
        _json(alert.listed),
        alert.likeness.value,
        _json(alert.differences),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def to_alert(row: TupleRow) -> Alert:
    """An alert from a row of sql.ALERTS."""
    return Alert(
        alert_id=row[0],
        state=State(row[1]),
        late=row[2],
        raised_at=row[3],
        last_seen_at=row[4],
        repeats=row[5],
        read=_read(row[6]),
        listed=_listed(row[7]),
        likeness=Likeness(row[8]),
        differences=_differences(row[9]),
        acts=_acts(row[10]),
    )
