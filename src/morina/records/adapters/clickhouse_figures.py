"""Counts by camera and hour in ClickHouse, and passages drawn by lot.

Hours are counted from the reads whenever a part of their day changed, so that late reads and
pictures get into the hour they belong to. Everything else is asked of the counts.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.client import Client

from morina.plates import skeleton
from morina.records.adapters import sql_figures as sql
from morina.records.adapters.clickhouse_client import OnOneThread, client_at
from morina.records.adapters.clickhouse_rows import EPOCH, read_of
from morina.records.figures import Period
from morina.sense import Read
from morina.sense.cameras.passed import (
    MOST_WEEKS,
    Hour,
    Passed,
    Usual,
    full_hour,
    usual_of,
    weeks_known,
)

CLOCKS_APART = timedelta(minutes=10)
"""``stored_at`` is by the node's clock, ``counted_at`` by the engine's."""

LOOKED_BACK = timedelta(weeks=MOST_WEEKS + 1)

MOST_AT_ONCE = 2
"""Of the passages of one text (or unread) at one camera in one second, how many can be drawn."""

SLOTS_EACH, MORE_SLOTS = 2.6, 24
"""Slots asked for are so many times those needed, and more: of two slots one at least holds a
passage, so that too few do less than once in 10,000 draws."""


class ClickHouseFigures(OnOneThread):
    """The role CameraFigures, beside ClickHouseReads, which must have made its table before.

    It has a thread and a client of its own, so that no read waits to be kept while it counts.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client, "figures")
        for statement in (sql.HOURS, *sql.UNKEPT):
            client.command(statement)

    @classmethod
    def at(cls, dsn: str, folder: Path) -> Self:
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        return cls(client_at(dsn, folder))

    async def count(self) -> int:
        """See CameraFigures."""
        since = (datetime.now(UTC) - LOOKED_BACK).date()
        rows = await self._query(sql.CHANGED, {"since": since})
        for day, counted_at in rows:
            await self._count(day, counted_at.replace(tzinfo=UTC))
        return len(rows)

    async def _count(self, day: date, counted_at: datetime) -> None:
        """Count the hours of a day that reads were stored in since ``counted_at``."""
        since = max(counted_at - CLOCKS_APART, EPOCH)
        [(first, last, reads)] = await self._query(sql.TOUCHED, {"day": day, "since": since})
        if reads:
            stretch = {"begins_at": first, "ends_at": last + timedelta(hours=1)}
            await self._run(lambda: self._client.command(sql.COUNT, parameters=stretch))

    async def hours(self, since: datetime) -> dict[str, tuple[Hour, ...]]:
        """See CameraFigures."""
        rows = await self._query(sql.THIS_WEEK, {"since": full_hour(since)})
        return await self._run(lambda: _hours(rows))

    async def usual(self, now: datetime, zone: ZoneInfo) -> dict[str, Usual]:
        """See CameraFigures."""
        until = full_hour(now)
        weeks = await self._weeks(until)
        found: dict[str, Usual] = {}
        for number in sorted(set(weeks.values())):
            since = until - timedelta(weeks=number)
            parameters = {"since": since, "until": until, "zone": zone.key}
            rows = await self._query(sql.BY_HOUR_OF_WEEK, parameters)
            mine = [row for row in rows if weeks[row[0]] == number]
            found |= await self._run(partial(_usuals, mine, number))
        return found

    async def _weeks(self, until: datetime) -> dict[str, int]:
        rows = await self._query(sql.FIRST, {"since": until - LOOKED_BACK})
        return {
            camera_id: weeks_known(first.replace(tzinfo=UTC), until) for camera_id, first in rows
        }

    async def last(self, since: datetime) -> dict[str, Read]:
        """See CameraFigures."""
        rows = await self._query(sql.LAST, {"since": since})
        return {read.camera_id: read for read in map(read_of, rows)}

    async def last_passed(self, since: datetime) -> dict[str, datetime]:
        """See CameraFigures."""
        rows = await self._query(sql.LAST_PASSED, {"since": since})
        return {camera_id: at.replace(tzinfo=UTC) for camera_id, at in rows}

    async def drawn(self, camera_id: str, period: Period, n: int) -> list[Read]:
        """See CameraFigures."""
        asked = _parameters(camera_id, period)
        counts = {"at_once": MOST_AT_ONCE, "slots": round(SLOTS_EACH * n) + MORE_SLOTS}
        slots = await self._query(sql.SLOTS, asked | counts)
        there = await self._query(sql.AT_SLOTS, asked | _places(slots))
        found = _in_slots(slots, there)[:n]
        asked |= {"read_ids": [str(read_id) for _, _, read_id in found]}
        rows = await self._query(sql.DRAWN, asked | _places(found))
        return sorted(map(read_of, rows), key=lambda read: read.read_id.bytes)

    async def passages(
        self, camera_id: str, period: Period, read_ids: Collection[UUID]
    ) -> dict[UUID, Read]:
        """See CameraFigures."""
        asked = {"read_ids": [str(one) for one in read_ids]}
        rows = await self._query(sql.PASSAGES, _parameters(camera_id, period) | asked)
        return {read.read_id: read for read in map(read_of, rows)}


def _parameters(camera_id: str, period: Period) -> dict[str, Any]:
    return {"camera_id": camera_id, "begins_at": period.begins_at, "ends_at": period.ends_at}


def _places(slots: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Where to look in the reads, which are sorted by look-alike class and text."""
    plates = {plate for _, plate, _ in slots}
    return {
        "seconds": sorted({second for second, _, _ in slots}),
        "plates": sorted(plates),
        "skeletons": sorted({skeleton(plate) for plate in plates}),
    }


def _in_slots(
    slots: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]
) -> list[tuple[int, str, UUID]]:
    """Second, text and id of the reads in those slots that hold one, in the order of the slots."""
    there: dict[tuple[int, str], list[UUID]] = defaultdict(list)
    for second, plate, read_id in rows:
        there[second, plate].append(read_id)
    return [
        (second, plate, there[second, plate][slot])
        for second, plate, slot in slots
        if slot < len(there[second, plate])
    ]


def _hours(rows: Sequence[Sequence[Any]]) -> dict[str, tuple[Hour, ...]]:
    found: dict[str, list[Hour]] = defaultdict(list)
    for camera_id, hour, *sums in rows:
        found[camera_id].append(Hour(hour.replace(tzinfo=UTC), _passed(sums)))
    return {camera_id: tuple(hours) for camera_id, hours in found.items()}


def _usuals(rows: Sequence[Sequence[Any]], weeks: int) -> dict[str, Usual]:
    counts: dict[str, dict[int, Sequence[int]]] = defaultdict(dict)
    sums: dict[str, dict[int, Passed]] = defaultdict(dict)
    for camera_id, of_week, passages, *added in rows:
        counts[camera_id][of_week] = passages
        sums[camera_id][of_week] = _passed(added)
    usuals = {one: usual_of(weeks, counts[one], sums[one]) for one in counts}
    return {camera_id: usual for camera_id, usual in usuals.items() if usual is not None}


def _passed(sums: Sequence[Any]) -> Passed:
    return Passed(**dict(zip(sql.SUMS, sums, strict=True)))
