"""Real engines for all tests: one PostgreSQL and one NATS a session, a fresh database a test."""

import asyncio
import shutil
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.engines import Engine, Home, Supervisor, nats_server, postgres_server
from morina.migrations import upgrade
from running import RunningNode


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
        asyncio.run_coroutine_threadsafe(supervisor.start(engine), loop).result(60)

    try:
        run(postgres)
        run(nats)
        yield Engines(dsn, url)
    finally:
        asyncio.run_coroutine_threadsafe(supervisor.stop(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        home.close()


@pytest.fixture
def dsn(engines: Engines) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(engines.postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield engines.postgres.rpartition("/")[0] + "/" + name
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[AsyncConnectionPool]:
    """Connections to a fresh database with the newest schema."""
    upgrade(dsn)
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
        "MORINA_PUSH__CERTIFICATE_HEADER": "X-Client-Certificate-SHA256",
        "MORINA_PUSH__PROXIES": '["127.0.0.1"]',
    }
    with RunningNode.start(reachable_folder / "node", chosen) as running:
        yield running
