"""Counts of passages that a site forgot, on their way to the node: no plate and no picture."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import msgspec

from morina.records.unkept import Counting, Counts
from morina.sense.cameras.passed import Passed
from morina.sense.site import LinkError

log = logging.getLogger(__name__)

SEND_EVERY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedHour:
    """One camera and hour (its beginning)."""

    camera_id: str
    hour: datetime
    passed: Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedHours:
    """What is told together, under a name by which the node knows it when it comes twice."""

    batch: str
    hours: tuple[CountedHour, ...] = ()

    @property
    def counts(self) -> Counts:
        """As they are added."""
        return {(one.camera_id, one.hour): one.passed for one in self.hours}


class Hears(Protocol):
    """The node, as far as it is told."""

    async def tell_counts(self, counted: bytes) -> None:
        """Returns when the node has them; LinkError."""


@dataclass(slots=True)
class CountsToTell:
    """Takes what was counted, keeps it in ``file`` and tells it, one batch at a time.

    What was counted in the last seconds before a kill is lost. ``ever`` is by camera, since the
    start.
    """

    file: Path
    counting: Counting = field(default_factory=Counting)
    ever: dict[str, int] = field(default_factory=dict)
    _waiting: list[CountedHours] = field(default_factory=list)

    def load(self) -> None:
        """What waited when the site ended; nothing where it cannot be read."""
        try:
            self._waiting = msgspec.json.decode(self.file.read_bytes(), type=list[CountedHours])
        except FileNotFoundError:
            return
        except msgspec.DecodeError as error:
            log.error("%s cannot be read (%s); what it counted is lost", self.file, error)

    async def keep_up(self, link: Hears) -> None:
        """For ever: write down what was counted and tell it; without a link it waits."""
        while True:
            await asyncio.sleep(SEND_EVERY_S)
            self.collect()
            await self.tell(link)

    def collect(self) -> None:
        """Write down what was counted since; the newest batch grows while an older one waits."""
        fresh = self.counting.taken()
        for (camera_id, _), one in fresh.items():
            self.ever[camera_id] = self.ever.get(camera_id, 0) + one.passages
        if not fresh:
            return
        if len(self._waiting) > 1:  # the first may be on its way
            self.counting.put_back(self._waiting.pop().counts)
        self.counting.put_back(fresh)
        self._waiting.append(CountedHours(batch=str(uuid4()), hours=_hours(self.counting.taken())))
        self._write()

    async def tell(self, link: Hears) -> None:
        """Tell what waits, oldest first, until the node does not answer."""
        with suppress(LinkError):  # the state of the link is told elsewhere
            while self._waiting:
                await link.tell_counts(msgspec.json.encode(self._waiting[0]))
                del self._waiting[0]
                self._write()

    @property
    def waiting(self) -> Sequence[CountedHours]:
        """What the node has not said it has."""
        return self._waiting

    def _write(self) -> None:
        try:
            fresh = self.file.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(self._waiting))
            fresh.replace(self.file)
        except OSError as error:
            log.error("%s cannot be written (%s); counts are in memory only", self.file, error)


def _hours(counts: Counts) -> tuple[CountedHour, ...]:
    return tuple(
        CountedHour(camera_id=camera_id, hour=hour, passed=one)
        for (camera_id, hour), one in counts.items()
    )
