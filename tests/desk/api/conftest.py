"""The API on real stores: PostgreSQL, a folder of images; a fresh, empty node for each test."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from PIL import Image
from psycopg_pool import AsyncConnectionPool
from starlette.requests import Request

from asked import Where, asking_of, at_once
from databases import Databases
from guards import MARKS, clearing_of, guarding_of, roles_of_users
from morina.accountability import Role, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_factors import PostgresFactors
from morina.accountability.adapters.postgres_looks import PostgresLooks
from morina.accountability.adapters.postgres_sessions import PostgresSessions
from morina.accountability.adapters.postgres_tokens import PostgresTokens
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.sealing import Sealing
from morina.accountability.signing import Signer
from morina.accountability.signing_in import SigningIn
from morina.alerts import Alert, AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.desk import metrics, pictures, push, sessions
from morina.desk.api import serve
from morina.desk.authority import Authority
from morina.desk.live import Live
from morina.desk.services import Doors, Limits, Search, Services
from morina.desk.shown import ShownAlerts
from morina.engines import Home
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
from morina.wiring.trail_chain import chain_of, oversight_of
from upkeep import CountedPassages, upkeep_of

HERE = "https://desk.test"
PASSWORD = "a long enough password"
WORKING = frozenset(Role) - {
    Role.ADMINISTRATOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.LIAISON_OFFICER,
}
"""The roles of the officers of these tests; ``Desk.holding`` gives a client with others."""


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

    @asynccontextmanager
    async def holding(self, *roles: Role) -> AsyncIterator[httpx.AsyncClient]:
        """A client with the token of somebody who has these roles and no others."""
        name = "-".join(roles) or "nobody"
        if await self.services.users.user(name) is None:
            user = User(name=name[:64], full_name="Somebody", roles=frozenset(roles))
            await self.services.users.add(user, PASSWORD)
        until = datetime.now(UTC) + timedelta(days=1)
        token = await self.services.users.issue_token(name, "tests", until)
        async with client_of(self.app, {"Authorization": f"Bearer {token}"}) as client:
            yield client

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
    async def sign_in(request: Request) -> str:
        return (await sessions.sign_in(request, "ana", PASSWORD)).stage.value

    @app.post("/sign-out")
    async def sign_out(request: Request) -> None:
        await sessions.sign_out(request)

    @app.get("/account")
    async def page(request: Request) -> User:
        return sessions.current_user(request)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture is refused for what it is, never because this machine is busy."""
    monkeypatch.setattr(pictures, "DECODE_S", 120.0)


@pytest.fixture
def empty_dsn(databases: Databases) -> Iterator[str]:
    """A database with the schema in place and nothing in it."""
    taken = databases.take()
    yield taken
    databases.give_back(taken)


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
        users, sealing = PostgresUsers(pool, quick), Sealing(b"k" * 32)
        factors = PostgresFactors(pool, sealing)
        signing = SigningIn(users, PostgresSessions(pool), factors)
        services = Services(
            users=users,
            doors=Doors(signing=signing, sealing=sealing, tokens=PostgresTokens(pool)),
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
            looks=PostgresLooks(pool),
            limits=Limits(upload_bytes=2_000_000, image_pixels=1_000_000),
            session_secret="s" * 32,
            trail=PostgresTrailReader(pool),
            guard=guarding_of(pool, users),
            oversight=oversight_of(
                pool,
                chain_of(pool, Home(tmp_path), Signer.of("A" * 43)),
                Authority(),
                clearing_of(pool, roles_of=roles_of_users(users)),
                MARKS,
            ),
        )
        for name in ("ana", "ben"):
            await services.users.add(
                User(name=name, full_name=name.title(), roles=WORKING), PASSWORD
            )
        until = datetime.now(UTC) + timedelta(days=1)
        token = await services.users.issue_token("ana", "tests", until)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        app.include_router(push.router(services))
        serve(app, services)
        app.include_router(metrics.router(services))
        pages_of(app)
        async with (
            app.router.lifespan_context(app),
            client_of(app, {"Authorization": f"Bearer {token}"}) as client,
        ):
            yield Desk(app, services, client, tmp_path / "images", intake, reads, health, figures)
        await services.search.asking.close()


@pytest.fixture
async def overseer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A client that carries the token of dora, the data protection officer."""
    users, until = desk.services.users, datetime(2100, 1, 1, tzinfo=UTC)
    roles = frozenset({Role.DATA_PROTECTION_OFFICER})
    await users.add(User(name="dora", full_name="Dora", roles=roles), PASSWORD)
    token = await users.issue_token("dora", "tests", until)
    async with client_of(desk.app, {"Authorization": f"Bearer {token}"}) as client:
        yield client


@pytest.fixture
async def a_listed(desk: Desk, hotlist: Hotlist) -> VehicleOfInterest:
    """An entry of the hotlist."""
    listing = a_listing()
    await desk.services.hotlists.add(hotlist.hotlist_id, listing, "ana")
    return listing


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
