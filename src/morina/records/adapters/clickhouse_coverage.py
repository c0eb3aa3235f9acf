"""What is known of the reads without looking at any: the oldest, and hours without a passage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from morina.records.figures import Period
from morina.records.questions import Down
from morina.records.running import Rows, Running

OLDEST = "SELECT keep_days, min(captured_at) FROM morina.reads GROUP BY keep_days"
"""Both are known of every part by its partition key, so no read is looked at."""

GAPS = """
SELECT camera_id, gap.1, gap.2
FROM (
    SELECT camera_id, arrayJoin(arrayZip(starts, stops)) AS gap
    FROM (
        SELECT
            camera_id,
            min(hour) AS first,
            arraySort(groupArrayIf(hour, hour >= {begins_at:DateTime('UTC')})) AS hours,
            arrayConcat([greatest(first, {begins_at:DateTime('UTC')})],
                arrayMap(one -> one + toIntervalHour(1), hours)) AS starts,
            arrayConcat(hours, [{ends_at:DateTime('UTC')}]) AS stops
        FROM (
            SELECT DISTINCT camera_id, hour FROM (
                SELECT camera_id, hour, passages FROM morina.camera_hours
                UNION ALL SELECT camera_id, hour, passages FROM morina.unkept_hours
            )
            WHERE passages > 0 AND hour < {ends_at:DateTime('UTC')}
                AND camera_id IN {cameras:Array(String)}
        )
        GROUP BY camera_id
    )
)
WHERE gap.1 < gap.2
"""
"""What passed a camera of which only hits are kept was counted in the table of its own."""


class ClickHouseCounted:
    """The role Counted, of the tables of ClickHouseReads and ClickHouseFigures."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def oldest(self, running: Running) -> Mapping[int, datetime]:
        """See Counted."""
        return {days: _utc(at) for days, at in await self._rows.rows(OLDEST, {}, running)}

    async def gaps(
        self, cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Down]:
        """See Counted."""
        wanted = {
            "cameras": list(cameras),
            "begins_at": period.begins_at,
            "ends_at": period.ends_at,
        }
        rows = await self._rows.rows(GAPS, wanted, running)
        return [Down(camera, Period(_utc(begins), _utc(ends))) for camera, begins, ends in rows]


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
