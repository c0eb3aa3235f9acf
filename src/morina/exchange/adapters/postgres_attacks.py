"""What was refused at the inbox's door, in PostgreSQL: bounded in number, the like counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg_pool import AsyncConnectionPool

from morina.exchange.delivering import Attack

FIRST_BYTES = 4096
_AGAIN = """
UPDATE exchange_attack SET times = times + 1, last_at = %(now)s, said = %(said)s
WHERE number = (
    SELECT number FROM exchange_attack WHERE sender = %(sender)s AND peer = %(peer)s
        AND code = %(code)s AND at > %(now)s - interval '1 hour' ORDER BY number DESC LIMIT 1)"""
_ADD = """
INSERT INTO exchange_attack (at, last_at, sender, peer, code, said, body)
VALUES (%(now)s, %(now)s, %(sender)s, %(peer)s, %(code)s, %(said)s, %(body)s)"""
_BOUND = """
DELETE FROM exchange_attack WHERE number <= (SELECT max(number) FROM exchange_attack) - %s"""
_NEWEST = """
SELECT at, last_at, times, sender, peer, code, said FROM exchange_attack
ORDER BY last_at DESC LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that came: from whom as it says, from whom the transport knows, why not."""

    sender: str
    peer: str
    code: str
    said: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PostgresAttacks:
    """Keeps at most ``most``; of the same from the same within an hour one, with its count."""

    pool: AsyncConnectionPool
    most: int = 10_000

    async def record(self, refused: Refused, now: datetime) -> None:
        """Keep its first bytes and why; in a transaction of its own."""
        parts = {
            "now": now, "sender": refused.sender[:64], "peer": refused.peer[:200],
            "code": refused.code, "said": refused.said[:1000],
            "body": refused.body[:FIRST_BYTES],
        }  # fmt: skip
        async with self.pool.connection() as connection:
            if not (await connection.execute(_AGAIN, parts)).rowcount:
                await connection.execute(_ADD, parts)
                await connection.execute(_BOUND, (self.most,))

    async def newest(self, limit: int) -> Sequence[Attack]:
        """Newest first."""
        names = ("at", "last_at", "times", "sender", "peer", "code", "said")
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_NEWEST, (limit,))).fetchall()
        return [Attack(**dict(zip(names, row, strict=True))) for row in rows]
