"""Arrivals of the last hour in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg_pool import AsyncConnectionPool

from morina.sense import Capture
from morina.sense.cameras.adapters import sql_pushing as sql
from morina.sense.cameras.arrivals import Arrival


class PostgresPending:
    """The role Pending. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def find(self, camera_id: str, key: str, since: datetime) -> Arrival | None:
        """See Pending."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(sql.FIND, (camera_id, key, since))).fetchone()
        return _arrival(row) if row else None

    async def put(self, arrival: Arrival) -> None:
        """See Pending."""
        capture = msgspec.json.encode(arrival.capture)
        row = (
            arrival.capture.camera_id,
            arrival.key,
            capture,
            arrival.final,
            arrival.due_at,
            arrival.touched_at,
        )
        async with self._pool.connection() as connection:
            await connection.execute(sql.PUT_ARRIVAL, row)

    async def due(self, now: datetime) -> list[Arrival]:
        """See Pending."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(sql.DUE, (now,))).fetchall()
        return [_arrival(row) for row in rows]

    async def forget(self, before: datetime) -> None:
        """See Pending."""
        async with self._pool.connection() as connection:
            await connection.execute(sql.FORGET, (before,))


def _arrival(row: Sequence[Any]) -> Arrival:
    key, capture, final, due_at, touched_at = row
    return Arrival(
        key=key,
        capture=msgspec.json.decode(bytes(capture), type=Capture),
        final=final,
        due_at=due_at,
        touched_at=touched_at,
    )
