"""Forgetting in ClickHouse: partitions dropped whole, and their files waited for."""

import asyncio
import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from clickhouse_connect.driver.client import Client

from morina.records.adapters import sql_forgetting as sql
from morina.records.adapters.clickhouse_client import OnOneThread, client_at
from morina.records.forgetting import Kept, Partition

TABLES = ("reads", "passed", "texts", "pinned")
FILES_LEAVE_AFTER_S = 60
"""A part that was merged or dropped leaves the disk so long after; Linux has written what took its
place to the disk by then."""

WAITED_S = 1200.0
LOOK_EVERY_S = 1.0
ROWS_AT_ONCE = 1_000_000
_NAME = re.compile(r"\('(\d{4}-\d\d-\d\d)',(\d+)\)")


class ClickHouseForgetting(OnOneThread):
    """The role Forgets, beside ClickHouseReads, which must have made its tables before.

    It has a thread and a client of its own, so that no read waits to be kept while it forgets.
    """

    def __init__(self, client: Client, files_leave_after_s: int = FILES_LEAVE_AFTER_S) -> None:
        super().__init__(client, "forgetting")
        every_s = min(files_leave_after_s, 10)
        for table in TABLES:
            client.command(
                sql.PARTS_LEAVE.format(table=table, after_s=files_leave_after_s, every_s=every_s)
            )

    @classmethod
    def at(cls, dsn: str, folder: Path, leave_after_s: int = FILES_LEAVE_AFTER_S) -> Self:
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        return cls(client_at(dsn, folder), leave_after_s)

    async def due(self, today: date) -> list[Partition]:
        """See Forgets."""
        ahead = {
            (day, keep_days): stored
            for day, keep_days, stored in await self._query(sql.STORED, {"today": today})
        }
        found = [_partition(*row) for row in await self._query(sql.PARTITIONS, {})]
        return sorted(one for one in found if _is_due(one, ahead, today))

    async def pictures(self, due: Sequence[Partition]) -> set[str]:
        """See Forgets."""
        reads = [one for one in due if one.table == "reads"]
        if not reads:
            return set()
        chunks = min(255, 1 + sum(one.rows for one in reads) // ROWS_AT_ONCE)
        asked = {"due": _keys(reads), "chunks": chunks}
        names: set[str] = set()
        for chunk in range(chunks):
            rows = await self._query(sql.PICTURES, asked | {"chunk": chunk})
            names.update(name for (name,) in rows)
        return names

    async def referred(self, names: Collection[str], due: Sequence[Partition]) -> set[str]:
        """See Forgets."""
        if not names:
            return set()
        asked = {"names": list(names), "due": _keys(due)}
        return {name for (name,) in await self._query(sql.REFERRED, asked)}

    async def drop(self, partition: Partition) -> None:
        """See Forgets."""
        statement = sql.DROP.format(table=partition.table, partition_id=partition.partition_id)
        await self._command(statement, {})

    async def forget_texts(self, today: date, longest: int) -> int:
        """See Forgets."""
        asked = {"today": today, "beyond": today + timedelta(days=longest + 1)}
        [(count,)] = await self._query(sql.COUNT_TEXTS, asked)
        if count:
            await self._command(sql.FORGET_TEXTS, asked)
        return int(count)

    async def files_left(self) -> int:
        """See Forgets."""
        [(now,)] = await self._query(sql.NOW, {})
        asked = {"tables": list(TABLES), "now": now}
        async with asyncio.timeout(WAITED_S * 2):
            for _ in range(int(WAITED_S / LOOK_EVERY_S)):
                [(left,)] = await self._query(sql.LEFT, asked)
                if not left:
                    break
                await asyncio.sleep(LOOK_EVERY_S)
        return int(left)

    async def kept(self, today: date) -> Kept:
        """See Forgets."""
        found = [_partition(*row) for row in await self._query(sql.PARTITIONS, {})]
        reads = [one for one in found if one.table == "reads"]
        [(pinned, cases, for_review)] = await self._query(sql.PINNED, {"today": today})
        return Kept(
            oldest=min((one.day for one in reads), default=None),
            rows=sum(one.rows for one in reads), pinned=pinned, cases=cases,
            for_review=for_review,
        )  # fmt: skip

    async def next_due(self) -> date | None:
        """See Forgets."""
        found = [_partition(*row) for row in await self._query(sql.PARTITIONS, {})]
        return min((one.day + timedelta(days=one.keep_days) for one in found), default=None)


def _partition(table: str, partition_id: str, name: str, rows: int) -> Partition:
    """From ``system.parts``, where its name is as in ``('2026-11-22',90)``."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"morina.{table} has a partition {name!r}; it was not made by Morina")
    return Partition(table, date.fromisoformat(found[1]), int(found[2]), rows, partition_id)


def _is_due(one: Partition, ahead: dict[tuple[date, int], date], today: date) -> bool:
    """Kept for as many days as were said, that of the read included.

    What a wrong clock put ahead of today counts from the day it was stored.
    """
    known = ahead.get((one.day, one.keep_days), one.day)
    return min(one.day, known) + timedelta(days=one.keep_days) <= today


def _keys(partitions: Collection[Partition]) -> list[tuple[str, int]]:
    return sorted({(one.day.isoformat(), one.keep_days) for one in partitions})
