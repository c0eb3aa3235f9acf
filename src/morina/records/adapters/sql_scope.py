"""A scope as the conditions of a statement about reads or passages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from morina.records.figures import Period
from morina.records.questions import NO_COUNTRY, Hours, Looks, Scope

_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_LOOKS = ("make", "model", "colour", "vehicle_class")


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE, and its parameters by name."""

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        both = " AND ".join(part for part in (self.sql, other.sql) if part)
        return Condition(both, {**self.parameters, **other.parameters})


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, a begun one as a full one, as no read lies between two."""
    return -((_UNIX - at) // _MS)


def moment(ms: int) -> datetime:
    """The moment so many milliseconds after 1970, UTC."""
    return _UNIX + ms * _MS


def in_period(period: Period) -> Condition:
    """Of reads, ``captured_at`` within the period."""
    sql = (
        "captured_at >= fromUnixTimestamp64Milli({begins:Int64}, 'UTC') "
        "AND captured_at < fromUnixTimestamp64Milli({ends:Int64}, 'UTC')"
    )
    ends = {"begins": milliseconds(period.begins_at), "ends": milliseconds(period.ends_at)}
    return Condition(sql, ends)


def in_place(scope: Scope, at: str = "captured_at") -> Condition:
    """Of reads and of passages, camera and clock; ``at`` is the column of their time."""
    found = Condition("")
    if scope.cameras is not None:
        found &= Condition(
            "camera_id IN {cameras:Array(String)}", {"cameras": sorted(scope.cameras)}
        )
    if scope.hours is not None:
        found &= _in_hours(scope.hours, at)
    return found


def of_vehicle(scope: Scope) -> Condition:
    """Of reads, country and looks; a word for looks counts in any case."""
    found = Condition("")
    if scope.country:
        issued_by = "" if scope.country == NO_COUNTRY else scope.country
        found = Condition("country = {country:String}", {"country": issued_by})
    for name in _LOOKS:
        if word := getattr(scope.looks, name):
            sql = f"lowerUTF8({name}) = lowerUTF8({{{name}:String}})"
            found &= Condition(sql, {name: word})
    return found


def asks_of_vehicle(scope: Scope) -> bool:
    """Whether more is asked than place and time."""
    return bool(scope.country) or scope.looks != Looks()


def _in_hours(hours: Hours, at: str) -> Condition:
    """As ``morina.records.hours.has``."""
    day = f"toDayOfWeek({at}, 0, {{zone:String}}) - 1"
    clock = (
        f"toHour({at}, {{zone:String}}) * 3600 + toMinute({at}, {{zone:String}}) * 60 "
        f"+ toSecond({at}, {{zone:String}})"
    )
    today = f"({day}) IN {{weekdays:Array(UInt8)}}"
    if hours.begins < hours.ends:
        sql = f"{clock} >= {{day_begins:UInt32}} AND {clock} < {{day_ends:UInt32}} AND {today}"
    else:
        before = f"({day} + 6) % 7 IN {{weekdays:Array(UInt8)}}"
        sql = (
            f"(({clock} >= {{day_begins:UInt32}} AND {today}) "
            f"OR ({clock} < least({{day_begins:UInt32}}, {{day_ends:UInt32}}) AND {before}))"
        )
    asked = {
        "zone": hours.zone.key, "weekdays": sorted(hours.weekdays),
        "day_begins": _seconds(hours.begins), "day_ends": _seconds(hours.ends),
    }  # fmt: skip
    return Condition(sql, asked)


def _seconds(clock: time) -> int:
    """Seconds since midnight, a begun one as a full one."""
    whole = clock.hour * 3600 + clock.minute * 60 + clock.second
    return whole + bool(clock.microsecond)
