"""From the site's stream to the node's: in order, one batch at a time, reads before pictures.

The site's stream is a plain log. What the node has acknowledged is written into the ledger, then
the log is cut up to there; whatever is killed in between, the next start reads on from the ledger.
One batch is under way at a time, so no read can overtake another.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from morina.sense.read import Read
from morina.sense.site.state import Ledger

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
LONGEST_PAUSE_S = 5.0
PICTURES_AT_ONCE = 4


class LinkError(Exception):
    """The node does not answer; what was to be sent stays where it is."""


class RefusedByNodeError(Exception):
    """The node answered and will never take this; the message says why."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The oldest reads of the log, in order; ``last`` is the number of the last of them in it.

    Numbers that are missing were let go, unsent, for want of space.
    """

    reads: tuple[Read, ...]
    last: int


class Outbox(Protocol):
    """The site's own log of reads."""

    async def start(self) -> tuple[str, int]:
        """Which log this is (another one counts anew), and the number before its first read."""

    async def waiting(self, after: int) -> Waiting | None:
        """The oldest reads numbered above ``after``; None when there are none."""

    async def cut(self, upto: int) -> None:
        """Forget the reads up to that number."""


class NodeLink(Protocol):
    """What the node does for a site. LinkError when it does not answer."""

    async def send_reads(self, reads: Sequence[Read]) -> None:
        """Returns once they are durable in the node's stream."""

    async def send_picture(self, sha256: str, picture: bytes) -> None:
        """Returns once the node keeps it; RefusedByNodeError when it never will."""


class WaitingPictures(Protocol):
    """The pictures at the site that the node does not have."""

    def oldest(self, most: int) -> list[str]:
        """Names of waiting pictures, oldest first."""

    async def get(self, sha256: str) -> bytes:
        """The picture of that name; LookupError."""

    def sent(self, sha256: str) -> None:
        """The node has it."""

    def refused(self, sha256: str) -> None:
        """The node will never take it."""


@dataclass(slots=True)
class Forwarder:
    """Sends what waits for as long as it runs. ``offset_s`` is asked at sending."""

    outbox: Outbox
    link: NodeLink
    pictures: WaitingPictures
    ledger: Ledger
    save: Callable[[Ledger], None]
    offset_s: Callable[[], float | None]
    is_wrong: Callable[[float], bool] = lambda _: False
    outages: tuple[type[Exception], ...] = ()
    _linked: bool = True
    _pause_s: float = field(default=LOOK_EVERY_S)

    async def forward(self) -> None:
        """For ever: reads while there are any, then pictures."""
        while True:
            try:
                busy = await self.send_some_reads() or await self.send_some_pictures()
                self._pause_s = LOOK_EVERY_S
                if busy:
                    self._linked = True
                    continue
            except LinkError as outage:
                self._away(outage)
            except self.outages as outage:
                log.warning("the site's own NATS does not answer (%s); trying again", outage)
            await asyncio.sleep(self._pause_s)

    async def send_some_reads(self) -> bool:
        """Send the oldest batch and forget it; whether there was one."""
        await self._know_the_log()
        batch = await self.outbox.waiting(self.ledger.sent_to)
        if batch is None:
            return False
        await self.link.send_reads([self._with_offset(read) for read in batch.reads])
        missing = batch.last - self.ledger.sent_to - len(batch.reads)
        self.ledger.reads_dropped += missing
        self.ledger.reads_sent += len(batch.reads)
        self.ledger.sent_to = batch.last
        self.save(self.ledger)
        await self.outbox.cut(batch.last)
        return True

    async def send_some_pictures(self) -> bool:
        """Send a few of the oldest pictures; whether there were any."""
        names = self.pictures.oldest(PICTURES_AT_ONCE)
        sending = (self._send_picture(name) for name in names)
        for result in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
        return bool(names)

    async def _send_picture(self, name: str) -> None:
        try:
            await self.link.send_picture(name, await self.pictures.get(name))
        except LookupError:
            return  # dropped for want of space in this very moment
        except RefusedByNodeError as refusal:
            log.error("the node refuses picture %s: %s; it is let go", name, refusal)
            self.pictures.refused(name)
            return
        self.ledger.pictures_sent += 1
        self.pictures.sent(name)

    async def _know_the_log(self) -> None:
        incarnation, before = await self.outbox.start()
        if incarnation != self.ledger.stream:
            self.ledger.stream, self.ledger.sent_to = incarnation, before
            self.save(self.ledger)

    def _with_offset(self, read: Read) -> Read:
        offset_s = self.offset_s()
        if read.clock_offset_s is not None or offset_s is None:
            return read
        wrong = read.clock_wrong or self.is_wrong(offset_s)
        return replace(read, clock_offset_s=offset_s, clock_wrong=wrong)

    def _away(self, outage: LinkError) -> None:
        if self._linked:
            log.warning("the node does not answer (%s); reads wait here", outage)
        self._linked = False
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
