"""The parts of a node: its engines, and every role the desk and the live path work with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import SQLAlchemyError

from morina import migrations
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_looks import PostgresLooks
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import SignatureError, Signer
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.alerts.adapters.postgres_raised import PostgresRaised
from morina.desk.live import Live
from morina.desk.map import TilesError, check_tiles
from morina.desk.services import Guarding, Search, Services
from morina.desk.shown import ShownAlerts
from morina.engines import EngineError, Home, NodeNats, Supervisor, postgres_server
from morina.engines.nats import wait_for_nats
from morina.engines.postgres import service_dsn, wait_for_postgres
from morina.exchange.delivering import Deliveries
from morina.migrations.rights import give_rights
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_unkept import ClickHouseUnkept
from morina.records.exports.giving import ExportRules, Exports
from morina.records.retention import KeepDays
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.adapters.nats_passing import NatsPassing
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.receiving import Receiving
from morina.settings import Settings
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_clones import PostgresClonedPlates
from morina.wiring.aerial.sorties import aerial_of
from morina.wiring.asking import search_of
from morina.wiring.backing_up import Source
from morina.wiring.backups import BackupState, backups_of
from morina.wiring.chosen import limits_of, rules_of
from morina.wiring.database import Database
from morina.wiring.decoding import MAKERS
from morina.wiring.exchange.starting import Within, exchange_of
from morina.wiring.forgetting import forgetting_of, take_sites
from morina.wiring.guarding import guard_of, overseen
from morina.wiring.health import upkeep_of
from morina.wiring.passing import OnlyHits
from morina.wiring.pictures import pictures_of
from morina.wiring.pushing import arrivals_at_once, arrivals_of, ways_in
from morina.wiring.registry import cameras_of
from morina.wiring.retention import retention_of
from morina.wiring.signing_in import doors_of
from morina.wiring.site_folder import SiteFolder, node_nats
from morina.wiring.site_states import KnownSites
from morina.wiring.tls import state_of
from morina.wiring.trail import EnteredReads, trail_of
from morina.wiring.trail_chain import authority_of, chain_of, oversight_of
from morina.wiring.trail_copies import TrailCopies, trail_copies
from morina.wiring.trail_watch import TrailWatch, watched_trail


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the engines answer."""

    postgres: str
    """As the role the node works as."""
    owner: str
    """The same database as the role that owns its tables."""
    nats: str
    own_nats: NodeNats | None = None


@dataclass(slots=True)
class Engines:
    """The engines of this node, as the desk's health page sees them."""

    supervisor: Supervisor
    home: Home
    settings: Settings
    backup: BackupState | None = None
    trail: TrailWatch | None = None
    copies: TrailCopies | None = None
    exchange: Deliveries | None = None

    async def engines(self) -> dict[str, str]:
        """See desk.services.Health."""
        states = self.supervisor.states()
        try:
            self.home.check_space(self.settings.engines.min_free_bytes)
            states["disk"] = "up"
        except EngineError as error:
            states["disk"] = str(error)
        if certificate := state_of(self.settings, datetime.now(UTC)):
            states["certificate"] = certificate
        if backup := self.backup.said(datetime.now(UTC)) if self.backup else None:
            states["backup"] = backup
        if trail := self.trail.said() if self.trail else None:
            states["trail"] = trail
        if copies := self.copies.said() if self.copies else None:
            states["checkpoints"] = copies
        if self.exchange:
            states["exchange"] = await _exchange_state(self.exchange)
        return states


async def _exchange_state(deliveries: Deliveries) -> str:
    try:
        troubles = await deliveries.troubles(datetime.now(UTC))
    except (ConnectionError, PoolTimeout) as outage:
        return f"not known: {outage}"
    return "; ".join(troubles) or "up"


async def start_engines(settings: Settings, home: Home, supervisor: Supervisor) -> Addresses:
    """Start the engines the settings do not name elsewhere."""
    postgres, nats = settings.engines.postgres_dsn, settings.engines.nats_url
    if postgres:
        owner = settings.engines.postgres_owner_dsn or postgres
        await wait_for_postgres(owner)
    else:
        engine, owner = postgres_server(home)
        await supervisor.start(engine)
        postgres = service_dsn(home, owner)
    if nats:
        await wait_for_nats(nats)
        return Addresses(postgres, owner, nats)
    own = node_nats(settings, home)
    await supervisor.start(own.engine)
    return Addresses(postgres, owner, own.url, own)


@asynccontextmanager
async def services_of(
    settings: Settings, addresses: Addresses, engines: Engines
) -> AsyncIterator[tuple[Services, NatsHandOver, OnlyHits]]:
    """Everything between the engines and the desk, connected."""
    pool = Database(addresses.postgres, open=False, min_size=2, max_size=12)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(pool)
        stream = await NatsHandOver.connect(
            addresses.nats, refused_days=settings.retention.refused_days
        )
        stack.push_async_callback(stream.close)
        trail = PostgresTrail()
        signer = _signer(engines.home)
        engines.copies = await stack.enter_async_context(trail_copies(settings, engines.home.path))
        reader, collecting = await stack.enter_async_context(
            trail_of(pool, engines.home.path, signer)
        )
        cameras = cameras_of(settings, pool, trail)
        await cameras.seal_all()
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
        users = PostgresUsers(pool)
        guard = guard_of(settings, engines.home, pool, users)
        search = await stack.enter_async_context(
            search_of(settings, folder, pool, upkeep.checkup, guard.clearing)
        )
        forgotten = await stack.enter_async_context(
            forgetting_of(settings, engines.home, pool, cameras, keep)
        )
        chain = chain_of(pool, engines.home, signer)
        marks = guard.overseer.marks
        oversight = oversight_of(pool, chain, authority_of(settings), guard.clearing, marks)
        engines.trail = watch = await stack.enter_async_context(
            watched_trail(settings, pool, engines.home.path, oversight.chain)
        )
        within = Within(settings, engines.home, addresses.postgres, guard)
        exchange = await stack.enter_async_context(exchange_of(within))
        engines.exchange = exchange.deliveries if exchange else None
        aerial = await stack.enter_async_context(aerial_of(settings, pool))
        services = Services(
            users=users,
            guard=Guarding(guard.four_eyes, guard.overseer),
            hotlists=PostgresHotlists(pool, trail),
            alerts=ShownAlerts(PostgresAlerts(pool, rules_of(settings), trail), live, clones),
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
            oversight=replace(oversight, last_check=lambda: watch.last),
            kept_days=keep,
            exports=_exports(settings, engines.home, search, signer),
            sites=KnownSites(SiteFolder(engines.home, settings)),
            live=live,
            looks=PostgresLooks(pool),
            limits=limits_of(settings),
            session_secret=engines.home.secret("session"),
            doors=doors_of(settings, engines.home, pool, users),
            exchange=exchange,
            aerial=aerial,
        )
        source = Source(
            settings=settings, home=engines.home, dsn=addresses.owner, client=stream.client,
            records=records, images=pictures_of(settings), trail=reader, signer=signer,
        )  # fmt: skip
        engines.backup = await stack.enter_async_context(backups_of(source))
        await stack.enter_async_context(ways_in(settings, services.receiving))
        await stack.enter_async_context(overseen(guard.overseer, PostgresRaised(pool)))
        yield services, stream, only_hits


def refuse_bad_tiles(settings: Settings) -> None:
    """EngineError when the operator's own map tiles cannot be used."""
    try:
        if settings.desk.tiles:
            check_tiles(settings.desk.tiles)
    except TilesError as error:
        raise EngineError(f"desk.tiles: {error}") from None


def upgrade_schema(addresses: Addresses) -> None:
    """Bring the database to the newest schema, and let the node's role work with it; EngineError
    when it cannot be."""
    try:
        migrations.upgrade(addresses.owner)
        give_rights(addresses.owner, addresses.postgres)
    except (psycopg.Error, SQLAlchemyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineError(
            f"the schema of the database cannot be brought up ({reason}); the role of "
            "engines.postgres_owner_dsn (or engines.postgres_dsn) must own the database"
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
    rules = ExportRules(
        rows=settings.search.export_rows,
        bytes=settings.search.export_bytes,
        alone=settings.purpose.export_alone,
    )
    return Exports(search.asking, pictures_of(settings), signer, home.path / "exports", rules)
