"""What is done with messages by the clock: contents forgotten, checkpoints due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Act, Deed, Trail, What

AT_ONCE = 5000
_FORGET = """
UPDATE exchange_message SET signed = NULL WHERE message_id IN (
    SELECT message_id FROM exchange_message
    WHERE forget_at <= %s AND signed IS NOT NULL AND done_at IS NOT NULL LIMIT %s)
RETURNING message_id"""
_OLD_EARLY = "DELETE FROM exchange_early WHERE at < %s"
_DUE = """
SELECT p.partner FROM (
    SELECT CASE sender WHEN %(node)s THEN receiver ELSE sender END AS partner, sender, receiver
    FROM exchange_pair) AS p
JOIN exchange_message f ON f.sender = p.sender AND f.receiver = p.receiver AND f.seq = 1
WHERE f.at <= %(since)s AND NOT EXISTS (
    SELECT FROM exchange_message m WHERE m.partner = p.partner AND m.is_ours
        AND m.kind = 'checkpoint' AND m.at > %(since)s)
GROUP BY p.partner ORDER BY p.partner"""


@dataclass(frozen=True, slots=True)
class PostgresUpkeep:
    """Contents go when their time is over; digests, receipts and the trail stay."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]

    async def forget(self, now: datetime) -> int:
        """Forget what is due and enter it; how many messages lost their content."""
        forgotten = 0
        while True:
            async with self.pool.connection() as connection:
                rows = await (await connection.execute(_FORGET, (now, AT_ONCE))).fetchall()
                await connection.execute(_OLD_EARLY, (now - timedelta(days=90),))
                if not rows:
                    return forgotten
                ids = tuple(str(row[0]) for row in rows)
                what = What("messages", ids, "content forgotten")
                await self.trail.append(
                    connection, Deed(act=Act.ERASURE, what=what, who=NODE, at=now)
                )
            forgotten += len(rows)

    async def due(self, node_id: str, since: datetime) -> Sequence[str]:
        """Partners something passed with before, and no checkpoint was sent since."""
        async with self.pool.connection() as connection:
            asked = {"node": node_id, "since": since}
            return [row[0] for row in await (await connection.execute(_DUE, asked)).fetchall()]
