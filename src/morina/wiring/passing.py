"""Cameras of which only hits are kept: matched while in memory, then forgotten or kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from morina.records import ImageStore
from morina.records.unkept import Counting, UnkeptHours
from morina.sense import Read
from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.passing import Forgets, Passing, PassingRead, forgets_none
from morina.watch import Hotlists

log = logging.getLogger(__name__)

WRITTEN_DOWN_EVERY_S = 10.0
TRY_AGAIN_AFTER_S = 0.5


@dataclass(slots=True)
class OnlyHits:
    """Tells hits from all else, and counts all. ``hours`` is where counts are written down."""

    hours: UnkeptHours
    images: ImageStore
    passing: Passing
    forgets: Forgets = forgets_none
    _counting: Counting = field(default_factory=Counting)

    def of(self, reads: Sequence[Read], hotlists: Hotlists, now: datetime) -> list[Read]:
        """What of these may be kept. The others are counted, and nobody may keep them."""
        kept = []
        for read in reads:
            if not self.forgets(read.camera_id):
                kept.append(read)
                continue
            self._counting.count(read, now)
            if hotlists.match(read):
                kept.append(read)
        return kept

    async def follow(
        self, hotlists: Hotlists, keep: Callable[[Sequence[Read]], Awaitable[bool]]
    ) -> None:
        """For ever: match what passes, keep hits with their pictures, count all."""
        async for batch in self.passing.passing():
            now = datetime.now(UTC)
            hits = [one for one in batch.items if hotlists.match(one.read)]
            for one in batch.items:
                self._counting.count(one.read, now)
            if hits:
                reads = [await self._pictured(one) for one in hits]
                while not await keep(reads):
                    await asyncio.sleep(TRY_AGAIN_AFTER_S)
            with suppress(*NATS_OUTAGES):
                await batch.acknowledge()

    async def write_down(self) -> None:
        """For ever: write the counts down."""
        while True:
            await asyncio.sleep(WRITTEN_DOWN_EVERY_S)
            counts = self._counting.taken()
            try:
                await self.hours.add(counts)
            except ClickHouseError as outage:
                self._counting.put_back(counts)
                log.warning("counts are not written down yet: %s", str(outage)[:200])

    async def _pictured(self, hit: PassingRead) -> Read:
        """The read of a hit, its pictures kept; without evidence where one of them is gone."""
        for image in hit.pictures.values():
            await self.images.put(image)
        evidence = hit.read.evidence
        if evidence is None:
            return hit.read
        for name in {evidence.overview, evidence.patch}:
            if not await self.images.has(name):
                return replace(hit.read, evidence=None)
        return hit.read
