"""Knows every part and names the adapters; the path of a read is the loop ``Node.follow_reads``."""

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import uvicorn
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from morina import migrations
from morina.accountability.adapters.postgres import PostgresUsers
from morina.alerts import AlertRules, AlertStore
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.desk.app import create_desk
from morina.desk.live import AlertChanged, Live, ReadsKept
from morina.desk.map import check_tiles
from morina.desk.services import Limits, Services
from morina.engines import EngineError, Home, Supervisor, nats_server, postgres_server, worker
from morina.engines.postgres import wait_for_postgres
from morina.records import ReadStore
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Read
from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.video_file import VideoFile
from morina.sense.cameras.following import Follower
from morina.sense.hand_over import HandOver
from morina.sense.recogniser.adapters.rapidocr import RapidOcrRecogniser
from morina.sense.recogniser.captures import read_captures
from morina.sense.recogniser.passages import PassageFollower
from morina.sense.recogniser.reading import Recogniser
from morina.settings import Settings
from morina.watch import Hotlists, HotlistStore
from morina.watch.adapters.postgres import PostgresHotlists

log = logging.getLogger(__name__)

OUTAGES = (psycopg.OperationalError, PoolTimeout, ClickHouseError, *NATS_OUTAGES)
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

    async def follow_reads(self) -> None:
        """The path of a read. Every step may run twice; the stream forgets only what is durable."""
        async for batch in self.stream.reads():
            while not await self._kept_and_raised(batch.items):
                await asyncio.sleep(TRY_AGAIN_AFTER_S)
            with suppress(*NATS_OUTAGES):
                await batch.acknowledge()

    async def _kept_and_raised(self, reads: Sequence[Read]) -> bool:
        now = datetime.now(UTC)
        try:
            await self.records.keep(reads, now)
            hits = [(read, hit) for read in reads for hit in self.hotlists.match(read)]
            alerts = await self.alerts.raise_for(hits, now) if hits else []
        except OUTAGES as outage:
            log.warning("an engine does not answer (%s); trying again", outage)
            return False
        for alert in alerts:
            self.live.show(AlertChanged(alert, new=alert.repeats == 0 and not alert.late))
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
                for alert in await self.alerts.expire_due(datetime.now(UTC)):
                    self.live.show(AlertChanged(alert, new=False))
            await asyncio.sleep(EXPIRE_EVERY_S)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the engines answer."""

    postgres: str
    nats: str


@dataclass(slots=True)
class Engines:
    """The engines of this node, as the desk's health page sees them."""

    supervisor: Supervisor
    home: Home
    min_free_bytes: int

    async def engines(self) -> dict[str, str]:
        """See desk.services.Health."""
        states = self.supervisor.states()
        try:
            self.home.check_space(self.min_free_bytes)
            states["disk"] = "up"
        except EngineError as error:
            states["disk"] = str(error)
        return states


def recogniser(threads: int = 1, countries: Sequence[str] = ()) -> Recogniser:
    """What reads plates in pictures; ``countries`` (ISO alpha-2) are those expected here."""
    return RapidOcrRecogniser(threads=threads, countries=countries)


async def run_node(settings: Settings, started: asyncio.Event | None = None) -> None:
    """A whole node, until cancelled. Raises EngineError when it cannot run."""
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(_listening(settings.desk.host, settings.desk.port))
        home = Home.open(settings.home, settings.engines.min_free_bytes)
        stack.callback(home.close)
        if settings.desk.tiles:
            check_tiles(settings.desk.tiles)
        supervisor = Supervisor()
        stack.push_async_callback(supervisor.stop)
        addresses = await start_engines(settings, home, supervisor)
        await asyncio.to_thread(migrations.upgrade, addresses.postgres)
        services, node = await stack.enter_async_context(
            _parts(settings, addresses, home, supervisor)
        )
        await _announce(settings, home, addresses, services)
        await _start_workers(settings, home, supervisor, addresses)
        await _work(settings, node, services, listening, started)


async def start_engines(settings: Settings, home: Home, supervisor: Supervisor) -> Addresses:
    """Start the engines the settings do not name elsewhere."""
    postgres, nats = settings.engines.postgres_dsn, settings.engines.nats_url
    if postgres:
        await wait_for_postgres(postgres)
    else:
        engine, postgres = postgres_server(home)
        await supervisor.start(engine)
    if not nats:
        engine, nats = nats_server(home, settings.engines.nats_store_bytes)
        await supervisor.start(engine)
    return Addresses(postgres, nats)
