"""The trail on a running node: collection entered by the minute, checkpoints sealed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.checkpoints import Checkpoint, sealed
from morina.accountability.signing import SignatureError, Signer
from morina.accountability.trail import NODE, Act, Deed, What
from morina.plates import Plate
from morina.records import Disputed, ReadStore
from morina.sense import Read
from morina.wiring.ending import ended

log = logging.getLogger(__name__)

OUTAGES = (psycopg.Error, PoolTimeout, OSError, SignatureError)
WINDOW_S = 60.0
SEALED_EVERY_S = 60.0


@dataclass(slots=True)
class _Window:
    """What was collected since ``since``."""

    since: datetime
    count: int = 0
    first: str = ""
    last: str = ""

    def deed(self, step: str) -> Deed:
        ids = tuple(dict.fromkeys(one for one in (self.first, self.last) if one))
        what = What("reads", ids, f"{step} {self.since.isoformat()}", self.count)
        return Deed(act=Act.COLLECTION, what=what, who=NODE)


@dataclass(slots=True)
class Collecting:
    """Reads kept, counted by the minute.

    A window is entered before its first read is kept, so no read is kept without an entry, and
    closed with its count, first and last read. One that is not closed says that the node was ended
    within it. The live path waits for the database once a minute, for the window's entry.
    """

    trail: PostgresTrailReader
    _window: _Window | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def begin(self, now: datetime) -> None:
        """Have a window open; to be called before reads are kept. ConnectionError."""
        if self._is_open(now):
            return
        async with self._turn:
            if self._is_open(now):
                return
            fresh = _Window(now)
            closed = [self._window.deed("closed, of")] if self._window else []
            await self.trail.enter(*closed, fresh.deed("opened"))
            self._window = fresh

    def kept(self, reads: Sequence[Read]) -> None:
        """Count what was kept."""
        if reads and self._window:
            self._window.count += len(reads)
            self._window.first = self._window.first or str(reads[0].read_id)
            self._window.last = str(reads[-1].read_id)

    async def close(self) -> None:
        """Enter what was collected; the next read opens a window of its own."""
        async with self._turn:
            window, self._window = self._window, None
            if window:
                await self.trail.enter(window.deed("closed, of"))

    async def follow(self) -> None:
        """For ever: close windows nothing more came into."""
        while True:
            await asyncio.sleep(WINDOW_S)
            try:
                await self.close()
            except OUTAGES as outage:
                log.warning("what was collected is not entered (%s)", str(outage)[:200])

    def _is_open(self, now: datetime) -> bool:
        return self._window is not None and (now - self._window.since).total_seconds() < WINDOW_S


@dataclass(frozen=True, slots=True)
class EnteredReads:
    """The role ReadStore over ``records``: what it keeps is entered as collected."""

    records: ReadStore
    collecting: Collecting

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """See ReadStore; ConnectionError where it cannot be entered."""
        await self.collecting.begin(now)
        await self.records.keep(reads, now)
        self.collecting.kept(reads)

    async def correct(self, read: Read, plate: Plate | None, by: str, now: datetime) -> None:
        """See ReadStore; entered before it is done, as the records are another database."""
        what = What("read", (str(read.read_id),), "corrected")
        await self.collecting.trail.enter(Deed(act=Act.ALTERATION, what=what, who=by))
        await self.records.correct(read, plate, by, now)

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """See ReadStore."""
        return await self.records.latest(limit, since)

    async def count(self) -> int:
        """See ReadStore."""
        return await self.records.count()

    async def disputed(self, since: datetime) -> dict[str, Disputed]:
        """See ReadStore."""
        return await self.records.disputed(since)


async def seal(
    trail: PostgresTrailReader, kept: FolderCheckpoints, signer: Signer
) -> Checkpoint | None:
    """Seal what was entered since the last checkpoint; the newest, None where nothing ever was."""
    last = await asyncio.to_thread(kept.newest)
    hashes = await trail.hashes_after(last.last if last else 0)
    if not hashes:
        return last
    made = sealed(hashes, last, signer, datetime.now(UTC))
    return made if kept.keep(made) else await asyncio.to_thread(kept.newest)


def checkpoints_of(home: Path) -> FolderCheckpoints:
    """Where a node keeps its checkpoints."""
    return FolderCheckpoints(home / "trail" / "checkpoints")


@asynccontextmanager
async def trail_of(
    pool: AsyncConnectionPool, home: Path, signer: Signer
) -> AsyncIterator[tuple[PostgresTrailReader, Collecting]]:
    """The trail of a node, sealed while the context lasts and once more at its end."""
    reader, kept = PostgresTrailReader(pool), checkpoints_of(home)
    collecting = Collecting(reader)
    running = [
        asyncio.create_task(_seal_for_ever(reader, kept, signer)),
        asyncio.create_task(collecting.follow()),
    ]
    try:
        yield reader, collecting
    finally:
        await ended(running)
        await _at_the_end(collecting, reader, kept, signer)


async def _at_the_end(
    collecting: Collecting, reader: PostgresTrailReader, kept: FolderCheckpoints, signer: Signer
) -> None:
    try:
        async with asyncio.timeout(5):
            await collecting.close()
            await seal(reader, kept, signer)
    except (*OUTAGES, TimeoutError) as outage:
        log.warning("the end of the trail is not sealed (%s)", str(outage)[:200])


async def _seal_for_ever(
    reader: PostgresTrailReader, kept: FolderCheckpoints, signer: Signer
) -> None:
    while True:
        try:
            await seal(reader, kept, signer)
        except OUTAGES as outage:
            log.error("the trail is not sealed (%s); look at trail/checkpoints", str(outage)[:200])
        await asyncio.sleep(SEALED_EVERY_S)
