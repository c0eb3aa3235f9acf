"""Following cameras that only film: frames in, voted reads out."""

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from morina.sense import Capture, Evidence, Read
from morina.sense.cameras.camera import Camera
from morina.sense.cameras.frames import Filmed, Frame, FrameSource, Picture, SourceError, Waiting
from morina.sense.cameras.states import CameraStates, Meter
from morina.sense.hand_over import HandOver
from morina.sense.ids import timed_id
from morina.sense.passing import Forgets, HeldPictures, Passing, PassingRead, forgets_none
from morina.sense.pictures import Pictures
from morina.sense.recogniser.evidence import USUAL_SIZES, keep_frame
from morina.sense.recogniser.fitting import PictureSizes
from morina.sense.recogniser.passages import Passage, PassageFollower

log = logging.getLogger(__name__)

LOOK_FOR_CHANGES_EVERY_S = 2.0
REPORT_EVERY_S = 5.0
LONGEST_PAUSE_S = 60.0
STEADY_AFTER_FRAMES = 20
MOST_THREADS = 1024


class Watched(Protocol):
    """The cameras to follow, as they are now."""

    async def cameras(self) -> list[Camera]:
        """Those of this process; one without a source is left alone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage and the instant its frame times count from."""

    passage: Passage
    epoch: datetime


def pauses(jitter: Callable[[], float] = random.random) -> Iterator[float]:
    """Seconds to wait before each further try: 1, 2, 4 to 60, each a tenth more or less."""
    pause = 1.0
    while True:
        yield pause * (0.9 + 0.2 * jitter())
        pause = min(pause * 2, LONGEST_PAUSE_S)


def passages(
    source: FrameSource, follower: PassageFollower, told: Callable[[Filmed], None] = lambda _: None
) -> Iterator[Seen | Picture | None]:
    """Passages as they end; None after all that comes, so that a caller may stop in between.

    A source that fails ends the passages still open before SourceError goes on. A clock that is
    set back begins another film. ``told`` hears of all that comes.
    """
    film = _Film(follower)
    try:
        for filmed in source.frames():
            told(filmed)
            if isinstance(filmed, Picture):
                yield filmed
            elif not isinstance(filmed, Waiting):
                yield from film.over() if filmed is None else film.goes_on(filmed)
            yield None
    except SourceError:
        yield from film.over()
        raise


@dataclass(slots=True)
class _Film:
    """What is filmed without a break, and when it began."""

    follower: PassageFollower
    epoch: datetime | None = None
    at_s: float = 0.0

    def goes_on(self, frame: Frame) -> list[Seen]:
        """The passages that ended before this frame."""
        epoch = self.epoch or frame.captured_at
        ended: list[Seen] = []
        if (frame.captured_at - epoch).total_seconds() < self.at_s:
            ended = self.over()
            epoch = frame.captured_at
        self.epoch = epoch
        self.at_s = (frame.captured_at - epoch).total_seconds()
        return ended + [Seen(p, epoch) for p in self.follower.frame(frame.image, self.at_s)]

    def over(self) -> list[Seen]:
        """The passages still open; the next frame begins another film."""
        epoch, self.epoch, self.at_s = self.epoch, None, 0.0
        if epoch is None:
            return []
        return [Seen(passage, epoch) for passage in self.follower.end()]


async def kept_read(
    seen: Seen, camera_id: str, pictures: Pictures, sizes: PictureSizes = USUAL_SIZES
) -> Read:
    """The read of a passage, its evidence frame and patch kept; the same passage, the same id."""
    passage = seen.passage
    captured_at = seen.epoch + timedelta(seconds=passage.best_frame_s)
    evidence = await _evidence(passage, pictures, sizes)
    text = passage.plate.text if passage.plate else ""
    return Read(
        read_id=timed_id(
            captured_at, NAMESPACE_URL, f"morina:{camera_id}:{captured_at.isoformat()}:{text}"
        ),
        camera_id=camera_id,
        captured_at=captured_at,
        received_at=datetime.now(UTC),
        plate=passage.plate,
        confidence=passage.confidence,
        character_confidences=passage.character_confidences,
        country_probability=passage.country_probability,
        frames=passage.frames,
        evidence=evidence,
    )


async def _evidence(passage: Passage, pictures: Pictures, sizes: PictureSizes) -> Evidence | None:
    if passage.image is None:
        return None
    read = passage.plate is not None
    return await keep_frame(pictures, passage.image, passage, read, sizes)


async def kept_capture(picture: Picture, camera_id: str, pictures: Pictures) -> Capture:
    """The capture of a picture, kept; the same picture, the same id."""
    image = await pictures.put(picture.content)
    said = f"morina:{camera_id}:{picture.name}:{sha256(picture.content).hexdigest()}"
    return Capture(
        capture_id=uuid5(NAMESPACE_URL, said),
        camera_id=camera_id,
        captured_at=picture.captured_at,
        received_at=datetime.now(UTC),
        image=image,
    )


@dataclass(slots=True)
class Follower:
    """Follows the cameras of a registry that have a source, each in a thread of its own.

    ``outages`` are what the engines raise when they are away: what they stop is tried again.
    """

    registry: Watched
    stream: HandOver
    pictures: Pictures
    source_of: Callable[[str], FrameSource]
    new_follower: Callable[[], PassageFollower]
    states: CameraStates | None = None
    forgets: Forgets = forgets_none
    passing: Passing | None = None
    outages: tuple[type[Exception], ...] = ()
    sizes: Callable[[], PictureSizes] = lambda: USUAL_SIZES
    _meters: dict[str, Meter] = field(default_factory=dict)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_THREADS))

    async def follow_all(self) -> None:
        """For ever: start cameras that appear or change, stop those that go.

        Raises what nobody foresaw in following one, so that the process is started again.
        """
        running: dict[Camera, asyncio.Task[None]] = {}
        reporting = asyncio.create_task(self._report())
        try:
            while True:
                try:
                    self._change(running, await self.registry.cameras())
                except self.outages as outage:
                    log.warning("the cameras cannot be looked up (%s); trying again", outage)
                for task in [task for task in (reporting, *running.values()) if task.done()]:
                    task.result()
                await asyncio.sleep(LOOK_FOR_CHANGES_EVERY_S)
        finally:
            tasks = (reporting, *running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._threads.shutdown(wait=False)

    def _change(self, running: dict[Camera, asyncio.Task[None]], cameras: list[Camera]) -> None:
        wanted = {camera for camera in cameras if camera.source}
        for gone in running.keys() - wanted:
            running.pop(gone).cancel()
            self._meters.pop(gone.camera_id, None)
        for fresh in wanted - running.keys():
            self._meters[fresh.camera_id] = meter = Meter(fresh.camera_id)
            running[fresh] = asyncio.create_task(self._follow(fresh, meter))

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            if self.states is not None:
                with contextlib.suppress(*self.outages):
                    await self.states.keep([meter.state() for meter in self._meters.values()])

    async def _follow(self, camera: Camera, meter: Meter) -> None:
        """One camera until it is cancelled or its source ends; a failing source is tried again."""
        trying = pauses()
        while True:
            before = meter.frames
            try:
                await self._played(camera, meter)
                return
            except SourceError as error:
                meter.failed(str(error))
                log.warning("camera %s: %s; trying again", camera.camera_id, error)
            except self.outages as outage:
                log.warning("camera %s: %s; trying again", camera.camera_id, outage)
            if meter.frames - before >= STEADY_AFTER_FRAMES:
                trying = pauses()
            await asyncio.sleep(next(trying))

    async def _played(self, camera: Camera, meter: Meter) -> None:
        stop, loop = threading.Event(), asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._play, camera, meter, stop, loop)
        finally:
            stop.set()

    def _play(
        self,
        camera: Camera,
        meter: Meter,
        stop: threading.Event,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        follower = self.new_follower()
        for seen in passages(self.source_of(camera.source), follower, meter.told):
            if stop.is_set():
                return
            if seen is not None:
                _wait(loop, self._hand_over(seen, camera.camera_id))
        meter.ended()

    async def _hand_over(self, seen: Seen | Picture, camera_id: str) -> None:
        if self.forgets(camera_id):
            await self._pass_on(seen, camera_id)
        elif isinstance(seen, Picture):
            await self.stream.hand_over(await kept_capture(seen, camera_id, self.pictures))
        else:
            read = await kept_read(seen, camera_id, self.pictures, self.sizes())
            await self.stream.publish_reads([read])

    async def _pass_on(self, seen: Seen | Picture, camera_id: str) -> None:
        """Of this camera only hits are kept: nothing of what it saw may reach a disk before."""
        if isinstance(seen, Picture) or self.passing is None:
            raise SourceError(
                "only hits of this camera may be kept (match_and_forget), but its pictures are "
                "files already; take it out of its retention group, or let it film"
            )
        held = HeldPictures()
        read = await kept_read(seen, camera_id, held, self.sizes())
        await self.passing.pass_on(PassingRead(read=read, pictures=held.of(read)))


def _wait(loop: asyncio.AbstractEventLoop, work: Coroutine[None, None, None]) -> None:
    """Until the work is done on the loop, or the loop runs no more."""
    working = asyncio.run_coroutine_threadsafe(work, loop)
    while not futures.wait([working], LOOK_FOR_CHANGES_EVERY_S).done:
        if not loop.is_running():
            return
    working.result()
