"""The side of sorties that works them through: which is next, what is found, how it ended."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Trail, What
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.sortie_rows import (
    KEEP_MOMENT,
    KEEP_TRACK,
    moment_row,
    track_row,
)
from morina.sense.aerial.adapters.sortie_steps import KIND, entered, locked, step_on
from morina.sense.aerial.adapters.sortie_tracks import (
    brought_together,
    set_aside,
    withdrawn,
)
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie, SortieState, SortieStep
from morina.sense.aerial.sources.told import Told
from morina.sense.aerial.track import Track

MOST_TRIES = 2
_ONE_WORKER = 0x736F72746965
_NEXT = """
SELECT sortie_id, tries FROM sortie s WHERE state IN ('waiting', 'working')
    AND NOT (received_at > now() - interval '30 seconds' AND EXISTS (
        SELECT FROM sortie_file f WHERE f.sortie_id = s.sortie_id AND f.sha256 = ''))
ORDER BY state = 'working' DESC, received_at, sortie_id LIMIT 1"""
_FILES = "SELECT kind, name, kept_as FROM sortie_file WHERE sortie_id = %s"
_NOT_TRIED = "UPDATE sortie SET tries = greatest(tries - 1, 0) WHERE sortie_id = %s"
_NO_MOMENTS = "DELETE FROM sortie_moment WHERE sortie_id = %s"
_PROGRESS = "UPDATE sortie SET done = greatest(done, %s) WHERE sortie_id = %s"
_VIDEO = "UPDATE sortie SET width = %s, height = %s, frames = %s, frames_per_s = %s, seconds = %s"


class StoppedError(Exception):
    """Somebody ended or forgot the sortie meanwhile; leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One sortie to be worked through; ``video`` None where it has telemetry alone."""

    sortie: Sortie
    telemetry: Path
    telemetry_name: str
    video: Path | None


@dataclass(frozen=True, slots=True)
class Film:
    """What the video is: pixels, pictures, pictures a second."""

    width: int
    height: int
    frames: int
    frames_per_s: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.frames / self.frames_per_s if self.frames_per_s else 0.0


class PostgresSortieWork:
    """For one worker at a time; ``pool`` is opened and closed by the caller."""

    def __init__(
        self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection], files: SortieFolder
    ) -> None:
        self._pool, self._trail, self._files = pool, trail, files

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Waits until no other process works sorties through; one that was killed is let go."""
        async with self._pool.connection() as connection:
            await connection.set_autocommit(True)
            await connection.execute("SELECT pg_advisory_lock(%s)", (_ONE_WORKER,))
            try:
                yield
            finally:
                await connection.execute("SELECT pg_advisory_unlock(%s)", (_ONE_WORKER,))
                await connection.set_autocommit(False)

    async def take_next(self) -> Work | None:
        """The next one, WORKING; what an earlier look found is set aside. None where none waits.
        One whose live recording is being ended is given half a minute.

        One left WORKING by a process that was killed comes first, once more; then it FAILED.
        """
        while True:
            async with self._pool.connection() as connection:
                row = await (await connection.execute(_NEXT)).fetchone()
                if row is None:
                    return None
                sortie = await locked(connection, row[0])
                if work := await self._begun(connection, sortie, row[1]):
                    return work

    async def film(self, sortie_id: UUID, film: Film) -> None:
        """Write down what the video is; StoppedError."""
        async with self._pool.connection() as connection:
            await _working(connection, sortie_id)
            values = (film.width, film.height, film.frames, film.frames_per_s, film.seconds)
            await connection.execute(f"{_VIDEO} WHERE sortie_id = %s", (*values, sortie_id))

    async def keep(
        self, sortie_id: UUID, moments: Sequence[Moment], tracks: Sequence[Track], done: float,
        gone: Sequence[UUID] = (),
    ) -> None:  # fmt: skip
        """Write down what was found up to the share ``done``; a track again as it is now. ``gone``
        are those of before that turned out to be no thing.

        Found twice is kept once. StoppedError.
        """
        async with self._pool.connection() as connection:
            await _working(connection, sortie_id)
            cursor = connection.cursor()
            await cursor.executemany(KEEP_MOMENT, [moment_row(sortie_id, one) for one in moments])
            await cursor.executemany(KEEP_TRACK, [track_row(one) for one in tracks if one.points])
            await withdrawn(connection, sortie_id, gone)
            await connection.execute(_PROGRESS, (min(max(done, 0.0), 1.0), sortie_id))

    async def finish(
        self, sortie_id: UUID, lacks: Sequence[str] = (), told: Told | None = None
    ) -> None:
        """READY; ``lacks`` says what could not be done and why, ``told`` what its telemetry tells
        with what a person states, where that was read. StoppedError."""
        async with self._pool.connection() as connection:
            sortie = await _working(connection, sortie_id)
            await brought_together(connection, sortie_id, ended=True)
            sets = {"done": 1.0, "fault": "", "lacks": list(dict.fromkeys(lacks))}
            sets |= _told(told) if told else {}
            await self._step(connection, sortie, SortieStep.FINISH, sets)

    async def fail(self, sortie_id: UUID, fault: str) -> None:
        """FAILED, with words for whoever looks at it; StoppedError."""
        async with self._pool.connection() as connection:
            sortie = await _working(connection, sortie_id)
            await brought_together(connection, sortie_id, ended=False)
            await self._step(connection, sortie, SortieStep.FAIL, {"fault": fault[:1000]})

    async def put_back(self, sortie_id: UUID) -> None:
        """WAITING again, as if it had not been begun: the node stops. StoppedError."""
        async with self._pool.connection() as connection:
            sortie = await _working(connection, sortie_id)
            await connection.execute(_NOT_TRIED, (sortie_id,))
            await self._step(connection, sortie, SortieStep.RECEIVE, {"done": 0.0})

    async def waiting(self) -> int:
        """How many wait or are being worked through."""
        async with self._pool.connection() as connection:
            count = "SELECT count(*) FROM sortie WHERE state IN ('waiting', 'working')"
            row = await (await connection.execute(count)).fetchone()
            return int(row[0]) if row else 0

    async def _begun(self, connection: AsyncConnection, sortie: Sortie, tries: int) -> Work | None:
        if sortie.state is SortieState.WORKING and tries >= MOST_TRIES:
            fault = (
                "its worker ended twice without a word, likely for want of memory; see "
                "logs/sorties.log, send a smaller video, or raise reading.memory_bytes"
            )
            await self._step(connection, sortie, SortieStep.FAIL, {"fault": fault})
            return None
        if sortie.state is SortieState.WORKING:
            await self._step(connection, sortie, SortieStep.RECEIVE, {})
            return None
        files = await _files(connection, sortie.sortie_id)
        if not self._are_here(sortie, files):
            fault = "its files are not here; take in its video and telemetry again"
            await self._step(connection, sortie, SortieStep.FAIL, {"fault": fault})
            return None
        await connection.execute(_NO_MOMENTS, (sortie.sortie_id,))
        await set_aside(connection, sortie.sortie_id)
        sets = {"tries": tries + 1, "done": 0.0, "fault": ""}
        await self._step(connection, sortie, SortieStep.WORK, sets)
        return self._work(sortie, files)

    def _are_here(self, sortie: Sortie, files: dict[str, dict[str, Any]]) -> bool:
        """A backup holds no video: a restored node has sorties without their files."""
        paths = [self._files.file(sortie.sortie_id, one["kept_as"]) for one in files.values()]
        return "telemetry" in files and all(one.exists() for one in paths)

    def _work(self, sortie: Sortie, files: dict[str, dict[str, Any]]) -> Work:
        telemetry, video = files["telemetry"], files.get("video")
        return Work(
            sortie=sortie,
            telemetry=self._files.file(sortie.sortie_id, telemetry["kept_as"]),
            telemetry_name=telemetry["name"],
            video=self._files.file(sortie.sortie_id, video["kept_as"]) if video else None,
        )

    async def _step(
        self, connection: AsyncConnection, sortie: Sortie, step: SortieStep, sets: dict[str, Any]
    ) -> None:
        await step_on(connection, sortie, step, sets)
        what = What(KIND, (str(sortie.sortie_id),), step.value)
        await entered(self._trail, connection, what, step, (NODE, datetime.now(UTC)))


def _told(told: Told) -> dict[str, Any]:
    """Its notes; and its clock, where it has one."""
    clock = {"began_at": told.began_at, "ended_at": told.ended_at, "clocked": True}
    return {"notes": list(told.notes)} | (clock if told.began_at else {})


async def _working(connection: AsyncConnection, sortie_id: UUID) -> Sortie:
    """The sortie, locked; StoppedError where it is no longer being worked through."""
    try:
        sortie = await locked(connection, sortie_id)
    except LookupError:
        raise StoppedError(f"sortie {sortie_id} is forgotten") from None
    if sortie.state is not SortieState.WORKING:
        raise StoppedError(f"sortie {sortie_id} is {sortie.state.value}")
    return sortie


async def _files(connection: AsyncConnection, sortie_id: UUID) -> dict[str, dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(_FILES, (sortie_id,))).fetchall()
    return {row["kind"]: row for row in rows}
