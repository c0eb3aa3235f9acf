"""The newest state of each followed camera's source, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from morina.sense.cameras import SourceState

_KEEP = """
INSERT INTO camera_state (camera_id, reported_at, connected_at, last_frame_at, frames_per_s,
    frames, dropped, connections, last_error, last_error_at, light, spread)
SELECT camera_id, %(reported_at)s, %(connected_at)s, %(last_frame_at)s, %(frames_per_s)s,
    %(frames)s, %(dropped)s, %(connections)s, %(last_error)s, %(last_error_at)s, %(light)s,
    %(spread)s
FROM camera WHERE camera_id = %(camera_id)s
ON CONFLICT (camera_id) DO UPDATE SET
    reported_at = excluded.reported_at, connected_at = excluded.connected_at,
    last_frame_at = excluded.last_frame_at, frames_per_s = excluded.frames_per_s,
    frames = excluded.frames, dropped = excluded.dropped, connections = excluded.connections,
    last_error = excluded.last_error, last_error_at = excluded.last_error_at,
    light = excluded.light, spread = excluded.spread"""
_ALL = """
SELECT camera_id, reported_at, connected_at, last_frame_at, frames_per_s, frames, dropped,
    connections, last_error, last_error_at, light, spread FROM camera_state"""


class PostgresStates:
    """The role CameraStates. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def keep(self, states: Sequence[SourceState]) -> None:
        """See CameraStates."""
        async with self._pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(_KEEP, [asdict(state) for state in states])

    async def states(self) -> dict[str, SourceState]:
        """See CameraStates."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(SourceState))
            await cursor.execute(_ALL)
            return {state.camera_id: state for state in await cursor.fetchall()}
