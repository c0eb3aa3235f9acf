"""Real engines for all tests: one PostgreSQL and one NATS a session, a fresh database a test."""

import asyncio
import json
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from databases import Databases, databases_of
from morina.engines import Engine, Home, Supervisor, nats_server, postgres_server
from running import RunningNode

TIERS = [
    {"name": "recent", "up_to_days": 90, "roles": ["investigator", "analyst"]},
    {"name": "old", "up_to_days": 365, "roles": ["analyst"], "codes": ["serious_crime"],
     "second_person": True},
    {"name": "patterns", "up_to_days": 60, "roles": ["analyst"], "patterns": True},
]  # fmt: skip
"""Of the node of the tests: patterns are asked without a second person, old reads with one."""


@dataclass(frozen=True)
class Engines:
    """Where the session's engines answer."""

    postgres: str
    nats: str


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that the database's own system user can enter (pytest's it cannot)."""
    folder = Path(tempfile.mkdtemp(prefix="morina-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def engines(reachable_folder: Path) -> Iterator[Engines]:
    """The session's PostgreSQL and NATS."""
    home = Home.open(reachable_folder / "engines")
    postgres, dsn = postgres_server(home)
    nats, url = nats_server(home, 2_000_000_000)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    supervisor = Supervisor()

    def run(engine: Engine) -> None:
        asyncio.run_coroutine_threadsafe(supervisor.start(engine), loop).result(300)

    try:
        run(postgres)
        _let_it_forget(dsn)
        run(nats)
        yield Engines(dsn, url)
    finally:
        asyncio.run_coroutine_threadsafe(supervisor.stop(), loop).result(300)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        home.close()


def _let_it_forget(dsn: str) -> None:
    """This server is never killed, so nothing need reach the disk: commits take half the time."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def databases(engines: Engines) -> Databases:
    """Databases of the session's PostgreSQL."""
    return databases_of(engines.postgres)


@pytest.fixture
def dsn(databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty PostgreSQL database; with the newest schema where the test asks for a pool too."""
    if "pool" in request.fixturenames:
        taken = databases.take()
        yield taken
        databases.give_back(taken)
    else:
        fresh = databases.new()
        yield fresh
        databases.drop(fresh)


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[AsyncConnectionPool]:
    """Connections to a database with the newest schema and nothing in it."""
    async with AsyncConnectionPool(dsn, min_size=1, max_size=4, open=False) as opened:
        yield opened


@pytest.fixture
def nats_url(engines: Engines) -> str:
    """The session's NATS; use stream names of your own."""
    return engines.nats


@pytest.fixture(scope="session")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    """A whole node of the session, without workers that read pictures."""
    chosen = {
        "MORINA_HEALTH__LOOK_EVERY_S": "5",
        "MORINA_PURPOSE__TIERS": json.dumps(TIERS),
        "MORINA_PUSH__CERTIFICATE_HEADER": "X-Client-Certificate-SHA256",
        "MORINA_PUSH__PROXIES": '["127.0.0.1"]',
    }
    with RunningNode.start(reachable_folder / "node", chosen) as running:
        yield running
