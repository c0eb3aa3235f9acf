"""The worker process that records live video of aircraft: the body of ``morina worker live``."""

import asyncio
import logging
import shutil
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.live_ts import LiveTransport, Lost
from morina.sense.aerial.adapters.postgres_sorties_live import PostgresLive
from morina.sense.aerial.ground import Ground
from morina.sense.aerial.looking.pictures import Due
from morina.sense.aerial.looking.positions import moment_of, seen_at
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.sources.klv import IN_TRANSPORT
from morina.sense.aerial.sources.klv_live import Before, Following
from morina.sense.aerial.sources.klv_moment import SPREAD
from morina.sense.aerial.sources.klv_transport import first_shown
from morina.sense.aerial.telemetry import Flight, Telemetry
from morina.settings import Settings
from morina.settings.seeing import LiveSource
from morina.wiring.aerial.feeding import Begun, Feed
from morina.wiring.aerial.flights import spread_of
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import folder_of
from morina.wiring.cameras import DATABASE_OUTAGES
from morina.wiring.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
AGAIN_S = 5.0
"""After a disk or a file refused, it is tried again."""

END_AFTER_S = 900.0
"""A stream that stopped for so long has landed, though nobody said so."""

MOST_WAITING = 10_000
HEAD_BYTES = 8 << 20
"""Of a recording, in which its first picture is looked for."""


async def record_live(settings: Settings, number: int) -> None:
    """Record one source to the sorties that fly on its airframe, until told to end; a recording
    cut off so is gone on with."""
    source = settings.aerial.live[number]
    pool = Database(settings.engines.postgres_dsn, open=False, min_size=1, max_size=2)
    async with pool:
        files, days = folder_of(settings), settings.aerial.keep_days
        recorder = LiveRecorder(
            settings, source, PostgresLive(pool, PostgresTrail(), files, days),
            ground_of(settings, source.airframe),
        )  # fmt: skip
        if settings.aerial.live_looks_per_s:
            command = [sys.executable, "-m", "morina.cli", "worker", "looking"]
            command += ["--group", str(number)]
            recorder.looking = partial(Feed, command)
        if task := asyncio.current_task():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await recorder.follow()


class UnwrittenError(Exception):
    """A disk or a file refuses what comes in live; it is tried again."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"what comes in live cannot be written down ({fault}); it is tried again, hand in the"
            " recording after landing where this stays"
        )


@dataclass(slots=True)
class LiveRecorder:
    """Of one source."""

    settings: Settings
    source: LiveSource
    store: PostgresLive
    ground: Ground
    end_after_s: float = END_AFTER_S
    again_s: float = AGAIN_S
    looking: Callable[[Callable[[], Begun]], Feed] | None = None
    """Begins a process that looks through what comes; None: nobody does while it flies."""

    async def follow(self) -> None:
        """For ever."""
        while True:
            try:
                if sortie := await self.store.flying(self.source.airframe):
                    await self.record(sortie)
            except DATABASE_OUTAGES as outage:
                log.warning("PostgreSQL does not answer (%s); trying again", str(outage)[:200])
            except UnwrittenError as unwritten:
                log.error("live %s: %s", self.source.name, unwritten)
                await asyncio.sleep(self.again_s)
            await asyncio.sleep(LOOK_EVERY_S)

    async def record(self, sortie: Sortie) -> None:
        """From now until it flies no more, nothing came for long, or there is no more room.
        UnwrittenError where a disk or a file refuses, which is said on the sortie too."""
        try:
            await self._recorded(sortie)
        except DATABASE_OUTAGES:
            raise
        except OSError as error:
            unwritten = UnwrittenError(error.strerror or str(error))
            await self.store.faulty(sortie.sortie_id, str(unwritten))
            raise unwritten from error

    async def _recorded(self, sortie: Sortie) -> None:
        file = await self.store.begin(sortie.sortie_id)
        number, last_s = await self.store.seen(sortie.sortie_id)
        before = await asyncio.to_thread(_before, file, last_s, sortie.ended_at)
        spread = spread_of(self.settings, self.source.airframe) or SPREAD
        following = Following(spread, before)
        most = self.settings.aerial.file_bytes
        taking = Taking(self.source.address, file, most, following)
        taking.leave_bytes = self.settings.engines.min_free_bytes
        if self.looking:
            taking.feed = self.looking(
                lambda: Begun(sortie.sortie_id, following.before(), sortie.stated.film)
            )
        due = Due(self.settings.aerial.footprints_per_s)
        plotting = Plotting(self.ground, due, number, 0.0 if before else last_s)
        thread = threading.Thread(target=taking.run, name=f"live {self.source.name}")
        thread.start()
        try:
            landed = not await self._written_down(sortie, taking, plotting)
        finally:
            taking.stop()
            await asyncio.shield(asyncio.to_thread(taking.ended, thread))
        if taking.fault and not landed:
            raise taking.fault
        await self.store.end(sortie.sortie_id, file)

    async def _written_down(self, sortie: Sortie, taking: "Taking", plotting: "Plotting") -> bool:
        """Whether it flies still."""
        flies = True
        while flies and not taking.over and taking.silent_s() < self.end_after_s:
            await asyncio.sleep(LOOK_EVERY_S)
            said = taking.taken()
            moments = await asyncio.to_thread(plotting.moments, said)
            flies = await self.store.keep(sortie.sortie_id, moments, IN_TRANSPORT)
        return flies


def _before(file: Path, last_s: float, ended_at: datetime | None) -> Before | None:
    """Of a recording that is gone on with: its time counts from its first picture, as that of the
    file does; None where it begins now."""
    if not file.exists() or ended_at is None:
        return None
    with file.open("rb") as stream:
        first = first_shown(stream.read(HEAD_BYTES))
    away = (datetime.now(UTC) - ended_at).total_seconds()
    return None if first is None else Before(first, last_s, max(away, 0.0))


@dataclass(slots=True)
class Plotting:
    """Telemetry as it comes becomes moments, numbered from ``number`` on; their time counts from
    ``last_s``."""

    ground: Ground
    due: Due
    number: int
    last_s: float

    def moments(self, said: list[Telemetry]) -> list[Moment]:
        """Those that are due."""
        on = [replace(one, at_s=one.at_s + self.last_s) for one in said]
        return [self._moment(one) for one in on if self.due.at(one.at_s)]

    def _moment(self, one: Telemetry) -> Moment:
        flight = Flight(source=IN_TRANSPORT, telemetry=(one,))
        pose, footprint = seen_at(flight, self.ground, one, {})
        self.number += 1
        return moment_of(self.number - 1, one, pose, footprint)


@dataclass(slots=True)
class Taking:
    """A thread that takes a stream in: every byte to the file, what it tells to whoever asks."""

    address: str
    file: Path
    most_bytes: int
    following: Following = field(default_factory=Following)
    leave_bytes: int = 0
    feed: Feed | None = None
    full: bool = False
    fault: OSError | None = None
    """What ended the thread before it was stopped."""
    _live: LiveTransport = field(init=False)
    _stream: BinaryIO | None = None
    _said: deque[Telemetry] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    _heard: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._live = LiveTransport(self.address, self._keep, self.following)

    @property
    def over(self) -> bool:
        """Whether no more is written."""
        return self.full or self.fault is not None

    def run(self) -> None:
        """Until stopped, or a disk or a file refuses."""
        try:
            self._take_in()
        except OSError as error:
            self.fault = error

    def _take_in(self) -> None:
        with self.file.open("ab") as self._stream:
            for event in self._live.events():
                if isinstance(event, Telemetry):
                    self._said.append(event)
                elif isinstance(event, Lost):
                    log.warning("%s: %s", self.address.partition("?")[0], event.why)
                    if self.feed:
                        self.feed.again()

    def stop(self) -> None:
        """End the thread."""
        self._live.stop()

    def ended(self, thread: threading.Thread) -> None:
        """Wait until nothing is taken in or looked at any more; blocking."""
        thread.join()
        if self.feed:
            self.feed.close()

    def taken(self) -> list[Telemetry]:
        """What was told since last asked."""
        return [self._said.popleft() for _ in range(len(self._said))]

    def silent_s(self) -> float:
        """Since bytes came, or since it began."""
        return time.monotonic() - self._heard

    def _keep(self, chunk: bytes) -> None:
        assert self._stream is not None  # noqa: S101 - it is open while events are taken
        self._heard = time.monotonic()
        if self.full:
            return
        if self.feed:
            self.feed.put(chunk)
        self._stream.write(chunk)
        self.full = (
            self._stream.tell() > self.most_bytes
            or shutil.disk_usage(self.file.parent).free < self.leave_bytes
        )
