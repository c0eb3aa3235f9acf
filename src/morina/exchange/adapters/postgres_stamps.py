"""RFC 3161 stamps of the head of the trail, in PostgreSQL.

Every message in or out is entered in the trail by its digest, so a stamp of the trail's newest hash
is one of every message before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg_pool import AsyncConnectionPool

_HEAD = "SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1"
_LAST = "SELECT number, at FROM exchange_stamp ORDER BY number DESC LIMIT 1"
_KEEP = """
INSERT INTO exchange_stamp (number, head, at, url, token) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""
_SINCE = "SELECT min(at) FROM trail WHERE number > %s"


class Head(NamedTuple):
    """The newest entry of the trail."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class PostgresStamps:
    """Keeps stamps; ``alarm_after`` None where none are wanted."""

    pool: AsyncConnectionPool
    alarm_after: timedelta | None = None

    async def unstamped(self) -> Head | None:
        """The head, where it has no stamp yet."""
        async with self.pool.connection() as connection:
            head = await (await connection.execute(_HEAD)).fetchone()
            last = await (await connection.execute(_LAST)).fetchone()
        return Head(*head) if head and (last is None or head[0] > last[0]) else None

    async def keep(self, head: Head, url: str, token: bytes, now: datetime) -> None:
        """Keep the answer of the authority as it came."""
        async with self.pool.connection() as connection:
            await connection.execute(_KEEP, (head.number, head.hash, now, url, token))

    async def troubles(self, now: datetime) -> Sequence[str]:
        """That something has had no stamp for too long. Traffic goes on."""
        if self.alarm_after is None:
            return []
        async with self.pool.connection() as connection:
            last = await (await connection.execute(_LAST)).fetchone()
            row = await (await connection.execute(_SINCE, (last[0] if last else 0,))).fetchone()
        since = row[0] if row else None
        if since is None or now - since <= self.alarm_after:
            return []
        return [
            f"nothing of the trail since {since:%Y-%m-%d %H:%M} UTC has a timestamp; see whether"
            " exchange.timestamp_url answers. Messages pass as before"
        ]
