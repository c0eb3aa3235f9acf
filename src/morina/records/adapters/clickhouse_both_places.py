"""Vehicles of several areas, from ``passed``, in one statement."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from morina.records.adapters.clickhouse_schema import SKELETON
from morina.records.adapters.sql_scope import milliseconds
from morina.records.both_places import Area, BothPlaces, InAll, Stay
from morina.records.running import Rows, Running

NEVER = 2**40
"""A second after all others."""

SPILL_BYTES = 1_000_000_000
"""What vehicles of very large areas take beyond this goes to disk meanwhile."""

FOUND = """
SELECT key, texts, stays, of FROM (
    SELECT key, texts, {stays} AS stays, count() OVER () AS of
    FROM (
        SELECT {key} AS key, {texts} AS texts, {columns}
        FROM morina.passed
        WHERE plate != '' AND ({areas})
        GROUP BY key
        HAVING {having}
    )
)
WHERE key > {{after:String}}
ORDER BY key
LIMIT {{most:UInt32}}
SETTINGS max_bytes_before_external_group_by = {spill}
"""

COUNTED = """
SELECT count() FROM (
    SELECT {key} AS key, {columns}
    FROM morina.passed
    WHERE plate != '' AND ({areas})
    GROUP BY key
    HAVING {having}
)
SETTINGS max_bytes_before_external_group_by = {spill}
"""


class ClickHouseAreas:
    """The role Areas."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def in_all(
        self, asked: BothPlaces, most: int, running: Running
    ) -> tuple[Sequence[InAll], int]:
        """See Areas."""
        parts, parameters = _parts(asked)
        wanted = parameters | {"after": asked.after, "most": most}
        rows = await self._rows.rows(FOUND.format(**parts), wanted, running)
        if rows:
            return [_in_all(row) for row in rows], rows[0][3]
        counted = await self._rows.rows(COUNTED.format(**parts), parameters, running)
        return [], counted[0][0]


def _parts(asked: BothPlaces) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the statements are made of, and their parameters."""
    several = range(len(asked.areas))
    parameters: dict[str, Any] = {}
    for number, area in enumerate(asked.areas):
        parameters |= _area(number, area)
    inside = [_inside(number) for number in several]
    parts = {
        "key": SKELETON if asked.look_alikes else "plate",
        "texts": "arraySort(groupUniqArray(plate))" if asked.look_alikes else "[plate]",
        "columns": ", ".join(_columns(number, one) for number, one in enumerate(inside)),
        "areas": " OR ".join(f"({one})" for one in inside),
        "having": " AND ".join([*(f"n{number} > 0" for number in several), _in_time(asked)]),
        "stays": "[" + ", ".join(f"(first{n}, last{n}, n{n})" for n in several) + "]",
        "spill": SPILL_BYTES,
    }
    return parts, parameters


def _area(number: int, area: Area) -> dict[str, Any]:
    return {
        f"cameras{number}": sorted(area.cameras),
        f"begins{number}": milliseconds(area.period.begins_at) // 1000,
        f"ends{number}": (milliseconds(area.period.ends_at) - 1) // 1000,
    }


def _inside(number: int) -> str:
    """The passage lies in that area and time; a period is meant to the full second."""
    return (
        f"camera_id IN {{cameras{number}:Array(String)}} "
        f"AND captured_s >= toDateTime({{begins{number}:Int64}}, 'UTC') "
        f"AND captured_s <= toDateTime({{ends{number}:Int64}}, 'UTC')"
    )


def _columns(number: int, inside: str) -> str:
    """What is known of a vehicle in one area; a passage kept twice is one."""
    second = "toInt64(toUnixTimestamp(captured_s))"
    return (
        f"groupUniqArrayIf({second}, {inside}) AS times{number}, "
        f"toUInt64(length(times{number})) AS n{number}, "
        f"arrayMin(times{number}) AS first{number}, arrayMax(times{number}) AS last{number}"
    )


def _in_time(asked: BothPlaces) -> str:
    """Whether there are passages in such an order, so far apart."""
    several = tuple(range(len(asked.areas)))
    least = int(asked.apart.total_seconds())
    if asked.in_order:
        return _chain(several, max(least, 1))
    if not least:
        return "1"
    return "(" + " OR ".join(_chain(order, least) for order in permutations(several)) + ")"


def _chain(order: Iterable[int], least: int) -> str:
    """From the first passage in one area to the earliest in the next that is late enough."""
    first, *rest = order
    *between, last = rest
    at = f"first{first}"
    for number in between:
        late = f"arrayFilter(one -> one >= {at} + {least}, times{number})"
        at = f"arrayMin(arrayConcat({late}, [toInt64({NEVER})]))"
    return f"last{last} >= {at} + {least}"


def _in_all(row: Sequence[Any]) -> InAll:
    key, texts, stays, _ = row
    return InAll(key, tuple(texts), tuple(Stay(_at(a), _at(b), n) for a, b, n in stays))


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
