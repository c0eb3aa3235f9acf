"""Cameras in PostgreSQL."""

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.sealing import Sealing
from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.cameras import Camera, NoSuchCameraError
from morina.sense.cameras.adapters.sealed_sources import SealedSources
from morina.sense.cameras.reach import ANYWHERE, Reach
from morina.sense.cameras.sources import restored

_ALL = "SELECT camera_id, name, site, latitude, longitude, bearing, source FROM camera"
_PUT = """
INSERT INTO camera (camera_id, name, site, latitude, longitude, bearing, source)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (camera_id) DO UPDATE SET
    name = excluded.name, site = excluded.site, latitude = excluded.latitude,
    longitude = excluded.longitude, bearing = excluded.bearing, source = excluded.source"""


class PostgresCameras:
    """The role CameraRegistry. ``pool`` is opened and closed by the caller.

    Sources are kept under ``sealing``: a copy of the database alone tells no camera's password.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        trail: Trail[AsyncConnection],
        sealing: Sealing | None = None,
        reach: Reach = ANYWHERE,
    ) -> None:
        self._pool = pool
        self._reach = reach
        self._trail = trail
        self._sources = SealedSources(sealing)

    async def cameras(self) -> list[Camera]:
        """All cameras, by id."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(f"{_ALL} ORDER BY camera_id")).fetchall()
        return [self._sources.camera(row) for row in rows]

    async def camera(self, camera_id: str) -> Camera:
        """One camera; NoSuchCameraError."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(f"{_ALL} WHERE camera_id = %s", (camera_id,))
            found = await cursor.fetchone()
        if found is None:
            raise _no_such(camera_id)
        return self._sources.camera(found)

    async def put(self, camera: Camera) -> None:
        """See CameraRegistry."""
        async with self._pool.connection() as connection:
            kept = await connection.execute(
                "SELECT source FROM camera WHERE camera_id = %s FOR UPDATE", (camera.camera_id,)
            )
            (sealed,) = await kept.fetchone() or ("",)
            source = restored(camera.source, self._sources.opened(camera.camera_id, sealed))
            if source:
                self._reach.refuse(source)
            await connection.execute(
                _PUT,
                (
                    camera.camera_id,
                    camera.name,
                    camera.site,
                    camera.latitude,
                    camera.longitude,
                    camera.bearing,
                    self._sources.sealed(camera.camera_id, source),
                ),
            )
            await self._enter(connection, camera.camera_id, "put")

    async def seal_all(self) -> int:
        """Seal the sources an older node kept openly; how many there were."""
        async with self._pool.connection() as connection:
            return await self._sources.seal_all(connection)

    async def remove(self, camera_id: str) -> None:
        """Remove a camera; its reads stay. NoSuchCameraError."""
        async with self._pool.connection() as connection:
            gone = await connection.execute("DELETE FROM camera WHERE camera_id = %s", (camera_id,))
            if gone.rowcount == 0:
                raise _no_such(camera_id)
            await self._enter(connection, camera_id, "removed")

    async def _enter(self, connection: AsyncConnection, camera_id: str, step: str) -> None:
        what = What("camera", (camera_id,), step)
        await self._trail.append(connection, Deed(act=Act.CONFIGURATION, what=what))


def _no_such(camera_id: str) -> NoSuchCameraError:
    return NoSuchCameraError(
        f"no camera is called {camera_id!r}; `morina camera list` shows those there are"
    )
