"""Following cameras that only film: frames in, voted reads out."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from morina.sense import Evidence, Read
from morina.sense.cameras.camera import Camera, CameraRegistry
from morina.sense.cameras.frames import FrameSource, SourceError
from morina.sense.hand_over import HandOver
from morina.sense.pictures import Pictures
from morina.sense.recogniser.evidence import OVERVIEW_QUALITY, encoded, keep_patch, keep_sight
from morina.sense.recogniser.passages import Passage, PassageFollower

log = logging.getLogger(__name__)

LOOK_FOR_CHANGES_EVERY_S = 2.0
TRY_AGAIN_AFTER_S = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage and the instant its frame times count from."""

    passage: Passage
    epoch: datetime


def passages(source: FrameSource, follower: PassageFollower) -> Iterator[Seen | None]:
    """Passages as they end; None after every frame, so that a caller may stop in between."""
    epoch: datetime | None = None
    for frame in source.frames():
        if frame is None:
            ended = follower.end()
        else:
            epoch = epoch or frame.captured_at
            ended = follower.frame(frame.image, (frame.captured_at - epoch).total_seconds())
        if epoch is not None:
            yield from (Seen(passage, epoch) for passage in ended)
        yield None


async def kept_read(seen: Seen, camera_id: str, pictures: Pictures) -> Read:
    """The read of a passage, its evidence frame and patch kept; the same passage, the same id."""
    passage = seen.passage
    captured_at = seen.epoch + timedelta(seconds=passage.best_frame_s)
    evidence = await _evidence(passage, pictures)
    text = passage.plate.text if passage.plate else ""
    return Read(
        read_id=uuid5(NAMESPACE_URL, f"morina:{camera_id}:{captured_at.isoformat()}:{text}"),
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


async def _evidence(passage: Passage, pictures: Pictures) -> Evidence | None:
    image = passage.image
    if image is None:
        return None
    overview = await pictures.put(encoded(image, OVERVIEW_QUALITY))
    if passage.plate is None:
        return await keep_sight(pictures, overview, image, passage.box)
    return await keep_patch(pictures, overview, image, passage.box, passage.corners)


@dataclass(slots=True)
class Follower:
    """Follows every camera of the registry that has a source, each in a thread of its own."""

    registry: CameraRegistry
    stream: HandOver
    pictures: Pictures
    source_of: Callable[[str], FrameSource]
    new_follower: Callable[[], PassageFollower]

    async def follow_all(self) -> None:
        """For ever: start cameras that appear or change, stop those that go."""
        running: dict[Camera, asyncio.Task[None]] = {}
        try:
            while True:
                wanted = {camera for camera in await self.registry.cameras() if camera.source}
                for gone in running.keys() - wanted:
                    running.pop(gone).cancel()
                for fresh in wanted - running.keys():
                    running[fresh] = asyncio.create_task(self._follow(fresh))
                await asyncio.sleep(LOOK_FOR_CHANGES_EVERY_S)
        finally:
            for task in running.values():
                task.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)

    async def _follow(self, camera: Camera) -> None:
        """One camera until it is cancelled or its source ends; a failing source is tried again."""
        while True:
            stop = threading.Event()
            try:
                await asyncio.to_thread(self._play, camera, stop, asyncio.get_running_loop())
                return
            except SourceError as error:
                log.warning("camera %s: %s; trying again", camera.camera_id, error)
            finally:
                stop.set()
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    def _play(self, camera: Camera, stop: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        for seen in passages(self.source_of(camera.source), self.new_follower()):
            if stop.is_set():
                return
            if seen is not None:
                _wait(loop, self._hand_over(seen, camera.camera_id))

    async def _hand_over(self, seen: Seen, camera_id: str) -> None:
        await self.stream.publish_reads([await kept_read(seen, camera_id, self.pictures)])


def _wait(loop: asyncio.AbstractEventLoop, work: Awaitable[None]) -> None:
    async def done() -> None:
        await work

    asyncio.run_coroutine_threadsafe(done(), loop).result()
