"""A whole node; the path of a read is the loop ``Node.follow_reads``."""

import asyncio
import json
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import uvicorn
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from fastapi import FastAPI

from morina.accountability import Users
from morina.alerts import AlertStore
from morina.desk.app import create_desk
from morina.desk.live import Live, ReadsKept
from morina.desk.services import Services
from morina.engines import EngineError, Home, Supervisor, worker
from morina.records import ReadStore
from morina.sense import Read
from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.cameras.adapters.postgres_groups import PostgresGroups
from morina.sense.cameras.figures import count_compared
from morina.sense.cameras.groups import CameraGroups
from morina.sense.hand_over import HandOver
from morina.settings import Settings
from morina.watch import Hotlists, HotlistStore
from morina.wiring.aerial.processes import SortieProcesses
from morina.wiring.cameras import CameraProcesses
from morina.wiring.database import Database
from morina.wiring.ending import ended
from morina.wiring.listening import listening_at
from morina.wiring.parts import (
    Addresses,
    Engines,
    refuse_bad_tiles,
    services_of,
    start_engines,
    upgrade_schema,
)
from morina.wiring.passing import OnlyHits
from morina.wiring.set_apart import set_apart
from morina.wiring.sites import Served, serving_sites
from morina.wiring.starting import refuse_plain_http, refuse_unanswered
from morina.wiring.tls import DeskTls, desk_tls, desk_url

log = logging.getLogger(__name__)

OUTAGES = (ClickHouseError, *NATS_OUTAGES)
LOOK_FOR_LISTINGS_EVERY_S = 0.25
EXPIRE_EVERY_S = 5.0
TRY_AGAIN_AFTER_S = 0.5


@dataclass(slots=True)
class Node:
    """What follows a read from the stream to the operator's screen."""

    stream: HandOver
    records: ReadStore
    listed: HotlistStore
    hotlists: Hotlists
    alerts: AlertStore
    live: Live
    only_hits: OnlyHits

    @classmethod
    async def of(cls, services: Services, stream: HandOver, only_hits: OnlyHits) -> Self:
        """A node that knows what is listed now."""
        hotlists = Hotlists(most_swaps=services.limits.look_alike_swaps)
        async for page in services.hotlists.pages_since(0):
            hotlists.apply(page)
            set_apart(page)
        return cls(
            stream, services.reads, services.hotlists, hotlists, services.alerts, services.live,
            only_hits,
        )  # fmt: skip

    async def follow_reads(self) -> None:
        """The path of a read. Every step may run twice; the stream forgets only what is durable."""
        async for batch in self.stream.reads():
            reads = self.only_hits.of(batch.items, self.hotlists, datetime.now(UTC))
            while not await self._kept_and_raised(reads):
                await asyncio.sleep(TRY_AGAIN_AFTER_S)
            with suppress(*NATS_OUTAGES):
                await batch.acknowledge()

    async def follow_passing(self) -> None:
        """Reads of cameras of which only hits are kept."""
        await self.only_hits.follow(self.hotlists, self._kept_and_raised)

    async def _kept_and_raised(self, reads: Sequence[Read]) -> bool:
        now = datetime.now(UTC)
        try:
            await self.records.keep(reads, now)
            hits = [(read, hit) for read in reads for hit in self.hotlists.match(read)]
            await self.alerts.raise_for(hits, now)
            await self.alerts.take_pictures(reads, now)
        except OUTAGES as outage:
            log.warning("an engine does not answer (%s); trying again", outage)
            return False
        count_compared(reads)
        self.live.show(ReadsKept(tuple(reads)))
        return True

    async def follow_hotlists(self) -> None:
        """Take up what was listed and withdrawn, well within a second."""
        while True:
            with suppress(*OUTAGES):
                await self._take_up()
            await asyncio.sleep(LOOK_FOR_LISTINGS_EVERY_S)

    async def _take_up(self) -> None:
        """In pages, so that reads are matched meanwhile."""
        was_emptied = False
        async with aclosing(self.listed.pages_since(self.hotlists.revision)) as pages:
            async for page in pages:
                self.hotlists.apply(page)
                set_apart(page)
                was_emptied = was_emptied or bool(page.emptied)
                await asyncio.sleep(0)
        for _ in self.hotlists.let_go() if was_emptied else ():
            await asyncio.sleep(0)

    async def expire_alerts(self) -> None:
        """Expire what nobody acknowledged in time."""
        while True:
            with suppress(*OUTAGES):
                await self.alerts.expire_due(datetime.now(UTC))
            await asyncio.sleep(EXPIRE_EVERY_S)


async def run_node(settings: Settings, say: Callable[[str], None] = print) -> None:
    """A whole node, until SIGINT or SIGTERM. Raises EngineError when it cannot run."""
    async with AsyncExitStack() as stack:
        refuse_unanswered(settings)
        refuse_plain_http(settings)
        tls = desk_tls(settings)
        listening = stack.enter_context(_listening(settings.desk.host, settings.desk.port))
        refuse_bad_tiles(settings)
        home = Home.open(settings.home, settings.engines.min_free_bytes)
        stack.callback(home.close)
        engines = Engines(Supervisor(), home, settings)
        stack.push_async_callback(engines.supervisor.stop)
        addresses = await start_engines(settings, home, engines.supervisor)
        await asyncio.to_thread(upgrade_schema, addresses)
        parts = services_of(settings, addresses, engines)
        services, stream, only_hits = await stack.enter_async_context(parts)
        node = await Node.of(services, stream, only_hits)
        welcome = await _welcome(settings, engines, addresses, services.users)
        served = Served(stream.client, node.hotlists, services.images, only_hits.hours)
        sites = serving_sites(settings, engines, addresses.own_nats, served)
        await stack.enter_async_context(sites)
        await _start_workers(settings, engines, addresses)
        pool = Database(addresses.postgres, open=False, min_size=1, max_size=1)
        await stack.enter_async_context(pool)
        cameras = _camera_processes(settings, engines, addresses, PostgresGroups(pool))
        environment = _workers_environment(settings, engines, addresses)
        flights = SortieProcesses.of(settings, engines.supervisor, pool, environment)
        server = _server(create_desk(services), tls)
        _stop_when_told(server)
        say(welcome)
        if tls:
            stack.push_async_callback(ended, [asyncio.create_task(tls.follow())])
        keeping = [flights.keep_up(), *([cameras.keep_up()] if cameras else [])]
        await _work(node, keeping, server, listening)


async def _start_workers(settings: Settings, engines: Engines, addresses: Addresses) -> None:
    """Start what reads captures."""
    environment = _workers_environment(settings, engines, addresses)
    for number in range(settings.reading.workers):
        log_file = engines.home.folder("logs") / f"reader-{number}.log"
        await engines.supervisor.start(
            worker(f"reader {number}", ["worker", "reader"], log_file, environment)
        )


def _camera_processes(
    settings: Settings, engines: Engines, addresses: Addresses, groups: CameraGroups
) -> CameraProcesses | None:
    """What follows cameras; None on a node that reads no pictures."""
    if not settings.reading.workers:
        return None
    return CameraProcesses(
        supervisor=engines.supervisor,
        groups=groups,
        size=settings.reading.camera_group,
        logs=engines.home.folder("logs"),
        environment=_workers_environment(settings, engines, addresses),
    )


def _workers_environment(
    settings: Settings, engines: Engines, addresses: Addresses
) -> dict[str, str]:
    """Workers get the engines' addresses through their environment, which only we can read."""
    return {
        "MORINA_HOME": str(engines.home.path),
        "MORINA_ENGINES__POSTGRES_DSN": addresses.postgres,
        "MORINA_ENGINES__NATS_URL": addresses.nats,
        "MORINA_CAMERAS": settings.cameras.model_dump_json(),
        "MORINA_RETENTION": settings.retention.model_dump_json(),
        "MORINA_AERIAL": settings.aerial.model_dump_json(),
        "OPENCV_LOG_LEVEL": "ERROR",
    }


async def _welcome(settings: Settings, engines: Engines, addresses: Addresses, users: Users) -> str:
    """Write down where this node answers, and say so; the first password is shown only here."""
    url = desk_url(settings)
    where = {"url": url, "postgres": addresses.postgres, "nats": addresses.nats}
    if settings.desk.certificate:
        where["certificate"] = str(settings.desk.certificate.resolve())
    engines.home.write_private(engines.home.folder("run") / "node.json", json.dumps(where))
    lines = [f"Morina's desk is at {url}"]
    if password := await users.first_run():
        lines += ["Sign in as administrator with this password, shown only now:", f"  {password}"]
        lines += [
            "An administrator sees no reads. Give each person an account, at /people or with:",
            '  morina user add NAME --full-name "THEIR NAME" --role operator',
        ]
    return "\n".join(lines)


def _server(desk: FastAPI, tls: DeskTls | None) -> uvicorn.Server:
    """What serves the desk: over TLS where there is a certificate for it."""
    config = uvicorn.Config(
        desk, log_level="warning", timeout_graceful_shutdown=2, ws_max_size=1_000_000,
        lifespan="on", proxy_headers=False, server_header=False, log_config=None,
    )  # fmt: skip
    config.load()
    if tls:
        config.ssl = tls.context
    return uvicorn.Server(config)


def _stop_when_told(server: uvicorn.Server) -> None:
    """Whenever a signal comes: a serving server stops by itself, one that does not yet at once.

    Without a handler of ours the signal would then end the process.
    """

    def stop() -> None:
        log.info("stopping")
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _work(
    node: Node, keeping: Sequence[Coroutine[Any, Any, None]], server: uvicorn.Server,
    listening: socket.socket,
) -> None:  # fmt: skip
    """Serve and follow until the server is told to stop or a part fails."""
    work = [node.follow_hotlists(), node.follow_reads(), node.expire_alerts()]
    work += [node.follow_passing(), node.only_hits.write_down()]
    following = [asyncio.create_task(one) for one in (*work, *keeping)]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        done, _ = await asyncio.wait({serving, *following}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        server.should_exit = True
        await ended(following)
        await asyncio.gather(serving, return_exceptions=True)


def _listening(host: str, port: int) -> socket.socket:
    """The desk's socket, taken before anything is started."""
    try:
        return listening_at(host, port)
    except OSError as error:
        raise EngineError(
            f"cannot listen on {host}:{port}: {error.strerror}; "
            "stop what uses it, or set desk.port (MORINA_DESK__PORT)"
        ) from None
