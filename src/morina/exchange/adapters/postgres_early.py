"""Messages that came before those they follow, as sticks may bring them; they wait their turn."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters.postgres_inbox import PostgresInbox
from morina.exchange.faults import Fault
from morina.exchange.sending import AT_ONCE, NOTHING
from morina.exchange.transport import RefusedAtDoorError

log = logging.getLogger(__name__)

LATER_S = 20.0
MOST_WAIT = 10_000
"""Of one sender; those beyond come again with the next stick."""
_KEEP = """
INSERT INTO exchange_early (sender, seq, sealed, at)
SELECT %(sender)s, %(seq)s, %(sealed)s, %(at)s
WHERE (SELECT count(*) FROM exchange_early WHERE sender = %(sender)s) < %(most)s
ON CONFLICT DO NOTHING"""
_DUE = """
SELECT e.seq, e.sealed FROM exchange_early e
LEFT JOIN exchange_pair p ON p.sender = e.sender AND p.receiver = %s
WHERE e.sender = %s AND e.seq <= coalesce(p.seq, 0) + 1 ORDER BY e.seq LIMIT 1"""
_GONE = "DELETE FROM exchange_early WHERE sender = %s AND seq = %s"


@dataclass(frozen=True, slots=True)
class PostgresEarly:
    """Keeps them sealed, as they came, once their signature was found to hold."""

    pool: AsyncConnectionPool
    inbox: PostgresInbox

    async def keep(self, sealed: bytes, now: datetime) -> tuple[str, int]:
        """Keep one; its sender and number. EnvelopeError, RefusedAtDoorError."""
        message = (await self.inbox.opened(sealed, "", now)).message
        parts = {"sender": message.sender, "seq": message.seq, "sealed": sealed, "at": now,
                 "most": MOST_WAIT}  # fmt: skip
        async with self.pool.connection() as connection:
            await connection.execute(_KEEP, parts)
        return message.sender, message.seq

    async def one(self, sender: str) -> float | None:
        """Take in the next whose turn it is: 0 where one was, None where none is."""
        async with self.pool.connection() as connection:
            asked = (self.inbox.keys.node_id, sender)
            row = await (await connection.execute(_DUE, asked)).fetchone()
        if row is None:
            return NOTHING
        try:
            await self.inbox.accept(bytes(row[1]), "", datetime.now(UTC))
        except RefusedAtDoorError as refused:
            if refused.code == Fault.CLOCK:
                return LATER_S
            log.warning("a message of %s that came early is not taken: %s", sender, refused)
        async with self.pool.connection() as connection:
            await connection.execute(_GONE, (sender, row[0]))
        return AT_ONCE
