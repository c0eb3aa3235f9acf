"""The whole of ``morina edge``: one process and its NATS."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from morina.engines import EngineError, Home, Hub, Supervisor, site_nats_server
from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.toml_file import CamerasFileError, TomlCameras
from morina.sense.cameras.following import Follower
from morina.sense.recogniser.captures import read_captures
from morina.sense.recogniser.passages import PassageFollower
from morina.sense.site import Forwarder, JoinError, JoinToken, LinkError, SiteState, token_of
from morina.sense.site.adapters.folder import FolderPictures
from morina.sense.site.adapters.nats import OUTAGES, LeafLink, SiteStream
from morina.settings import Settings
from morina.wiring.decoding import MAKERS
from morina.wiring.edge.alarm import LocalAlarm
from morina.wiring.edge.clocks import SiteClocks
from morina.wiring.edge.counts import CountsToTell
from morina.wiring.edge.health import write_state
from morina.wiring.edge.hotlist import HeldHotlist
from morina.wiring.edge.intake import take_in
from morina.wiring.edge.ledger import LedgerFile
from morina.wiring.edge.only_hits import OnlyHitsHere
from morina.wiring.edge.pushing import SiteParts, SitePush, push_of_site, push_socket
from morina.wiring.edge.rules import HeldRules
from morina.wiring.ending import ended
from morina.wiring.recogniser import recogniser, sizes_of
from morina.wiring.retention import retention_of
from morina.wiring.sources import opener

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
TELL_EVERY = 10
STREAMS_BESIDE_BYTES = 2_000_000_000
"""For captures not yet read, besides the log of reads; NATS takes it only when it is used."""


@dataclass(slots=True)
class Edge:
    """The parts of a running site."""

    settings: Settings
    home: Home
    token: JoinToken
    stream: SiteStream
    link: LeafLink
    pictures: FolderPictures
    ledger_file: LedgerFile
    forwarder: Forwarder
    clocks: SiteClocks
    alarm: LocalAlarm
    hotlist: HeldHotlist
    rules: HeldRules
    only_hits: OnlyHitsHere
    counts: CountsToTell

    async def look_after(self, push: SitePush) -> None:
        """For ever: room for reads before pictures, what is over, how it all is."""
        count = 0
        while True:
            self.hotlist.expire()
            try:
                state = await push.told(await self._state())
            except OUTAGES as outage:
                log.warning("the site's own NATS does not answer (%r); trying again", outage)
            else:
                self.pictures.limit(self._room_for_pictures(state.reads_waiting_bytes))
                self.ledger_file.save(self.forwarder.ledger)
                write_state(self.home, state)
                if count % TELL_EVERY == 0:
                    await self._tell(state)
                count += 1
            await asyncio.sleep(LOOK_EVERY_S)

    def _room_for_pictures(self, reads_bytes: int) -> int:
        """What the reads leave; less when others fill the disk."""
        left = self.settings.edge.disk_bytes - reads_bytes
        missing = self.settings.engines.min_free_bytes - self.home.free_bytes()
        return min(left, self.pictures.taken_bytes - missing) if missing > 0 else left

    async def _tell(self, state: SiteState) -> None:
        with suppress(LinkError):
            await self.link.tell(msgspec.json.encode(state))

    async def _state(self) -> SiteState:
        log_state, oldest = await self.stream.state(), await self.stream.oldest()
        ledger, offset = self.forwarder.ledger, self.clocks.offset
        lost = max(0, log_state.first_seq - 1 - ledger.sent_to) if ledger.stream else 0
        return SiteState(
            site=self.token.site,
            at=self.clocks.now(),
            linked=self.clocks.linked,
            reads_waiting=log_state.messages,
            reads_waiting_bytes=log_state.bytes,
            oldest_waiting_at=oldest.captured_at if oldest else None,
            pictures_waiting=self.pictures.waiting,
            pictures_bytes=self.pictures.taken_bytes,
            reads_sent=ledger.reads_sent,
            pictures_sent=ledger.pictures_sent,
            reads_dropped=ledger.reads_dropped + lost,
            pictures_dropped=ledger.pictures_dropped,
            disk_bytes=self.settings.edge.disk_bytes,
            clock_offset_s=offset.offset_s if offset else None,
            round_trip_s=offset.round_trip_s if offset else None,
            wrong_clocks=self.clocks.cameras.wrong(),
            captures_waiting=dict(await self.stream.captures_waiting()),
            hotlist_entries=self.hotlist.entries if self.hotlist.copy else None,
            hotlist_until=self.hotlist.copy.until if self.hotlist.copy else None,
            alarms=self.alarm.raised,
            forgotten=dict(self.counts.ever),
        )


async def run_edge(settings: Settings, join: Path, say: Callable[[str], None] = print) -> None:
    """A site, until SIGINT or SIGTERM. Raises EngineError when it cannot run."""
    token = _token(join)
    async with AsyncExitStack() as stack:
        home = Home.open(settings.home, settings.engines.min_free_bytes)
        stack.callback(home.close)
        cameras = TomlCameras(settings.edge.cameras, token.site)
        await _refuse_bad_cameras(cameras)
        listening = push_socket(settings)
        if listening is not None:
            stack.callback(listening.close)
        supervisor = Supervisor()
        stack.push_async_callback(supervisor.stop)
        edge = await _parts(settings, home, token, supervisor, stack)
        for held in (edge.hotlist, edge.rules, edge.counts):
            held.load()
        parts = SiteParts(edge.stream, edge.pictures, edge.clocks, edge.only_hits)
        push = push_of_site(settings, home, cameras, parts)
        work = [
            edge.forwarder.forward(),
            edge.clocks.keep_up(edge.link),
            edge.hotlist.keep_up(edge.link),
            edge.rules.keep_up(edge.link),
            edge.counts.keep_up(edge.link),
            edge.look_after(push),
            take_in(edge.stream),
            *push.work(listening),
            *_reading(edge, cameras),
        ]
        say(f"Site {token.site} runs; its node is at {token.address}")
        await _until_told(work)


async def _parts(
    settings: Settings, home: Home, token: JoinToken, supervisor: Supervisor, stack: AsyncExitStack
) -> Edge:
    most = settings.edge.disk_bytes
    hub = Hub(
        address=token.address, certificate=token.certificate, seed=token.seed, site=token.site
    )
    engine, own_url, link_url = site_nats_server(home, most + STREAMS_BESIDE_BYTES, hub)
    await supervisor.start(engine)
    captured = await NatsHandOver.connect(own_url, refused_days=settings.retention.refused_days)
    stream = await SiteStream.over(captured.client, captured, most)
    stack.push_async_callback(stream.close)
    link = await LeafLink.connect(link_url, token.site)
    stack.push_async_callback(link.close)
    file = LedgerFile(home.folder("run") / "ledger.json")
    ledger = file.load()

    def picture_dropped() -> None:
        ledger.pictures_dropped += 1

    pictures = await asyncio.to_thread(
        FolderPictures, home.folder("pictures"), most, picture_dropped
    )
    clocks = SiteClocks(settings.edge.clock_within_s, ledger)
    alarm = LocalAlarm(stream.client, settings.edge.alarm_url)
    forwarder = Forwarder(
        stream, link, pictures, ledger, file.save, lambda: clocks.offset_s, clocks.is_wrong, OUTAGES
    )
    hotlist = HeldHotlist(
        token, home.folder("hotlist") / "sealed", ledger, alarm.use, clocks.now,
        settings.matching.look_alike_swaps,
    )  # fmt: skip
    rules = HeldRules(
        home.folder("run") / "rules.json", retention_of(settings), sizes_of(settings),
        takes_files=bool(settings.push.folders),
    )  # fmt: skip
    counts = CountsToTell(home.folder("run") / "counts.json")
    only_hits = OnlyHitsHere(
        stream, pictures, rules.forgets, lambda: alarm.hotlists, counts.counting
    )
    stream.may_stay = only_hits.may_stay
    stream.published = _seen(clocks, alarm)
    stream.handed_over = clocks.captured
    return Edge(
        settings, home, token, stream, link, pictures, file, forwarder, clocks, alarm, hotlist,
        rules, only_hits, counts,
    )  # fmt: skip


def _seen(clocks: SiteClocks, alarm: LocalAlarm) -> Callable[[Read], Read]:
    def seen(read: Read) -> Read:
        marked = clocks.marked(read)
        alarm.look_at(marked)
        return marked

    return seen


def _reading(edge: Edge, cameras: TomlCameras) -> list[Coroutine[Any, Any, None]]:
    """What reads pictures; nothing where reading.workers is 0."""
    if not edge.settings.reading.workers:
        return []
    reader = recogniser(edge.settings.reading)
    follower = Follower(
        registry=cameras,
        stream=edge.stream,
        pictures=edge.pictures,
        source_of=opener(edge.settings.reading),
        new_follower=lambda: PassageFollower(reader),
        outages=OUTAGES,
        forgets=edge.rules.forgets,
        passing=edge.only_hits,
        sizes=edge.rules.sizes,
    )
    captures = read_captures(edge.stream, edge.pictures, reader, edge.rules.sizes)
    return [follower.follow_all(), captures]


async def _until_told(work: list[Coroutine[Any, Any, None]]) -> None:
    """Work until a signal or until a part fails, which then is raised."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    tasks = [asyncio.create_task(one) for one in (*work, _wait_for(told))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await ended(tasks)


async def _wait_for(told: asyncio.Event) -> None:
    await told.wait()


async def _refuse_bad_cameras(cameras: TomlCameras) -> None:
    try:
        pushing = await cameras.let_in()
    except CamerasFileError as error:
        raise EngineError(str(error)) from None
    for camera in (one.camera for one in pushing):
        if camera.maker not in MAKERS:
            raise EngineError(
                f"{cameras.file}: cameras.{camera.camera_id}: maker {camera.maker!r} is not known; "
                f"use one of {', '.join(sorted(MAKERS))}"
            )


def _token(join: Path) -> JoinToken:
    try:
        return token_of(join.read_bytes())
    except OSError as error:
        raise EngineError(f"{join}: {error.strerror}; name the join token with --join") from None
    except JoinError as error:
        raise EngineError(f"{join}: {error}") from None
