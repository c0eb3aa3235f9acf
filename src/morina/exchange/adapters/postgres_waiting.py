"""Our messages no receipt came for, in PostgreSQL, and receipts kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters.postgres_pairs import IN, OUT, wake
from morina.exchange.transport import Received

_FIRST = """
SELECT message_id, digest, sender, receiver, seq, signed, tries, next_try_at FROM (
    SELECT *, sum(length(signed)) OVER (ORDER BY seq) - length(signed) AS before FROM (
        SELECT * FROM exchange_message WHERE partner = %s AND is_ours AND done_at IS NULL
        ORDER BY seq LIMIT %s
    ) AS waiting
) AS counted WHERE coalesce(before, 0) < %s ORDER BY seq"""
_RECEIVED = """
UPDATE exchange_message SET receipt = %s, done_at = %s, why = CASE WHEN refused = '' THEN ''
    ELSE why END, next_try_at = NULL
WHERE message_id = %s AND digest = %s AND is_ours AND done_at IS NULL"""
_FAILED = """
UPDATE exchange_message SET tries = tries + 1, why = %s, next_try_at = %s
WHERE message_id = %s AND done_at IS NULL"""
_FROM = """
UPDATE exchange_message SET done_at = NULL, next_try_at = NULL
WHERE partner = %s AND is_ours AND seq >= %s"""
_AT_ONCE = """
UPDATE exchange_message SET next_try_at = NULL WHERE partner = %s AND done_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Row:
    """See Unreceived."""

    message_id: UUID
    digest: str
    sender: str
    to: str
    seq: int
    signed: bytes | None
    tries: int
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostgresWaiting:
    """The role Waiting."""

    pool: AsyncConnectionPool

    async def first(self, partner: str, limit: int, most_bytes: int = 2**62) -> list[Row]:
        """See Waiting."""
        asked = (partner, limit, most_bytes)
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_FIRST, asked, binary=True)).fetchall()
        return [Row(*row) for row in rows]

    async def received(self, receipts: Sequence[Received], now: datetime) -> None:
        """See Waiting."""
        async with self.pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(
                _RECEIVED,
                [(one.receipt, now, one.message_id, one.digest) for one in receipts],
            )

    async def failed(self, message_id: UUID, why: str, again_at: datetime) -> None:
        """See Waiting."""
        async with self.pool.connection() as connection:
            await connection.execute(_FAILED, (why[:500], again_at, message_id))

    async def from_number(self, partner: str, seq: int) -> int:
        """See Waiting."""
        async with self.pool.connection() as connection:
            return (await connection.execute(_FROM, (partner, seq))).rowcount

    async def at_once(self, partner: str) -> None:
        """Wait no longer before the next try, of theirs to be acted on as well."""
        async with self.pool.connection() as connection:
            await connection.execute(_AT_ONCE, (partner,))
            await wake(connection, OUT, partner)
            await wake(connection, IN, partner)
