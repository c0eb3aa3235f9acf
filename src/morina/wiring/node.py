"""A whole node; the path of a read is the loop ``Node.follow_reads``."""

import asyncio
import json
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

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
from morina.wiring.cameras import CameraProcesses
from morina.wiring.database import Database
from morina.wiring.parts import (
    Addresses,
    Engines,
    refuse_bad_tiles,
    services_of,
    start_engines,
    upgrade_schema,
)
from morina.wiring.passing import OnlyHits
from morina.wiring.sites import Served, serving_sites

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
        hotlists.apply(await services.hotlists.changes_since(0))
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
                self.hotlists.apply(await self.listed.changes_since(self.hotlists.revision))
            await asyncio.sleep(LOOK_FOR_LISTINGS_EVERY_S)

    async def expire_alerts(self) -> None:
        """Expire what nobody acknowledged in time."""
        while True:
            with suppress(*OUTAGES):
                await self.alerts.expire_due(datetime.now(UTC))
            await asyncio.sleep(EXPIRE_EVERY_S)


async def run_node(settings: Settings, say: Callable[[str], None] = print) -> None:
    """A whole node, until SIGINT or SIGTERM. Raises EngineError when it cannot run."""
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(_listening(settings.desk.host, settings.desk.port))
        refuse_bad_tiles(settings)
        home = Home.open(settings.home, settings.engines.min_free_bytes)
        stack.callback(home.close)
        engines = Engines(Supervisor(), home, settings.engines.min_free_bytes)
        stack.push_async_callback(engines.supervisor.stop)
        addresses = await start_engines(settings, home, engines.supervisor)
        await asyncio.to_thread(upgrade_schema, addresses.postgres)
        parts = services_of(settings, addresses, engines)
        services, stream, only_hits = await stack.enter_async_context(parts)
        node = await Node.of(services, stream, only_hits)
        welcome = await _welcome(settings, engines, addresses, services.users)
        served = Served(stream.client, node.hotlists, services.images)
        sites = serving_sites(settings, engines, addresses.own_nats, served)
        await stack.enter_async_context(sites)
        await _start_workers(settings, engines, addresses)
        pool = Database(addresses.postgres, open=False, min_size=1, max_size=1)
        await stack.enter_async_context(pool)
        cameras = _camera_processes(settings, engines, addresses, PostgresGroups(pool))
        say(welcome)
        await _work(node, cameras, create_desk(services), listening)


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
        "MORINA_RETENTION": settings.retention.model_dump_json(),
        "OPENCV_LOG_LEVEL": "ERROR",
    }


async def _welcome(settings: Settings, engines: Engines, addresses: Addresses, users: Users) -> str:
    """Write down where this node answers, and say so; the first password is shown only here."""
    url = f"http://{settings.desk.host}:{settings.desk.port}"
    where = {"url": url, "postgres": addresses.postgres, "nats": addresses.nats}
    engines.home.write_private(engines.home.folder("run") / "node.json", json.dumps(where))
    lines = [f"Morina's desk is at {url}"]
    if password := await users.first_run():
        lines += ["Sign in as administrator with this password, shown only now:", f"  {password}"]
    return "\n".join(lines)


async def _work(
    node: Node, cameras: CameraProcesses | None, desk: FastAPI, listening: socket.socket
) -> None:
    """Serve and follow until the server is told to stop or a part fails."""
    config = uvicorn.Config(
        desk, log_level="warning", timeout_graceful_shutdown=2, ws_max_size=1_000_000,
        lifespan="on", proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        # the server stops by itself; without a handler of ours it would then end the process
        asyncio.get_running_loop().add_signal_handler(number, log.info, "stopping")
    work = [node.follow_hotlists(), node.follow_reads(), node.expire_alerts()]
    work += [node.follow_passing(), node.only_hits.write_down()]
    work += [cameras.keep_up()] if cameras else []
    following = [asyncio.create_task(one) for one in work]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        done, _ = await asyncio.wait({serving, *following}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        server.should_exit = True
        for task in following:
            task.cancel()
        await asyncio.gather(serving, *following, return_exceptions=True)


def _listening(host: str, port: int) -> socket.socket:
    """The desk's socket, taken before anything is started."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise EngineError(
            f"cannot listen on {host}:{port}: {error.strerror}; "
            "stop what uses it, or set desk.port (MORINA_DESK__PORT)"
        ) from None
    return listening
