"""A client of the engine and the one thread its statements run on."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import clickhouse_connect
from clickhouse_connect.driver.client import Client

T = TypeVar("T")


def client_at(dsn: str, folder: Path) -> Client:
    """Of the server at ``dsn``, or in-process in ``folder`` when that is empty."""
    if dsn:
        return clickhouse_connect.get_client(dsn=dsn)
    return clickhouse_connect.get_client(interface="chdb", path=str(folder))


class OnOneThread:
    """What asks the engine by a client and a thread of its own, so that nobody waits for others."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def close(self) -> None:
        """Finish what is under way and let go of the engine."""
        await self._run(self._client.close)
        self._threads.shutdown()

    async def _query(self, text: str, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
        found = await self._run(lambda: self._client.query(text, parameters=parameters))
        rows: Sequence[Sequence[Any]] = found.result_rows
        return rows

    async def _command(self, text: str, parameters: dict[str, Any]) -> None:
        await self._run(lambda: self._client.command(text, parameters=parameters))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
