"""Reads in ClickHouse: in-process (chDB) or a server, through the same client."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client

from morina.plates import Plate, skeleton
from morina.records.adapters import sql_reads as sql
from morina.records.adapters.clickhouse_before import bring_up
from morina.records.adapters.clickhouse_client import OnOneThread, client_at
from morina.records.adapters.clickhouse_rows import EPOCH, KeepDays, read_of, table_of
from morina.records.adapters.clickhouse_schema import statements
from morina.records.store import Disputed, NoSuchReadError
from morina.sense import Read
from morina.sense.ids import milliseconds

KEPT_DAYS = 90
BLOCK = 20_000
"""Reads sent to the engine together; more at once would only take more memory."""

WINDOWS = (timedelta(minutes=1), timedelta(minutes=16), timedelta(hours=4), timedelta(days=1))
"""How far back from its last read a day is looked at for the newest, in turn."""


def ninety_days(_camera_id: str) -> int:
    """How long reads are kept where nothing else is said."""
    return KEPT_DAYS


class ClickHouseReads(OnOneThread):
    """The role ReadStore. A read kept twice is one row once merged, and one in every answer.

    Reads are made into columns on one thread while the engine takes those before on another, so
    the order of what two callers keep at the same time is not said.
    """

    def __init__(self, client: Client, keep_days: KeepDays = ninety_days) -> None:
        super().__init__(client, "clickhouse")
        self._keep_days = keep_days
        self._columns = ThreadPoolExecutor(1, thread_name_prefix="columns")
        bring_up(client, statements(), keep_days)
        self._warm_up()

    @classmethod
    def at(cls, dsn: str, folder: Path, keep_days: KeepDays = ninety_days) -> "ClickHouseReads":
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        return cls(client_at(dsn, folder), keep_days)

    def _warm_up(self) -> None:
        """The first insert of a process takes a second; no read should wait for it."""
        unread = Read(
            read_id=UUID(int=0),
            camera_id="nowhere",
            captured_at=EPOCH,
            received_at=EPOCH,
            plate=None,
            confidence=0.0,
        )
        for statement in sql.NOTHING:
            self._client.command(statement)
        self._client.insert_arrow("morina.nothing", table_of([unread], EPOCH, ninety_days))

    async def close(self) -> None:
        """Finish what is under way and let go of the engine."""
        await super().close()
        self._columns.shutdown()

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """See ReadStore."""
        inserted = [
            self._insert(reads[first : first + BLOCK], now)
            for first in range(0, len(reads), BLOCK)
        ]  # fmt: skip
        await asyncio.gather(*inserted)

    async def _insert(self, reads: Sequence[Read], now: datetime) -> None:
        loop = asyncio.get_running_loop()
        table = await loop.run_in_executor(self._columns, table_of, reads, now, self._keep_days)
        await self._run(lambda: self._client.insert_arrow("morina.reads", table))

    async def correct(self, read: Read, plate: Plate | None, by: str, now: datetime) -> None:
        """See ReadStore."""
        was = read.correction
        text = was.from_text if was else read.plate and read.plate.text
        found = {
            "read_id": read.read_id, "camera_id": read.camera_id, "captured_at": read.captured_at,
            "plate": text or "", "skeleton": skeleton(text or ""),
        }  # fmt: skip
        if not await self._query(sql.ORIGINAL, found):
            raise NoSuchReadError(
                f"the read {read.read_id} is not kept; it may be forgotten by now"
            )
        put = {
            "to_plate": plate.text if plate else "", "to_country": (plate and plate.country) or "",
            "by": by, "at": now.replace(microsecond=0), "at_ms": milliseconds(now),
        }  # fmt: skip
        await self._run(lambda: self._client.command(sql.CORRECT, parameters=found | put))

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """See ReadStore."""
        found: list[Read] = []
        since = since or EPOCH
        for last, _ in await self._query(sql.DAYS, {"since": since.date()}):
            found += await self._newest(last.replace(tzinfo=UTC), limit - len(found), since)
            if len(found) >= limit:
                break
        return found

    async def _newest(self, last: datetime, limit: int, since: datetime) -> list[Read]:
        """The newest of the day whose last read is of ``last``."""
        midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
        rows: Sequence[Sequence[Any]] = ()
        for window in WINDOWS:
            first = max(midnight, since + timedelta(milliseconds=1), last - window)
            stretch = {"first": first, "last": last, "limit": limit}
            rows = await self._query(sql.NEWEST, stretch)
            if len(rows) >= limit or first > last - window:
                break
        return [read_of(row) for row in rows]

    async def count(self) -> int:
        """See ReadStore."""
        rows = await self._query(sql.COUNT_KEPT, {})
        return int(rows[0][0])

    async def disputed(self, since: datetime) -> dict[str, Disputed]:
        """See ReadStore."""
        rows = await self._query(sql.DISPUTED, {"since": since})
        return {camera_id: Disputed(compared, differing) for camera_id, compared, differing in rows}
