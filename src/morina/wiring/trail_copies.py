"""Checkpoints of the trail written outside the home as well, whatever becomes of that folder.

A share may be away, full, or hang for hours. So it is written in a thread of its own that nothing
waits for: no act, no seal, and not the node's end.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future, InvalidStateError
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from morina.accountability.adapters.copied_checkpoints import CopiedCheckpoints
from morina.engines import EngineError
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.trail import SEALED_EVERY_S, checkpoints_of

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 30.0
AT_THE_END_S = 5.0


@dataclass(slots=True)
class TrailCopies:
    """Copies of a node's checkpoints; ``copied`` is None where the settings name no folder."""

    copied: CopiedCheckpoints | None = None
    _said: str | None = None
    _done: Future[None] | None = None

    def said(self) -> str | None:
        """What the node's health says of them; None where none are wanted or none was tried."""
        return self._said

    async def bring(self, within_s: float) -> None:
        """Try once, and wait so long for it. One that hangs is waited for and not begun again."""
        if self.copied is None:
            return
        if self._done is None or self._done.done():
            self._done = Future()
            work = (self.copied, self._done)
            threading.Thread(target=_bring, args=work, name="checkpoints", daemon=True).start()
        await asyncio.wait([asyncio.wrap_future(self._done)], timeout=within_s)
        hangs = f"{self.copied.folder} does not answer; look at the share"
        self._say(self.copied.fault if self._done.done() else hangs)

    async def follow(self) -> None:
        """For ever: bring what was sealed since."""
        while True:
            await self.bring(ANSWERS_WITHIN_S)
            await asyncio.sleep(SEALED_EVERY_S)

    def _say(self, fault: str | None) -> None:
        if fault and fault != self._said:
            log.error("checkpoints of the trail are not where they belong: %s", fault)
        self._said = fault or "up"


@asynccontextmanager
async def trail_copies(settings: Settings, home: Path) -> AsyncIterator[TrailCopies]:
    """The copies, brought while the context lasts and once more at its end: enter it before what
    seals. EngineError where the folder is the home's own."""
    folder = settings.oversight.checkpoints_to
    if folder is None:
        yield TrailCopies()
        return
    if folder.resolve().is_relative_to(home.resolve()):
        raise EngineError(
            f"oversight.checkpoints_to {folder} lies within the home; name a folder elsewhere, "
            "such as one of a mounted share"
        )
    copies = TrailCopies(CopiedCheckpoints(checkpoints_of(home), folder))
    running = asyncio.create_task(copies.follow())
    try:
        yield copies
    finally:
        await ended([running])
        await copies.bring(AT_THE_END_S)


def _bring(copied: CopiedCheckpoints, done: Future[None]) -> None:
    try:
        copied.bring()
    finally:
        with suppress(InvalidStateError):  # who waited has gone
            done.set_result(None)
