"""Which process follows which camera, in PostgreSQL."""

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.sealing import Sealing
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.sealed_sources import SealedSources
from morina.sense.cameras.groups import shared_out

_FILMING = """
SELECT camera_id, number FROM camera LEFT JOIN camera_group USING (camera_id)
WHERE source <> '' ORDER BY camera_id FOR UPDATE OF camera"""
_MEMBERS = """
SELECT camera_id, name, site, latitude, longitude, bearing, source
FROM camera JOIN camera_group USING (camera_id) WHERE number = %s ORDER BY camera_id"""
_CHANGE = """
INSERT INTO camera_group (camera_id, number) VALUES (%s, %s)
ON CONFLICT (camera_id) DO UPDATE SET number = excluded.number"""
_FORGET = "DELETE FROM camera_group WHERE camera_id <> ALL(%s)"


class PostgresGroups:
    """The role CameraGroups. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def share_out(self, size: int) -> set[int]:
        """See CameraGroups."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_FILMING)).fetchall()
            now = {camera: number for camera, number in rows if number is not None}
            groups = shared_out([camera for camera, _ in rows], now, size)
            changed = [(c, n) for c, n in groups.items() if now.get(c) != n]
            await connection.execute(_FORGET, (list(groups),))
            async with connection.cursor() as cursor:
                await cursor.executemany(_CHANGE, changed)
        return set(groups.values())


class PostgresGroup:
    """The cameras of one group: the role Watched."""

    def __init__(
        self, pool: AsyncConnectionPool, number: int, sealing: Sealing | None = None
    ) -> None:
        self._pool = pool
        self._number = number
        self._sources = SealedSources(sealing)

    async def cameras(self) -> list[Camera]:
        """See Watched."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_MEMBERS, (self._number,))).fetchall()
        return [self._sources.camera(row) for row in rows]
