"""Takes partners' lists out when their agreement is over, and forgets what was taken out in time.

It asks nobody: with every link cut a list still ends when its agreement does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters import sql_lists as sql
from morina.exchange.adapters.postgres_lists import in_force
from morina.exchange.adapters.taking_lists import end_list
from morina.exchange.agreement import Agreements
from morina.watch import ListCopies

OVER = "its agreement is no longer in force"


@dataclass(frozen=True, slots=True)
class ListKeeping:
    """Watches the agreements of partners' lists. ``here`` is this node's name."""

    pool: AsyncConnectionPool
    copies: ListCopies[AsyncConnection]
    agreements: Agreements
    trail: Trail[AsyncConnection]
    here: str

    async def end_due(self, now: datetime) -> int:
        """Take out the lists no agreement allows any more; how many."""
        async with self.pool.connection() as connection:
            standing = await (await connection.execute(sql.STANDING)).fetchall()
        ended = 0
        for hotlist_id, owner, agreement_id in standing:
            if await in_force(self.agreements, (owner, self.here), agreement_id, now) is None:
                ended += await self._end((hotlist_id, agreement_id), now)
        return ended

    async def _end(self, key: tuple[object, object], now: datetime) -> bool:
        hotlist_id, agreement_id = key
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(sql.LOCK_HEARD, (hotlist_id,))).fetchone()
            if row is None or row["ended"] or row["agreement_id"] != agreement_id:
                return False
            count = await end_list(connection, self.copies, row, (OVER, now))
            what = What("hotlist", (str(hotlist_id),), f"taken out, {count} entries: {OVER}")
            deed = Deed(act=Act.ALTERATION, what=what, with_whom=row["owner_node"])
            await self.trail.append(connection, deed)
        return True

    async def sweep(self) -> int:
        """Mark some rows of lists that were taken out; how many."""
        async with self.pool.connection() as connection:
            emptied = await self.copies.emptied(connection)
        swept = 0
        for hotlist_id in emptied:
            async with self.pool.connection() as connection:
                swept += await self.copies.sweep(connection, hotlist_id)
        return swept

    async def forget(self, now: datetime) -> int:
        """Remove entries withdrawn longer ago than the agreement lets us keep; how many."""
        async with self.pool.connection() as connection:
            kept = await (await connection.execute(sql.KEPT)).fetchall()
        gone = 0
        for hotlist_id, owner, keep_days in kept:
            before = now - timedelta(days=keep_days)
            async with self.pool.connection() as connection:
                count = await self.copies.forget(connection, hotlist_id, before)
                if count:
                    step = f"{count} withdrawn entries forgotten"
                    what = What("hotlist", (str(hotlist_id),), step)
                    deed = Deed(act=Act.ERASURE, what=what, with_whom=owner)
                    await self.trail.append(connection, deed)
                gone += count
        return gone
