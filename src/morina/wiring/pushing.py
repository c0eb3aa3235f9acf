"""Cameras that push: their arrivals, and the ways they come besides HTTP."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.cameras.adapters import mqtt, pull
from morina.sense.cameras.adapters.tcp import Frames, TooLongError
from morina.sense.cameras.arrivals import Arrivals, Pending
from morina.sense.cameras.memory_pending import MemoryPending
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.reach import ANYWHERE, OutOfReachError, Reach
from morina.sense.cameras.receiving import Receiving, Sent, UnknownCameraError
from morina.sense.cameras.reports import PayloadError, Reply, Report
from morina.sense.hand_over import HandOver
from morina.sense.passing import HeldPictures, PassedOn, Passing
from morina.sense.pictures import Pictures
from morina.settings import Broker, Listener, Settings
from morina.wiring.drop_folders import Dropped, dropped_of
from morina.wiring.ending import ended
from morina.wiring.sources import reach_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
TRY_AGAIN_AFTER_S = 5.0
IDLE_S = 300.0
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OUTAGES = (*NATS_OUTAGES, OSError)
"""An engine does not answer, or the disk takes nothing: waited out."""


def arrivals_of(
    settings: Settings, stream: HandOver, pictures: Pictures, pending: Pending
) -> Arrivals:
    """Arrivals handed to the reading workers, or kept by the cameras' word where there are none."""
    return Arrivals(
        stream=stream,
        pictures=pictures,
        pending=pending,
        reads_pictures=settings.reading.workers > 0,
        wait_s=settings.push.wait_for_final_s,
        most_pixels=settings.desk.image_pixels,
    )


def arrivals_at_once(settings: Settings, passing: Passing) -> Arrivals:
    """Arrivals of cameras of which only hits are kept: in memory, by the cameras' own word."""
    held = HeldPictures()
    return Arrivals(
        stream=PassedOn(passing, held),
        pictures=held,
        pending=MemoryPending(),
        reads_pictures=False,
        wait_s=settings.push.wait_for_final_s,
        most_pixels=settings.desk.image_pixels,
    )


@asynccontextmanager
async def ways_in(settings: Settings, receiving: Receiving) -> AsyncIterator[None]:
    """Every way in besides HTTP, followed while the body runs."""
    following = [asyncio.create_task(one) for one in ways_of(settings, receiving)]
    try:
        yield
    finally:
        await ended(following)


def ways_of(settings: Settings, receiving: Receiving) -> list[Coroutine[Any, Any, None]]:
    """Every way in besides HTTP, at the node and at a site; each goes on for ever."""
    ways = Ways(receiving, reach_of(settings))
    work: list[Coroutine[Any, Any, None]] = [ways.hand_on()]
    work += [ways.broker(broker_of(one, settings)) for one in settings.push.brokers]
    work += [ways.listen(one) for one in settings.push.listeners]
    work += [ways.pull_all(settings.push.pull_every_s)]
    work += [ways.folder(one) for one in dropped_of(settings, receiving)]
    return work


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in, each followed for ever; what fails is logged and tried again."""

    receiving: Receiving
    reach: Reach = ANYWHERE

    async def hand_on(self) -> None:
        """Hand on what has waited long enough for its camera's final word."""
        while True:
            try:
                await self.receiving.arrivals.hand_on_due(datetime.now(UTC))
            except OUTAGES as outage:
                log.warning("arrivals wait (%s); trying again", outage)
                await asyncio.sleep(TRY_AGAIN_AFTER_S)
            await asyncio.sleep(LOOK_EVERY_S)

    async def broker(self, broker: mqtt.MqttBroker) -> None:
        """Take what a broker's topics bring."""
        while True:
            try:
                async for maker, topic, payload in broker.messages():
                    sent = _sent(payload, {"topic": topic}, broker.host)
                    await self.taken(await self._of_maker(maker), sent)
            except (mqtt.Outage, OSError) as outage:
                told = mqtt.with_remedy(outage)
                log.warning("MQTT broker %s: %s; trying again", broker.host, told)
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    async def listen(self, listener: Listener) -> None:
        """Take frames on a TCP port, from cameras whose address is allowed."""
        connections: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.add(_this_task())
            try:
                await self._frames(listener.maker, reader, writer)
            except (OSError, TimeoutError, TooLongError) as error:
                log.warning("a %s camera on TCP: %s", listener.maker, error)
            finally:
                connections.discard(_this_task())
                writer.close()

        server = await _server(serve, listener)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for connection in connections:
                connection.cancel()

    async def folder(self, dropped: Dropped) -> None:
        """Take the files that cameras upload into a folder."""
        while True:
            try:
                await dropped.look()
            except Exception as outage:  # noqa: BLE001 - of whatever store, the files wait for it
                log.warning("files in %s wait (%r); trying again", dropped.folder.root, outage)
                await asyncio.sleep(TRY_AGAIN_AFTER_S)
            await asyncio.sleep(LOOK_EVERY_S)

    async def pull_all(self, every_s: float) -> None:
        """Ask each camera that has a list for what passed since it was last asked."""
        while True:
            try:
                for camera in await self.receiving.cameras.pushing():
                    if camera.pull_url:
                        await self.pull_once(camera)
            except OUTAGES as outage:
                log.warning("cameras' lists wait (%s); trying again", outage)
            await asyncio.sleep(every_s)

    async def pull_once(self, camera: PushingCamera) -> None:
        """Take what is new in one camera's list, oldest first; how far is kept."""
        cameras, name = self.receiving.cameras, camera.camera_id
        now = datetime.now(UTC)
        since = await cameras.cursor(name) or pull.first_cursor(now, camera.time_zone)
        user, _, password = (await cameras.secret(name)).partition(":")
        try:
            host = urlsplit(camera.pull_url).hostname or ""
            at = await asyncio.to_thread(self.reach.looked_up, host, camera.pull_url)
            asked = pull.HikvisionList(camera.pull_url, user, password, at)
            payload, headers = await asked.after(since)
        except (*pull.Outage, OSError, OutOfReachError) as outage:
            log.warning("camera %s: its list: %s; trying again", name, outage)
            return
        sent = _sent(payload, headers, camera.pull_url)
        try:
            items = await self.receiving.decoded(camera, sent)
        except PayloadError as error:
            log.warning("camera %s: its list: %s", name, error)
            return
        reports = [one for one in items if isinstance(one, Report) and (one.cursor or "") > since]
        for report in sorted(reports, key=lambda one: one.cursor or ""):
            await self.receiving.report(camera, report, now)
        await cameras.take_cursor(name, max([since, *(one.cursor or "" for one in reports)]))

    async def taken(self, candidates: Sequence[PushingCamera], sent: Sent) -> Reply | None:
        """Take one payload, waiting out what is away; None when it was refused."""
        while True:
            try:
                return await self.receiving.take(candidates, sent)
            except (PayloadError, UnknownCameraError) as refused:
                log.info("a payload from %s: %s", sent.address, refused)
                return None
            except OUTAGES as outage:
                log.warning("what %s sent waits (%s); trying again", sent.address, outage)
                await asyncio.sleep(TRY_AGAIN_AFTER_S)

    async def _frames(
        self, maker: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        address = str(writer.get_extra_info("peername")[0])
        frames = Frames(maker)
        while part := await asyncio.wait_for(reader.read(65536), IDLE_S):
            for payload in frames.fed(part):
                of_maker = await self._of_maker(maker)
                let_in = [camera for camera in of_maker if camera.may_come_from(address)]
                reply = await self.taken(let_in, _sent(payload, {}, address))
                if reply is None:
                    return
                writer.write(reply.content)
                await writer.drain()

    async def _of_maker(self, maker: str) -> list[PushingCamera]:
        return [one for one in await self.receiving.cameras.pushing() if one.maker == maker]


def broker_of(chosen: Broker, settings: Settings) -> mqtt.MqttBroker:
    """A broker of the settings, at which this home keeps one name."""
    home = f"{socket.gethostname()}{settings.home.resolve()}"
    return mqtt.MqttBroker(
        host=chosen.host,
        port=chosen.port,
        tls=chosen.tls,
        ca=chosen.ca,
        certificate=chosen.certificate,
        key=chosen.key,
        user=chosen.user,
        password=chosen.password.get_secret_value(),
        topics=chosen.topics,
        identifier=f"morina-{sha256(home.encode()).hexdigest()[:12]}",
    )


async def _server(serve: Serve, listener: Listener) -> asyncio.Server:
    """The port, as soon as it can be had."""
    while True:
        try:
            return await asyncio.start_server(serve, listener.host, listener.port)
        except OSError as error:
            log.error(
                "%s cameras cannot send to %s port %d: %s; change it in [[push.listeners]]",
                listener.maker, listener.host, listener.port, error.strerror,
            )  # fmt: skip
            await asyncio.sleep(TRY_AGAIN_AFTER_S)


def _this_task() -> "asyncio.Task[None]":
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - called within one
    return task


def _sent(payload: bytes, headers: dict[str, str], address: str) -> Sent:
    return Sent(payload=payload, headers=headers, address=address, received_at=datetime.now(UTC))
