"""The worker process that works sorties through: the body of ``morina worker sorties``."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.postgres_sorties_work import (
    Film,
    PostgresSortieWork,
    StoppedError,
    Work,
)
from morina.sense.aerial.adapters.video_file import About, VideoFile
from morina.sense.aerial.ground import Ground
from morina.sense.aerial.looking.eyes import ColourOnly, Eye, GreyOnly, Tiled, as_filmed
from morina.sense.aerial.looking.moving import MovingCue
from morina.sense.aerial.looking.pictures import Picture, VideoError
from morina.sense.aerial.looking.positions import moments_of
from morina.sense.aerial.looking.through import Batch, Outcome, Pace, Sight, look_through
from morina.sense.aerial.seeing.thermal import WEIGHTS, PictureError, ThermalDetector
from morina.sense.aerial.sources.as_stated import WHEN
from morina.sense.aerial.sources.told import Handed, told_of
from morina.sense.aerial.telemetry import Flight, TelemetryError
from morina.sense.aerial.terrain.steady_ground import SteadyGround
from morina.sense.aerial.terrain.tiles import TerrainError
from morina.sense.aerial.tracking.tracker import Tracker
from morina.settings import Settings
from morina.wiring.aerial.flights import stated_flight
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import folder_of
from morina.wiring.cameras import DATABASE_OUTAGES
from morina.wiring.database import Database

log = logging.getLogger(__name__)

LOOK_AGAIN_AFTER_S = 1.0
TILES_AT_ONCE = 2
OUTAGES = DATABASE_OUTAGES
TOO_LARGE = "takes more than reading.memory_bytes; send a smaller video or raise it"


async def work_sorties(settings: Settings) -> None:
    """Work sorties through until told to end; one in the middle then waits, and begins anew."""
    os.nice(settings.aerial.nice)
    pool = Database(settings.engines.postgres_dsn, open=False, min_size=1, max_size=3)
    async with pool:
        store = PostgresSortieWork(pool, PostgresTrail(), folder_of(settings))
        worker = SortieWorker(settings, store)
        task = asyncio.current_task()
        if task:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await worker.follow()


def eyes_of(settings: Settings) -> Sequence[Eye]:
    """What looks for things in the pictures of one sortie: the detector in thermal ones, what moves
    as a hint in those in colour."""
    thermal = _thermal(settings.reading.threads)
    return (*((thermal,) if thermal else ()), ColourOnly(MovingCue()))


@cache
def _thermal(threads: int) -> Eye | None:
    """Loaded when the first video comes; None where its weights are not installed."""
    if not WEIGHTS.exists():
        return None
    return GreyOnly(Tiled(detector=ThermalDetector(threads), threads=TILES_AT_ONCE))


@dataclass(slots=True)
class SortieWorker:
    """Takes one sortie after the other."""

    settings: Settings
    store: PostgresSortieWork
    new_eyes: Callable[[Settings], Sequence[Eye]] = eyes_of
    new_ground: Callable[[Settings, str], Ground] = ground_of
    _owed: UUID | None = None
    """One cut off by an outage, to be put back: it was not its fault."""

    async def follow(self) -> None:
        """For ever."""
        while True:
            try:
                async with self.store.alone():
                    while True:
                        if not await self.once():
                            await asyncio.sleep(LOOK_AGAIN_AFTER_S)
            except OUTAGES as outage:
                log.warning("PostgreSQL does not answer (%s); trying again", str(outage)[:200])
                await asyncio.sleep(LOOK_AGAIN_AFTER_S)

    async def once(self) -> bool:
        """Work the next one through; False where none waits."""
        if self._owed:
            await _quietly(self.store.put_back(self._owed))
            self._owed = None
        work = await self.store.take_next()
        if work is None:
            return False
        log.info("sortie %s is being worked through", work.sortie.sortie_id)
        try:
            await self._done(work)
        except StoppedError as stopped:
            log.info("%s", stopped)
        except (TelemetryError, VideoError, TerrainError, PictureError) as fault:
            await _quietly(self.store.fail(work.sortie.sortie_id, str(fault)))
        except MemoryError:
            await _quietly(self.store.fail(work.sortie.sortie_id, TOO_LARGE))
        except asyncio.CancelledError:
            await asyncio.shield(_quietly(self.store.put_back(work.sortie.sortie_id)))
            raise
        except OUTAGES:
            self._owed = work.sortie.sortie_id
            raise
        return True

    async def _done(self, work: Work) -> None:
        sortie, about = work.sortie, None
        if work.video is not None:
            about = await asyncio.to_thread(VideoFile(work.video, "the video").about)
        handed = Handed(
            name=work.telemetry_name, airframe=sortie.airframe, stated=sortie.stated,
            filmed=about is not None,
        )  # fmt: skip
        shape = (about.width, about.height) if about else None
        flight = await asyncio.to_thread(
            stated_flight, self.settings, work.telemetry, handed, shape
        )
        ground = SteadyGround(self.new_ground(self.settings, sortie.airframe))
        if about is None:
            notes = await self._positions(work, flight, ground)
        else:
            notes = await self._looked(work, flight, ground, about)
        said = (*flight.lacks, *notes, *ground.said)
        await self.store.finish(sortie.sortie_id, said, told_of(flight))

    async def _positions(self, work: Work, flight: Flight, ground: Ground) -> Sequence[str]:
        """Telemetry alone: where it was, and what it would have seen."""
        per_s = self.settings.aerial.footprints_per_s
        found, notes = await asyncio.to_thread(moments_of, flight, ground, per_s)
        await self.store.keep(work.sortie.sortie_id, found, (), 1.0)
        return ("video", *notes)

    async def _looked(
        self, work: Work, flight: Flight, ground: Ground, about: About
    ) -> Sequence[str]:
        """Nothing is plotted where nobody knows which moment a picture is of."""
        assert work.video is not None  # noqa: S101 - the caller looked
        sortie_id, video = work.sortie.sortie_id, VideoFile(work.video, "the video")
        film = Film(about.width, about.height, about.frames, about.frames_per_s)
        await self.store.film(sortie_id, film)
        if WHEN in flight.lacks:
            return ()
        found = await asyncio.to_thread(self.new_eyes, self.settings)
        eyes = as_filmed(found, work.sortie.stated.film)
        aerial = self.settings.aerial
        pace = Pace(
            detections_per_s=aerial.detections_per_s, footprints_per_s=aerial.footprints_per_s
        )
        sight = Sight(flight=flight, ground=ground, eyes=eyes, pace=pace)
        async with stopping() as stop:
            sink = _Sink(self.store, sortie_id, _length(about, flight), stop)
            pictures = _until(stop, video.pictures(_most(pace)))
            outcome = await asyncio.to_thread(
                look_through, pictures, sight, Tracker(sortie_id), sink
            )
        return _notes(outcome)


@asynccontextmanager
async def stopping() -> AsyncIterator[threading.Event]:
    """Set when what is done inside is over or cancelled: a thread left behind looks at it."""
    stop = threading.Event()
    try:
        yield stop
    finally:
        stop.set()


@dataclass(slots=True)
class _Sink:
    """Where ``look_through`` puts what it finds, from its thread: into the database."""

    store: PostgresSortieWork
    sortie_id: UUID
    seconds: float
    stop: threading.Event
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def begin(self) -> None:
        """Nothing: it is removed in the transaction that takes the sortie."""

    def take(self, batch: Batch) -> None:
        """See Sink."""
        if self.stop.is_set():
            raise StoppedError("the node stops")
        done = batch.at_s / self.seconds if self.seconds else 0.0
        tracks = (*batch.ended, *batch.going)
        kept = self.store.keep(self.sortie_id, batch.moments, tracks, done, batch.gone)
        asyncio.run_coroutine_threadsafe(kept, self.loop).result()


def _until(stop: threading.Event, pictures: Iterable[Picture]) -> Iterator[Picture]:
    for picture in pictures:
        if stop.is_set():
            raise StoppedError("the node stops")
        yield picture


def _most(pace: Pace) -> float:
    """Pictures a second that are needed at all."""
    return max(pace.detections_per_s, pace.footprints_per_s)


def _length(about: About, flight: Flight) -> float:
    return about.seconds or (flight.telemetry[-1].at_s if flight.telemetry else 0.0)


def _notes(outcome: Outcome) -> Sequence[str]:
    if outcome.fault:
        raise VideoError(outcome.fault)
    return outcome.notes


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    """StoppedError is no news: somebody ended it meanwhile."""
    with suppress(StoppedError):
        await work
