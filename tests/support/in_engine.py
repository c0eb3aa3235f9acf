"""Functions with a chDB of their own: it allows one engine, on one folder, a process."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from morina.records.adapters import clickhouse_schema
from morina.records.adapters.clickhouse_asking import ClickHouseRows

Body = Callable[[Client, ClickHouseRows], Awaitable[None]]


def in_engine(module: str, function: str, folder: Path) -> str:
    """What ``function`` of a module in tests/support printed; AssertionError where it failed."""
    support = Path(__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(support)!r}); import in_engine, {module}; "
        f"in_engine.run({module}.{function}, {str(folder)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def run(body: Body, folder: str) -> None:
    """The body, with empty tables."""
    client = clickhouse_connect.get_client(interface="chdb", path=folder)
    for statement in clickhouse_schema.statements():
        client.command(statement)

    async def asked() -> None:
        rows = ClickHouseRows.at("", Path(folder))
        try:
            await body(client, rows)
        finally:
            await rows.close()

    asyncio.run(asked())
    client.close()
