"""A record store in a process of its own: chDB allows one engine, on one folder, a process.

Where MORINA_TEST_CLICKHOUSE names a DSN the server there is used instead. It must be one for tests
only: its database ``morina`` is dropped before each of them.
"""

import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from morina.plates import Plate
from morina.sense import Evidence, Read

DSN = os.environ.get("MORINA_TEST_CLICKHOUSE", "")
NOON = datetime(2026, 11, 21, 12, 0, 0, 123000, tzinfo=UTC)


def a_read(minutes: int, text: str | None = "AB12CDE") -> Read:
    """A read with its evidence, so many minutes after NOON."""
    return Read(
        read_id=uuid4(),
        camera_id="morine-in",
        captured_at=NOON + timedelta(minutes=minutes),
        received_at=NOON + timedelta(minutes=minutes, seconds=1),
        plate=Plate(text, "GB") if text else None,
        confidence=0.5,
        character_confidences=(0.5,) * len(text or ""),
        country_probability=0.75,
        frames=3,
        evidence=Evidence("a" * 64, "b" * 64, (1, 2, 3, 4), ((1, 2), (3, 2), (3, 4), (1, 4))),
        clock_offset_s=-1.5,
        clock_wrong=text is None,
    )


def engine(folder: Path) -> Client:
    """The server for tests, or in-process in ``folder``."""
    if DSN:
        return clickhouse_connect.get_client(dsn=DSN)
    return clickhouse_connect.get_client(interface="chdb", path=str(folder))


def emptied() -> None:
    """Nothing is left of other tests on the server, where there is one."""
    if DSN:
        clickhouse_connect.get_client(dsn=DSN).command("DROP DATABASE IF EXISTS morina SYNC")


def in_a_process(folder: Path, body: str) -> None:
    """Run the body of a coroutine there; chDB allows one engine a process."""
    emptied()
    code = f"""
import asyncio, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from reads_process import DSN, NOON, a_read, engine
from morina.plates import Plate
from morina.records import Disputed, NoSuchReadError
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_rows import EPOCH
from morina.sense import Correction, Evidence, Said, Vehicle
folder = Path({str(folder)!r})
async def main():
{textwrap.indent(textwrap.dedent(body), "    ")}
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
