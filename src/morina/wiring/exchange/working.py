"""The exchange's work: for each partner its own tasks, woken at once when something is kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from psycopg_pool import PoolTimeout

from morina.exchange.adapters.postgres_pairs import CHANNEL
from morina.exchange.parties import Partners
from morina.wiring.ending import ended

log = logging.getLogger(__name__)

OUTAGES = (ConnectionError, PoolTimeout, psycopg.Error, OSError)
LOOK_EVERY_S = 1.0
TRY_AGAIN_AFTER_S = 2.0

Job = Callable[[str], Awaitable[float | None]]
"""One step for a partner; seconds until the next, 0 at once, None where nothing waits."""


@dataclass(slots=True)
class Working:
    """Does every job for every partner of the directory; none waits for another."""

    node_id: str
    partners: Partners
    jobs: Sequence[tuple[str, Job]]
    """Each with the way it looks: OUT, what waits for a partner; IN, what came from one."""
    _events: dict[str, dict[str, asyncio.Event]] = field(init=False, default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)

    async def follow(self) -> None:
        """For ever; ends its tasks where it is cancelled."""
        try:
            while True:
                with suppress(*OUTAGES):
                    await self._meet()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            await ended(self._tasks)

    async def listen(self, dsn: str) -> None:
        """For ever: wake whoever works for a partner when the database says that something was
        kept. Where it cannot, the work looks by itself every second."""
        while True:
            with suppress(*OUTAGES):
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as heard:
                    await heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    for events in self._events.values():
                        for event in events.values():
                            event.set()
                    async for told in heard.notifies():
                        self.wake(*told.payload.partition(" ")[::2])
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    def wake(self, way: str, partner: str) -> None:
        """Look at once."""
        if event := self._events.get(partner, {}).get(way):
            event.set()

    async def _meet(self) -> None:
        """Begin to work for partners that are new in the directory."""
        for one in await self.partners.parties():
            if one.node_id == self.node_id or one.node_id in self._events:
                continue
            events = {way: asyncio.Event() for way, _ in self.jobs}
            self._events[one.node_id] = events
            for way, job in self.jobs:
                self._tasks.append(asyncio.create_task(_work(job, one.node_id, events[way])))


async def _work(job: Job, partner: str, woken: asyncio.Event) -> None:
    while True:
        woken.clear()
        try:
            pause = await job(partner)
        except OUTAGES as outage:
            log.warning("the exchange with %s waits: %s", partner, outage)
            pause = TRY_AGAIN_AFTER_S
        except Exception:
            # Broad on purpose: whatever the work for one partner meets, it must go on.
            log.exception("the exchange with %s waits", partner)
            pause = 10 * TRY_AGAIN_AFTER_S
        if pause == 0:
            continue
        with suppress(TimeoutError):
            longest = LOOK_EVERY_S if pause is None else pause
            async with asyncio.timeout(min(longest, 10 * TRY_AGAIN_AFTER_S)):
                await woken.wait()
