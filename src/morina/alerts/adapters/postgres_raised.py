"""The plates of alerts that were raised since a moment, in the order they were raised."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

_AFTER = """
SELECT alert_id, raised_at, text, listed -> 'listing' -> 'plate' ->> 'text' FROM alert
WHERE (raised_at, alert_id) > (%s, %s) ORDER BY raised_at, alert_id LIMIT %s"""
_FIRST = UUID(int=0)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """One alert: when it was raised, and its plates as read and as listed."""

    alert_id: UUID
    raised_at: datetime
    plates: frozenset[str]


@dataclass(frozen=True, slots=True)
class PostgresRaised:
    """Reads them, ``at_once`` a statement. ``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    at_once: int = AT_ONCE

    async def since(self, since: datetime) -> AsyncIterator[RaisedAlert]:
        """All raised at that moment or later, however many; forgotten ones have no plates."""
        after = (since, _FIRST)
        while True:
            async with self.pool.connection() as connection:
                found = await connection.execute(_AFTER, (*after, self.at_once))
                rows = await found.fetchall()
            for alert_id, raised_at, *texts in rows:
                yield RaisedAlert(alert_id, raised_at, frozenset(filter(None, texts)))
            if len(rows) < self.at_once:
                return
            after = (rows[-1][1], rows[-1][0])
