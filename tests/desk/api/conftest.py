"""The API on real stores: PostgreSQL, a folder of images; a fresh, empty node for each test."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from PIL import Image
from psycopg_pool import AsyncConnectionPool
from starlette.requests import Request

from asked import Where, asking_of, at_once
from morina.accountability import User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.signing import Signer
from morina.alerts import Alert, AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.desk import metrics, push, sessions
from morina.desk.api import router
from morina.desk.live import Live
from morina.desk.services import Limits, Search, Services
from morina.desk.shown import ShownAlerts
from morina.engines import Home
from morina.migrations import upgrade
from morina.plates import Plate
from morina.records import Disputed, Period
from morina.records.adapters.obstore import ObstoreImages
from morina.records.exports.giving import Exports
from morina.records.questions import Scope
from morina.sense import Capture, Evidence, Read
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.receiving import Receiving
from morina.settings import Settings
from morina.watch import (
    Action,
    Hit,
    Hotlist,
    Likeness,
    Listed,
    ReasonCode,
    SubjectCategory,
    VehicleOfInterest,
)
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_clones import PostgresClonedPlates
from morina.wiring.decoding import MAKERS
from morina.wiring.site_folder import SiteFolder
from morina.wiring.site_states import KnownSites
from upkeep import CountedPassages, upkeep_of

HERE = "https://desk.test"
PASSWORD = "a long enough password"


class Intake:
    """Remembers what was handed over; NATS itself is tested where it is."""

    def __init__(self) -> None:
        self.captures: list[Capture] = []
        self.reads: list[Read] = []
        self.failing: Exception | None = None

    async def hand_over(self, capture: Capture) -> None:
        if self.failing:
            raise self.failing
        self.captures.append(capture)

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        if self.failing:
            raise self.failing
        self.reads += reads


class LatestReads:
    """The reads it was given, newest first; ClickHouse itself is tested where it is."""

    def __init__(self) -> None:
        self.kept: list[Read] = []

    async def keep(self, reads: list[Read], _now: datetime) -> None:
        self.kept += reads

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        newest = sorted(self.kept, key=lambda read: read.captured_at, reverse=True)
        return [read for read in newest if since is None or read.captured_at > since][:limit]

    async def count(self) -> int:
        return len(self.kept)

    async def disputed(self, _since: datetime) -> dict[str, Disputed]:
        return {}


class Health:
    """Answers ``engines``, or fails as a bug would."""

    broken = False

    async def engines(self) -> dict[str, str]:
        if self.broken:
            raise ZeroDivisionError("secret inner workings")
        return {"postgres": "up"}


@dataclass(frozen=True)
class Desk:
    """One node's API, and a client that carries an officer's token."""

    app: FastAPI
    services: Services
    client: httpx.AsyncClient
    folder: Path
    intake: Intake
    reads: LatestReads
    health: Health
    figures: CountedPassages

    def browser(self) -> httpx.AsyncClient:
        """A client without a token, at the desk's own pages."""
        return client_of(self.app, {"Origin": HERE})

    def stored_pictures(self) -> int:
        return sum(path.is_file() for path in self.folder.rglob("*"))


def client_of(app: FastAPI, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=HERE, headers=headers, timeout=30
    )


def where_of(plate: Plate, period: Period) -> Where:
    return Where(plate=plate.text, scope=Scope(period=period))


def pages_of(app: FastAPI) -> None:
    """The two pages these tests need."""

    @app.post("/sign-in")
    async def sign_in(request: Request) -> User:
        return await sessions.sign_in(request, "ana", PASSWORD)

    @app.post("/sign-out")
    async def sign_out(request: Request) -> None:
        await sessions.sign_out(request)

    @app.get("/page")
    async def page(request: Request) -> User:
        return sessions.current_user(request)


class WithPostgres(Protocol):
    """The session's engines, as the top conftest gives them."""

    postgres: str


@pytest.fixture(scope="session")
def node_dsn(engines: WithPostgres) -> Iterator[str]:
    """One database with the schema in place, for all tests of the API."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(engines.postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        dsn = engines.postgres.rpartition("/")[0] + "/" + name
        upgrade(dsn)
        yield dsn
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_dsn(node_dsn: str) -> str:
    """That database, emptied."""
    with psycopg.connect(node_dsn, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        tables = ", ".join(row[0] for row in rows)
        connection.execute("SET session_replication_role = replica")  # past what refuses changes
        connection.execute(f"TRUNCATE {tables}")
    return node_dsn


@pytest.fixture
async def desk(empty_dsn: str, tmp_path: Path) -> AsyncIterator[Desk]:
    dsn, quick = empty_dsn, Passwords(PasswordHasher(1, 8, 1))
    intake, reads, health, figures = Intake(), LatestReads(), Health(), CountedPassages()
    async with AsyncConnectionPool(dsn, min_size=1, max_size=4, open=False) as pool:
        images = ObstoreImages.at("", tmp_path / "images")
        pushing = PostgresPushing(pool, "k" * 32, PostgresTrail())
        sites = SiteFolder(Home(tmp_path), Settings(home=tmp_path))
        arrivals = Arrivals(intake, images, PostgresPending(pool))  # type: ignore[arg-type]  # takes
        live, clones = Live(), PostgresClonedPlates(pool, PostgresTrail())
        search = Search(asking=asking_of(pool, at_once), of_listing=where_of)
        services = Services(
            users=PostgresUsers(pool, quick),
            hotlists=PostgresHotlists(pool, PostgresTrail()),
            alerts=ShownAlerts(PostgresAlerts(pool, AlertRules(), PostgresTrail()), live, clones),
            clones=clones,
            reads=reads,
            images=images,
            cameras=PostgresCameras(pool, PostgresTrail()),
            pushing=pushing,
            receiving=Receiving(MAKERS, pushing, arrivals),
            intake=intake,
            health=health,
            upkeep=upkeep_of(pool, pushing, images, figures),
            search=search,
            exports=Exports(search.asking, images, Signer.of("A" * 43), tmp_path / "exports"),
            sites=KnownSites(sites),
            live=live,
            limits=Limits(upload_bytes=2_000_000, image_pixels=1_000_000),
            session_secret="s" * 32,
            trail=PostgresTrailReader(pool),
        )
        for name in ("ana", "ben"):
            await services.users.add(User(name=name, full_name=name.title()), PASSWORD)
        until = datetime.now(UTC) + timedelta(days=1)
        token = await services.users.issue_token("ana", "tests", until)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        app.include_router(push.router(services))
        app.include_router(router(services))
        app.include_router(metrics.router(services))
        pages_of(app)
        async with (
            app.router.lifespan_context(app),
            client_of(app, {"Authorization": f"Bearer {token}"}) as client,
        ):
            yield Desk(app, services, client, tmp_path / "images", intake, reads, health, figures)
        await services.search.asking.close()


@pytest.fixture
async def camera(desk: Desk) -> Camera:
    camera = Camera(
        camera_id="north-1", name="North 1", site="North", latitude=42.1, longitude=20.4
    )
    await desk.services.cameras.put(camera)
    return camera


def a_hotlist() -> Hotlist:
    return Hotlist(
        hotlist_id=uuid4(),
        name="Stolen",
        owner="Border police",
        purpose="finding stolen vehicles",
        legal_basis="Police Act 12",
        review_at=datetime.now(UTC).date() + timedelta(days=30),
    )


def a_listing(text: str = "AB12CDE") -> VehicleOfInterest:
    now = datetime.now(UTC).replace(microsecond=0)
    return VehicleOfInterest(
        listing_id=uuid4(),
        plate=Plate(text, "GB"),
        reason_code=ReasonCode.STOLEN,
        subject_category=SubjectCategory.OTHER,
        action=Action.STOP,
        owner_unit="Unit 4",
        contact_24h="+000 1",
        legal_basis="Police Act 12",
        created_by="ana",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=30),
        review_at=now.date() + timedelta(days=20),
        priority=80,
    )


@pytest.fixture
async def hotlist(desk: Desk) -> Hotlist:
    return await desk.services.hotlists.create(a_hotlist())


def a_read() -> Read:
    now = datetime.now(UTC)
    return Read(
        read_id=uuid4(),
        camera_id="north-1",
        captured_at=now,
        received_at=now,
        plate=Plate("AB12CDE", "GB"),
        confidence=0.9,
        evidence=Evidence("a" * 64, "b" * 64, (1, 2, 3, 4), ((1, 2), (3, 2), (3, 4), (1, 4))),
    )


@pytest.fixture
async def alert(desk: Desk, hotlist: Hotlist) -> Alert:
    listing = a_listing()
    changed = await desk.services.hotlists.add(hotlist.hotlist_id, listing, "ana")
    read = a_read()
    hit = Hit(read.read_id, Listed(changed, listing), Likeness.EXACT)
    [raised] = await desk.services.alerts.raise_for([(read, hit)], datetime.now(UTC))
    return raised


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    encoded = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(encoded, kind)
    return encoded.getvalue()


def capture_fields(**changed: str) -> dict[str, str]:
    return {
        "camera_id": "north-1",
        "captured_at": datetime.now(UTC).isoformat(),
        "capture_id": str(UUID(int=7)),
    } | changed
