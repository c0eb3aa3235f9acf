"""What passed cameras, for the question of convoys, from ``passed`` and ``reads``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from morina.plates import skeleton
from morina.records.adapters.sql_scope import (
    Condition,
    in_period,
    in_place,
    milliseconds,
    of_vehicle,
)
from morina.records.convoy import Convoy
from morina.records.convoy_chance import Flow
from morina.records.convoy_meetings import Passed, Window
from morina.records.figures import Period
from morina.records.questions import Scope
from morina.records.running import Rows, Running

_SECOND = "toUnixTimestamp(captured_at)"
TARGET = f"""
SELECT DISTINCT camera_id, {_SECOND} AS second FROM morina.reads
WHERE {{where}} ORDER BY second DESC, camera_id LIMIT {{{{most:UInt32}}}}
"""  # noqa: S608 - constants
"""By text as read or as corrected, as everywhere."""

OWN = f"""
SELECT DISTINCT camera_id, {_SECOND}, plate FROM morina.reads
WHERE skeleton IN {{{{skeletons:Array(String)}}}} AND plate IN {{{{plates:Array(String)}}}}
    AND camera_id IN {{{{cameras:Array(String)}}}} AND corrected_at = 0 AND {{period}}
"""  # noqa: S608 - constants
"""By text as read, as in ``passed``."""

THROUGH = """
SELECT camera_id, toUnixTimestamp(captured_s), plate FROM morina.passed
WHERE toDate(captured_s) IN {days:Array(Date)} AND (camera_id, captured_s) IN (
    SELECT window.1, toDateTime(arrayJoin(range(window.2, window.3 + 1)), 'UTC')
    FROM (SELECT arrayJoin({windows:Array(Tuple(String, UInt32, UInt32))}) AS window)
)
"""


FLOWS = """
SELECT camera_id, count(), toUnixTimestamp(min(captured_s)), toUnixTimestamp(max(captured_s))
FROM morina.passed
WHERE camera_id IN {cameras:Array(String)} AND toDate(captured_s) IN {days:Array(Date)}
    AND captured_s >= toDateTime({begins_s:Int64}, 'UTC')
    AND captured_s <= toDateTime({last_s:Int64}, 'UTC')
GROUP BY camera_id
"""


FLOW_DAYS = 31
"""Of a longer period the flow is counted on about so many days and taken for the others."""

WEEK = 7


class ClickHousePassing:
    """The role Passing."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def target(self, asked: Convoy, most: int, running: Running) -> Sequence[Passed]:
        """See Passing; one statement, by the primary key of ``reads``."""
        where = _target(asked.scope)
        wanted = {"skeleton": skeleton(asked.plate), "plate": asked.plate, "most": most}
        sql = TARGET.format(where=where.sql)
        rows = await self._rows.rows(sql, {**where.parameters, **wanted}, running)
        return [Passed(camera, second, asked.plate) for camera, second in rows]

    async def through(self, windows: Sequence[Window], running: Running) -> Sequence[Passed]:
        """See Passing; every second of the windows is looked up by the primary key of ``passed``.

        Of 36 windows that takes half as long as 36 ranges joined by OR.
        """
        wanted = {
            "windows": [
                (camera, one.begins, one.ends) for one in windows for camera in sorted(one.cameras)
            ],
            "days": sorted({_day(end) for one in windows for end in (one.begins, one.ends)}),
        }
        return [Passed(*row) for row in await self._rows.rows(THROUGH, wanted, running)]

    async def own(
        self, plates: Collection[str], cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Passed]:
        """See Passing."""
        wanted = {
            "plates": sorted(plates),
            "skeletons": sorted({skeleton(plate) for plate in plates}),
            "cameras": sorted(cameras),
        }
        when = in_period(period)
        sql = OWN.format(period=when.sql)
        rows = await self._rows.rows(sql, {**when.parameters, **wanted}, running)
        return [Passed(*row) for row in rows]

    async def flows(
        self, cameras: Collection[str], period: Period, running: Running
    ) -> Mapping[str, Flow]:
        """See Passing."""
        days, each = _days(period)
        wanted = {
            "cameras": sorted(cameras),
            "days": days,
            "begins_s": milliseconds(period.begins_at) // 1000,
            "last_s": (milliseconds(period.ends_at) - 1) // 1000,
        }
        rows = await self._rows.rows(FLOWS, wanted, running)
        return {camera: Flow(n * each, first, last) for camera, n, first, last in rows}


def _days(period: Period) -> tuple[list[date], int]:
    """The days on which flow is counted: every so many, never always the same weekday."""
    first = period.begins_at.astimezone(UTC).date()
    last = (period.ends_at.astimezone(UTC) - timedelta(microseconds=1)).date()
    many = (last - first).days + 1
    each = -(-many // FLOW_DAYS)
    each += each % WEEK == 0
    return [first + timedelta(days=n) for n in range(0, many, each)], each


def _day(second: int) -> date:
    """The day of a second since 1970, UTC."""
    return datetime.fromtimestamp(second, UTC).date()


def _target(scope: Scope) -> Condition:
    """Passages of one text, within the scope."""
    text = Condition("skeleton = {skeleton:String} AND plate = {plate:String}")
    return text & in_period(scope.period) & in_place(scope) & of_vehicle(scope)
