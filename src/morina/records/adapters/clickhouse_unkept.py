"""Counts of passages that are not kept, in a table of their own beside those counted from reads."""

from dataclasses import astuple
from datetime import UTC

from morina.records.adapters.clickhouse_figures import ClickHouseFigures
from morina.records.adapters.sql_figures import SUMS
from morina.records.unkept import Counts


class ClickHouseUnkept(ClickHouseFigures):
    """The role UnkeptHours, with a thread and a client of its own."""

    async def add(self, counts: Counts) -> None:
        """See UnkeptHours."""
        rows = [
            (camera_id, hour.astimezone(UTC), *astuple(one))
            for (camera_id, hour), one in counts.items()
        ]
        columns = ["camera_id", "hour", *SUMS]
        if rows:
            await self._run(
                lambda: self._client.insert("morina.unkept_hours", rows, column_names=columns)
            )
