"""The parts of a node: its engines, and every role the desk and the live path work with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from sqlalchemy.exc import SQLAlchemyError

from morina import migrations
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import SignatureError, Signer
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.desk.live import Live
from morina.desk.map import TilesError, check_tiles
from morina.desk.services import Limits, Search, Services
from morina.desk.shown import ShownAlerts
from morina.engines import EngineError, Home, NodeNats, Supervisor, postgres_server
from morina.engines.nats import wait_for_nats
from morina.engines.postgres import wait_for_postgres
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_unkept import ClickHouseUnkept
from morina.records.exports.giving import ExportRules, Exports
from morina.records.retention import KeepDays
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.adapters.nats_passing import NatsPassing
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.receiving import Receiving
from morina.settings import Settings
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_clones import PostgresClonedPlates
from morina.wiring.asking import search_of
from morina.wiring.database import Database
from morina.wiring.decoding import MAKERS
from morina.wiring.forgetting import forgetting_of, take_sites
from morina.wiring.health import upkeep_of
from morina.wiring.passing import OnlyHits
from morina.wiring.pictures import pictures_of
from morina.wiring.pushing import arrivals_at_once, arrivals_of, ways_in
from morina.wiring.retention import retention_of
from morina.wiring.site_folder import SiteFolder, node_nats
from morina.wiring.site_states import KnownSites
from morina.wiring.trail import EnteredReads, trail_of


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the engines answer."""

    postgres: str
    nats: str
    own_nats: NodeNats | None = None


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


async def start_engines(settings: Settings, home: Home, supervisor: Supervisor) -> Addresses:
    """Start the engines the settings do not name elsewhere."""
    postgres, nats = settings.engines.postgres_dsn, settings.engines.nats_url
    if postgres:
        await wait_for_postgres(postgres)
    else:
        engine, postgres = postgres_server(home)
        await supervisor.start(engine)
    if nats:
        await wait_for_nats(nats)
        return Addresses(postgres, nats)
    own = node_nats(settings, home)
    await supervisor.start(own.engine)
    return Addresses(postgres, own.url, own)


@asynccontextmanager
async def services_of(
    settings: Settings, addresses: Addresses, engines: Engines
) -> AsyncIterator[tuple[Services, NatsHandOver, OnlyHits]]:
    """Everything between the engines and the desk, connected."""
    pool = Database(addresses.postgres, open=False, min_size=2, max_size=12)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(pool)
        stream = await NatsHandOver.connect(addresses.nats)
        stack.push_async_callback(stream.close)
        trail = PostgresTrail()
        signer = _signer(engines.home)
        reader, collecting = await stack.enter_async_context(
            trail_of(pool, engines.home.path, signer)
        )
        cameras = PostgresCameras(pool, trail)
        keep = KeepDays(retention_of(settings))
        await take_sites(keep, cameras)
        records = await asyncio.to_thread(_records, settings, engines.home, keep)
        stack.push_async_callback(records.close)
        live = Live()
        clones = PostgresClonedPlates(pool, trail)
        pushing = PostgresPushing(pool, engines.home.secret("cameras"), trail)
        folder = engines.home.folder("clickhouse")
        hours = await asyncio.to_thread(
            ClickHouseUnkept.at, settings.engines.clickhouse_dsn, folder
        )
        stack.push_async_callback(hours.close)
        passing = NatsPassing(stream.client)
        await passing.prepare()
        forgets = keep.retention.forgets_at_once
        only_hits = OnlyHits(hours, pictures_of(settings), passing, forgets)
        arrivals = arrivals_of(settings, stream, pictures_of(settings), PostgresPending(pool))
        arrivals.forgets, arrivals.at_once = forgets, arrivals_at_once(settings, passing)
        upkeep = await stack.enter_async_context(upkeep_of(settings, folder, stream, pool, pushing))
        search = await stack.enter_async_context(search_of(settings, folder, pool, upkeep.checkup))
        forgotten = await stack.enter_async_context(
            forgetting_of(settings, engines.home, pool, cameras, keep)
        )
        services = Services(
            users=PostgresUsers(pool),
            hotlists=PostgresHotlists(pool, trail),
            alerts=ShownAlerts(PostgresAlerts(pool, _rules(settings), trail), live, clones),
            clones=clones,
            reads=EnteredReads(records, collecting),
            images=pictures_of(settings),
            cameras=cameras,
            pushing=pushing,
            receiving=Receiving(MAKERS, pushing, arrivals),
            intake=stream,
            health=engines,
            upkeep=upkeep,
            search=search,
            forgotten=forgotten,
            trail=reader,
            kept_days=keep,
            exports=_exports(settings, engines.home, search, signer),
            sites=KnownSites(SiteFolder(engines.home, settings)),
            live=live,
            limits=_limits(settings),
            session_secret=engines.home.secret("session"),
        )
        await stack.enter_async_context(ways_in(settings, services.receiving))
        yield services, stream, only_hits


def refuse_bad_tiles(settings: Settings) -> None:
    """EngineError when the operator's own map tiles cannot be used."""
    try:
        if settings.desk.tiles:
            check_tiles(settings.desk.tiles)
    except TilesError as error:
        raise EngineError(f"desk.tiles: {error}") from None


def upgrade_schema(dsn: str) -> None:
    """Bring the database to the newest schema; EngineError when it cannot be."""
    try:
        migrations.upgrade(dsn)
    except (psycopg.Error, SQLAlchemyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineError(
            f"the schema of the database cannot be brought up ({reason}); the role of "
            "engines.postgres_dsn must own the database"
        ) from None


def _records(settings: Settings, home: Home, keep: KeepDays) -> ClickHouseReads:
    try:
        return ClickHouseReads.at(settings.engines.clickhouse_dsn, home.folder("clickhouse"), keep)
    except ClickHouseError as error:
        raise EngineError(
            f"no ClickHouse answers at engines.clickhouse_dsn ({str(error)[:120]} ...); "
            "start it or mend the DSN"
        ) from None


def _signer(home: Home) -> Signer:
    try:
        return Signer.of(home.secret("signing"))
    except SignatureError as error:
        raise EngineError(str(error)) from None


def _exports(settings: Settings, home: Home, search: Search, signer: Signer) -> Exports:
    rules = ExportRules(rows=settings.search.export_rows, bytes=settings.search.export_bytes)
    return Exports(search.asking, pictures_of(settings), signer, home.path / "exports", rules)


def _rules(settings: Settings) -> AlertRules:
    alerts = settings.alerts
    return AlertRules(
        fold_within_s=alerts.fold_within_s,
        live_within_s=alerts.live_within_s,
        expire_after_s=alerts.expire_after_s,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        upload_bytes=settings.desk.upload_bytes,
        push_bytes=settings.push.bytes,
        certificate_header=settings.push.certificate_header,
        proxies=settings.push.proxies,
        image_pixels=settings.desk.image_pixels,
        look_alike_swaps=settings.matching.look_alike_swaps,
        live_within_s=settings.alerts.live_within_s,
        misread_share=settings.matching.misread_share,
        reads_a_day=settings.matching.reads_a_day,
        tiles=settings.desk.tiles,
        metrics_from_loopback=settings.health.metrics_from_loopback,
    )
