"""Forgetting closed alerts in PostgreSQL.

An alert holds the read it was raised for, what was typed from it and what was written about it;
once its time is over all of that goes, and one row stays that says who decided what and when.
Deleted rows stay in PostgreSQL's files until they are written over, so the tables are written anew
where they are small enough for that to hold nothing up.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.alerts.adapters import sql_forgetting as sql
from morina.records.forgetting import HitsDue

TABLES = ("alert", "alert_act", "alert_hit")
WRITTEN_ANEW_BYTES = 64_000_000
"""Larger tables would hold alerts up for longer than a second while they are written anew."""

GONE = "the tables were written anew: their files hold nothing of them"
LEFT = (
    "the tables are too large to be written anew while alerts are raised: free space in their "
    "files may hold bytes of them until it is written over (VACUUM FULL does it at once)"
)
NONE = "nothing was removed"


class PostgresForgetting:
    """The role Hits. Closed alerts are kept ``days``, those of a hotlist in ``lists`` as there,
    those of a partner's hotlist no longer than its agreement says.

    ``pool`` is opened and closed by the caller.
    """

    def __init__(
        self, pool: AsyncConnectionPool, days: int, lists: Mapping[str, int],
        trail: Trail[AsyncConnection],
    ) -> None:  # fmt: skip
        self._pool = pool
        self._trail = trail
        self._days = days
        self._lists = json.dumps(dict(lists))

    async def due(self, now: datetime) -> HitsDue:
        """See Hits."""
        return await self._found(sql.DUE, {"now": now, "days": self._days, "lists": self._lists})

    async def of_plate(self, text: str) -> HitsDue:
        """See PlateHits."""
        return await self._found(sql.OF_PLATE, {"text": text})

    async def open_reads(self, text: str) -> set[UUID]:
        """See PlateHits."""
        return {row[0] for row in await self._rows(sql.OPEN_READS, (text, text))}

    async def forget(self, due: HitsDue, now: datetime) -> str:
        """See Hits."""
        if not due.alert_ids:
            return NONE
        asked = {"ids": list(due.alert_ids), "now": now}
        async with self._pool.connection() as connection:
            for statement in (sql.LEAVE, *sql.FORGET):
                await connection.execute(statement, asked)
            what = What("alert", tuple(map(str, due.alert_ids)), "forgotten")
            await self._trail.append(connection, Deed(act=Act.ERASURE, what=what))
        return await self._write_anew()

    async def pictures(self, but: HitsDue) -> set[str]:
        """See Hits."""
        rows = await self._rows(sql.PICTURES, (list(but.alert_ids),))
        return {name for row in rows for name in row if name}

    async def open(self) -> int:
        """See Hits."""
        [(count,)] = await self._rows(sql.OPEN, ())
        return int(count)

    async def _write_anew(self) -> str:
        [(size,)] = await self._rows(sql.SIZE, (list(TABLES),))
        full = size <= WRITTEN_ANEW_BYTES
        async with self._pool.connection() as connection:
            await connection.set_autocommit(True)
            try:
                await _vacuum(connection, full)
            finally:
                await connection.set_autocommit(False)
        return GONE if full else LEFT

    async def _found(self, statement: str, asked: Mapping[str, Any]) -> HitsDue:
        rows = await self._rows(statement, asked)
        return HitsDue(
            alert_ids=tuple(row[0] for row in rows),
            pictures=frozenset(name for row in rows for name in row[1:] if name),
        )

    async def _rows(
        self, statement: str, asked: Mapping[str, Any] | Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            return await (await connection.execute(statement, asked)).fetchall()


class BadPayloads:
    """Payloads that could not be decoded, kept for technicians: they may hold plates."""

    def __init__(self, pool: AsyncConnectionPool, days: int) -> None:
        self._pool = pool
        self._days = timedelta(days=days)

    async def forget(self, now: datetime) -> None:
        """Remove those older than reads may be."""
        async with self._pool.connection() as connection:
            await connection.execute(sql.BAD_PAYLOADS, (now - self._days,))


async def _vacuum(connection: AsyncConnection, full: bool) -> None:
    for table in TABLES:
        await connection.execute(f"VACUUM {'(FULL)' if full else ''} {table}")
