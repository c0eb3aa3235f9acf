"""Sorties that fly: what is recorded of them is written down as it comes."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Trail, What
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.sortie_rows import (
    KEEP_MOMENT,
    KEEP_TRACK,
    SORTIE,
    moment_row,
    sortie_of,
    track_row,
)
from morina.sense.aerial.adapters.sortie_steps import KIND, entered, locked, received, step_on
from morina.sense.aerial.adapters.sortie_tracks import withdrawn
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie, SortieState, SortieStep
from morina.sense.aerial.sources.told import Told
from morina.sense.aerial.track import Track

_FLYING = f"{SORTIE} WHERE state = 'flying' AND airframe = %s ORDER BY made_at DESC LIMIT 1"
_LIES = "SELECT kept_as FROM sortie_file WHERE sortie_id = %s AND kind = 'video' AND sha256 = ''"
_FILE = """
INSERT INTO sortie_file (sortie_id, kind, name, kept_as, bytes, sha256)
VALUES (%s, %s, %s, %s, 0, '')"""
_WHOLE = """
UPDATE sortie_file SET bytes = %s, sha256 = %s WHERE sortie_id = %s AND sha256 = ''"""
_NOTHING = "DELETE FROM sortie_file WHERE sortie_id = %s AND sha256 = ''"
_COUNTED = """
UPDATE sortie SET looked = looked + %s, skipped = skipped + %s, width = %s, height = %s
WHERE sortie_id = %s"""
_SEEN = "SELECT coalesce(max(frame) + 1, 0), coalesce(max(at_s), 0) FROM sortie_moment WHERE sortie_id = %s"  # noqa: E501
_FAULTY = "UPDATE sortie SET fault = %s WHERE sortie_id = %s AND state = 'flying'"
_GOES_ON = """
UPDATE sortie SET fault = '', seconds = %(seconds)s, ended_at = %(now)s, source = %(source)s,
    began_at = coalesce(began_at, %(now)s - %(seconds)s * interval '1 second')
WHERE sortie_id = %(id)s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is new of a live look: tracks as they are now, those that were none after all, and how
    many pictures were looked at and passed over since the last. ``size`` of a picture, across and
    down; (0, 0) before there is one."""

    tracks: Sequence[Track] = ()
    gone: Sequence[UUID] = ()
    looked: int = 0
    skipped: int = 0
    size: tuple[int, int] = (0, 0)


class PostgresLive:
    """For recorders of live video; ``pool`` is opened and closed by the caller."""

    def __init__(
        self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection], files: SortieFolder,
        keep_days: int,
    ) -> None:  # fmt: skip
        self._pool, self._trail, self._files = pool, trail, files
        self._keep = timedelta(days=keep_days)

    async def flying(self, airframe: str) -> Sortie | None:
        """The newest that flies on an airframe; None where none does."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(_FLYING, (airframe,))).fetchone()
            return sortie_of(row) if row else None

    async def begin(self, sortie_id: UUID) -> Path:
        """Where it is recorded to: the same file again where a recorder was cut off."""
        async with self._pool.connection() as connection:
            await locked(connection, sortie_id)
            row = await (await connection.execute(_LIES, (sortie_id,))).fetchone()
            kept_as = row[0] if row else f"{uuid4().hex}.ts"
            if row is None:
                rows = [(sortie_id, kind, "live.ts", kept_as) for kind in ("video", "telemetry")]
                await connection.cursor().executemany(_FILE, rows)
        file = self._files.file(sortie_id, kept_as)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return file

    async def seen(self, sortie_id: UUID) -> tuple[int, float]:
        """The number the next moment has, and the time of the last."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SEEN, (sortie_id,))).fetchone()
            return (int(row[0]), float(row[1])) if row else (0, 0.0)

    async def keep(self, sortie_id: UUID, moments: Sequence[Moment], source: str) -> bool:
        """Write down moments; False, and nothing is, where it flies no more."""
        async with self._pool.connection() as connection:
            if await _in_the_air(connection, sortie_id) is None:
                return False
            if moments:
                rows = [moment_row(sortie_id, one) for one in moments]
                await connection.cursor().executemany(KEEP_MOMENT, rows)
                said = {
                    "seconds": moments[-1].at_s, "now": datetime.now(UTC), "id": sortie_id,
                    "source": source,
                }  # fmt: skip
                await connection.execute(_GOES_ON, said)
        return True

    async def faulty(self, sortie_id: UUID, fault: str) -> None:
        """Say on one that flies why it is not recorded, until more of it is kept."""
        async with self._pool.connection() as connection:
            await connection.execute(_FAULTY, (fault, sortie_id))

    async def keep_found(self, sortie_id: UUID, found: Found) -> bool:
        """Write down what was found live, a track again as it is now; False, and nothing is, where
        it flies no more."""
        async with self._pool.connection() as connection:
            sortie = await _in_the_air(connection, sortie_id)
            if sortie is None:
                return False
            rows = [track_row(replace(one, live=True)) for one in found.tracks if one.points]
            if rows:
                await connection.cursor().executemany(KEEP_TRACK, rows)
            await withdrawn(connection, sortie_id, found.gone)
            size = found.size if all(found.size) else (sortie.width, sortie.height)
            counted = (found.looked, found.skipped, *size, sortie_id)
            await connection.execute(_COUNTED, counted)
        return True

    async def end(self, sortie_id: UUID, file: Path) -> None:
        """The recording is whole: it is queued where nobody did that, or let go where it is empty
        or its sortie is forgotten."""
        size = file.stat().st_size if file.exists() else 0
        digest = await asyncio.to_thread(_digest, file) if size else ""
        async with self._pool.connection() as connection:
            try:
                sortie = await locked(connection, sortie_id)
            except LookupError:
                file.unlink(missing_ok=True)
                return
            if not size:
                await connection.execute(_NOTHING, (sortie_id,))
                file.unlink(missing_ok=True)
                return
            await connection.execute(_WHOLE, (size, digest, sortie_id))
            if sortie.state is SortieState.FLYING:
                await self._queue(connection, sortie, digest)

    async def _queue(self, connection: AsyncConnection, sortie: Sortie, digest: str) -> None:
        now = datetime.now(UTC)
        told = Told(source=sortie.source, seconds=sortie.seconds, began_at=sortie.began_at)
        fresh = received(sortie, told, now, self._keep) | {"clocked": sortie.clocked}
        await step_on(connection, sortie, SortieStep.RECEIVE, fresh)
        what = What(KIND, (str(sortie.sortie_id),), "recorded", digest=digest)
        await entered(self._trail, connection, what, SortieStep.RECEIVE, (NODE, now))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


async def _in_the_air(connection: AsyncConnection, sortie_id: UUID) -> Sortie | None:
    """It, locked until the transaction ends; None where it is not there or flies no more."""
    try:
        sortie = await locked(connection, sortie_id)
    except LookupError:
        return None
    return sortie if sortie.state is SortieState.FLYING else None
