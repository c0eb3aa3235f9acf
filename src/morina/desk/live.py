"""Tells every open page what just happened."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass

from morina.alerts import Alert
from morina.sense import Read


@dataclass(frozen=True, slots=True)
class AlertChanged:
    """An alert was raised, repeated or moved on; ``new`` only when just raised."""

    alert: Alert
    new: bool


@dataclass(frozen=True, slots=True)
class ReadsKept:
    """These reads were stored a moment ago."""

    reads: tuple[Read, ...]


Event = AlertChanged | ReadsKept


class Live:
    """Hands each event to every listener; a listener that falls behind loses its oldest ones.

    Not thread-safe: call from the event loop only.
    """

    def __init__(self, backlog: int = 256) -> None:
        self._backlog = backlog
        self._queues: set[asyncio.Queue[Event]] = set()

    def show(self, event: Event) -> None:
        """Put an event before all listeners, now."""
        for queue in self._queues:
            if queue.full():
                with suppress(asyncio.QueueEmpty):
                    queue.get_nowait()
            queue.put_nowait(event)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Events from now on, until the caller stops."""
        queue: asyncio.Queue[Event] = asyncio.Queue(self._backlog)
        self._queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)
