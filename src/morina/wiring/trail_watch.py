"""A node checks its own trail, each day and at a bounded rate, and says so where it does not hold.

What was found is entered as `morina audit verify` enters it, so that the page of the trail, the
metrics and the node's health tell it, after a restart as well.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.digests import Digests
from morina.accountability.oversight import Checked
from morina.accountability.signing import PublicKey
from morina.accountability.trail import Entry
from morina.accountability.trail_check import Found, Verified
from morina.accountability.trail_walk import TrailWalk
from morina.desk.oversight import Chain
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.repeating import every
from morina.wiring.trail import checkpoints_of
from morina.wiring.trail_chain import enter_check

log = logging.getLogger(__name__)

AT_ONCE = 500
LOOK_AGAIN_AFTER_S = 60.0


@dataclass(slots=True)
class TrailWatch:
    """The daily check. ``per_s`` is the most entries checked a second; ``last`` is what the last
    check found, whoever made it, None before one was made."""

    pool: AsyncConnectionPool
    points: FolderCheckpoints
    key: PublicKey
    per_s: int
    last: Checked | None = None

    async def check(self) -> Verified:
        """Check all of it once and enter what was found. psycopg.Error, OSError, SignatureError.

        Checkpoints are read first: what is entered meanwhile is more than they hold.
        """
        walk = TrailWalk(await asyncio.to_thread(self.points.all), self.key)
        reader = PostgresTrailReader(self.pool)
        after, until = 0, await reader.last_number()
        while after < until:
            began = time.monotonic()
            entries, after = await reader.part(after, AT_ONCE)
            if not entries:
                break
            await asyncio.to_thread(walk.take, entries)
            walk.add(await self._named_by(entries))
            await asyncio.sleep(max(0.0, len(entries) / self.per_s - (time.monotonic() - began)))
        outcome = walk.end()
        await enter_check(reader, outcome)
        self._tell(outcome)
        return outcome

    async def follow(self, chain: Chain, every_s: float) -> None:
        """For ever: check where the last check is ``every_s`` ago."""

        async def look() -> None:
            self.last = await chain.checked()
            if self._is_due(every_s):
                await self.check()
                self.last = await chain.checked()

        await every(min(LOOK_AGAIN_AFTER_S, every_s), look, "the trail could not be checked")

    def said(self) -> str | None:
        """What the node's health says of it; None before the first check."""
        if self.last is None:
            return None
        if not self.last.found:
            return "up"
        return f"does not hold ({self.last.found[0]}); on the node: morina audit verify"

    def _is_due(self, every_s: float) -> bool:
        if self.last is None:
            return True
        return (datetime.now(UTC) - self.last.at).total_seconds() >= every_s

    async def _named_by(self, entries: Sequence[Entry | None]) -> list[Found]:
        digests = Digests.of(entries)
        numbers = digests.asked.keys() | digests.ended.keys()
        kept = await PostgresOverseen(self.pool).numbered(numbers) if numbers else []
        return list(digests.of_part(kept))

    def _tell(self, outcome: Verified) -> None:
        if outcome.found:
            log.error(
                "THE TRAIL DOES NOT HOLD, %s faults; the first at entry %s; "
                "run: morina audit verify",
                len(outcome.found), outcome.found[0],
            )  # fmt: skip


@asynccontextmanager
async def watched_trail(
    settings: Settings, pool: AsyncConnectionPool, home: Path, chain: Chain
) -> AsyncIterator[TrailWatch]:
    """The watch, at work while the context lasts where the settings have the trail checked."""
    watch = TrailWatch(pool, checkpoints_of(home), chain.key, settings.oversight.trail_check_per_s)
    hours = settings.oversight.trail_check_hours
    running = [asyncio.create_task(watch.follow(chain, hours * 3600))] if hours else []
    try:
        yield watch
    finally:
        await ended(running)
