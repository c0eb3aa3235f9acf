"""Statements ended by their limit, by whoever asked and by the node; on a real engine."""

import subprocess
import sys
from pathlib import Path

HEAD = """
import asyncio, sys
from pathlib import Path
import clickhouse_connect
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.questions import Limits, Stop
from morina.records.running import Running, StoppedError
FOR_EVER = "SELECT count() FROM numbers(1000000000000) WHERE number % 7 = {rest:UInt8}"
STATEMENTS = "SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%'"
async def stopped(rows, running):
    try:
        await rows.rows(FOR_EVER, {"rest": 3}, running)
    except StoppedError as error:
        return error.why
async def others(rows):
    [(count,)] = await rows.rows(STATEMENTS, {}, Running())
    return count - 1
async def until_running(rows):
    while not await others(rows):
        await asyncio.sleep(0.05)
async def main():
    rows = ClickHouseRows.at("", Path(sys.argv[1]))
"""


def in_a_process(folder: Path, body: str) -> None:
    """Run the body of ``main``, given ``rows``."""
    code = HEAD + body + "    await rows.close()\nasyncio.run(main())\n"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_statement_ends_at_its_limit_of_time_and_the_engine_is_free(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
    assert await stopped(rows, Running(limits=Limits(seconds=0.3))) is Stop.TIME
    assert await others(rows) == 0
    over = Running(limits=Limits(seconds=0.0))
    assert await stopped(rows, over) is Stop.TIME
""")  # fmt: skip


def test_whoever_asked_ends_it_and_the_engine_is_free(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
    running = Running(limits=Limits(seconds=600))
    asked = asyncio.create_task(stopped(rows, running))
    await until_running(rows)
    running.cancel()
    assert await asked is Stop.CANCELLED
    assert await others(rows) == 0
    assert await rows.rows("SELECT {x:String}", {"x": "a"}, Running()) == [("a",)]
""")  # fmt: skip


def test_a_task_that_is_given_up_leaves_nothing_running(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
    asked = asyncio.create_task(stopped(rows, Running(limits=Limits(seconds=600))))
    await until_running(rows)
    asked.cancel()
    await asyncio.wait({asked})
    assert asked.cancelled()
    assert await others(rows) == 0
    assert [await rows.rows("SELECT 1", {}, Running()) for _ in range(3)] == [[(1,)]] * 3
""")  # fmt: skip
