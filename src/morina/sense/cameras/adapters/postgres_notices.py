"""Technicians' notices in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.sense.cameras.condition import Fault, Finding
from morina.sense.cameras.notices import NoSuchNoticeError, Notice, followed

_ALL = """
SELECT notice_id, camera_id, fault, found, first_seen_at, last_seen_at, opened_at,
    acknowledged_at, acknowledged_by, closed_at
FROM camera_notice"""
_UNCLOSED = f"{_ALL} WHERE closed_at IS NULL ORDER BY first_seen_at, camera_id, fault"
_OF_CAMERA = f"{_ALL} WHERE camera_id = %s AND closed_at IS NULL FOR UPDATE"
_EVER_OPENED = f"""
{_ALL} WHERE camera_id = %s AND opened_at IS NOT NULL ORDER BY opened_at DESC LIMIT %s"""
_PUT = """
INSERT INTO camera_notice (notice_id, camera_id, fault, found, first_seen_at, last_seen_at,
    opened_at, acknowledged_at, acknowledged_by, closed_at)
SELECT %(notice_id)s, camera_id, %(fault)s, %(values)s, %(first_seen_at)s, %(last_seen_at)s,
    %(opened_at)s, %(acknowledged_at)s, %(acknowledged_by)s, %(closed_at)s
FROM camera WHERE camera_id = %(camera_id)s
ON CONFLICT (notice_id) DO UPDATE SET
    found = excluded.found, last_seen_at = excluded.last_seen_at,
    opened_at = excluded.opened_at, closed_at = excluded.closed_at"""
_FORGET = "DELETE FROM camera_notice WHERE notice_id = ANY(%s)"
_ACKNOWLEDGE = """
UPDATE camera_notice SET
    acknowledged_at = coalesce(acknowledged_at, %(now)s),
    acknowledged_by = CASE WHEN acknowledged_by = '' THEN %(by)s ELSE acknowledged_by END
WHERE notice_id = %(notice_id)s AND opened_at IS NOT NULL AND closed_at IS NULL
RETURNING *"""


class PostgresNotices:
    """The role Notices. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def take(self, camera_id: str, found: Sequence[Finding], now: datetime) -> list[Notice]:
        """See Notices."""
        async with self._pool.connection() as connection:
            before = await _notices(connection, _OF_CAMERA, (camera_id,))
            after = followed(before, camera_id, found, now)
            kept = {notice.notice_id for notice in after}
            gone = [one.notice_id for one in before if one.notice_id not in kept]
            if gone:
                await connection.execute(_FORGET, (gone,))
            await connection.cursor().executemany(_PUT, [_row(notice) for notice in after])
        return [notice for notice in after if notice.closed_at is None]

    async def unclosed(self) -> list[Notice]:
        """See Notices."""
        async with self._pool.connection() as connection:
            return await _notices(connection, _UNCLOSED, ())

    async def of_camera(self, camera_id: str, limit: int = 50) -> list[Notice]:
        """See Notices."""
        async with self._pool.connection() as connection:
            return await _notices(connection, _EVER_OPENED, (camera_id, limit))

    async def acknowledge(self, notice_id: UUID, by: str, now: datetime) -> Notice:
        """See Notices."""
        asked = {"notice_id": notice_id, "by": by, "now": now}
        async with self._pool.connection() as connection:
            found = await _notices(connection, _ACKNOWLEDGE, asked)
        if not found:
            raise NoSuchNoticeError("that notice is not open; look at the camera's page again")
        return found[0]


async def _notices(
    connection: AsyncConnection, query: str, keys: tuple[object, ...] | dict[str, object]
) -> list[Notice]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(query, keys)).fetchall()
    return [_notice(row) for row in rows]


def _notice(row: dict[str, Any]) -> Notice:
    named = {name: value for name, value in row.items() if name not in ("found", "fault")}
    return Notice(**named, fault=Fault(row["fault"]), values=row["found"])


def _row(notice: Notice) -> dict[str, object]:
    return asdict(notice) | {"values": Jsonb(dict(notice.values)), "fault": notice.fault.value}
