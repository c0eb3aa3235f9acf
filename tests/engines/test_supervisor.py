import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from morina.engines import Engine, EngineError, Home, Supervisor, postgres_server


def sleeper(folder: Path, code: str = "import time; time.sleep(3600)") -> Engine:
    return Engine(name="sleeper", command=[sys.executable, "-c", code], log_file=folder / "log")


async def until(claim: object, within_s: float = 120) -> None:
    assert callable(claim)
    async with asyncio.timeout(within_s):
        while not claim():
            await asyncio.sleep(0.02)


async def test_an_engine_that_dies_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor()
    await supervisor.start(sleeper(tmp_path))
    first = supervisor.process_id("sleeper")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.process_id("sleeper") not in (None, first))
    await supervisor.stop()
    assert supervisor.process_id("sleeper") is None


async def test_an_engine_that_ends_at_once_is_named_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    broken = Engine(
        name="broken",
        command=[sys.executable, "-c", "raise SystemExit('no licence')"],
        log_file=tmp_path / "log",
        ready=never,
    )
    with pytest.raises(EngineError, match="broken ended at once: no licence"):
        await Supervisor().start(broken)


async def test_postgres_survives_kill_9_with_what_was_committed(reachable_folder: Path) -> None:
    home = Home.open(reachable_folder / "killed")
    engine, dsn = postgres_server(home)
    supervisor = Supervisor()
    await supervisor.start(engine)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    first = supervisor.process_id("postgres")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.process_id("postgres") not in (None, first))
    await until(lambda: _kept(dsn) == 7)
    await supervisor.stop()
    home.close()


def _kept(dsn: str) -> int | None:
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            row = connection.execute("SELECT n FROM kept").fetchone()
    except psycopg.OperationalError:
        return None
    assert row is not None
    return int(row[0])


def test_engines_end_when_the_node_is_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_supervisor import sleeper
from morina.engines import Supervisor
async def main():
    supervisor = Supervisor()
    await supervisor.start(sleeper(Path({str(tmp_path)!r})))
    print(supervisor.process_id("sleeper"), flush=True)
    await asyncio.sleep(3600)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as node:
        assert node.stdout is not None
        child = int(node.stdout.readline())
        node.kill()
    if psutil.pid_exists(child):
        engine = psutil.Process(child)
        with suppress(psutil.NoSuchProcess):
            try:
                engine.wait(timeout=120)
            finally:
                engine.kill()
