"""Questions to ClickHouse: beside the live path, few threads, ended when nobody wants them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from morina.records.adapters.clickhouse_client import client_at
from morina.records.questions import Stop
from morina.records.running import Running, StoppedError

T = TypeVar("T")

LOOK_EVERY_S = 0.2
AT_ONCE = 2
"""Questions answered at the same time; more wait."""

THREADS = 2
NICE = 10
"""How far a question's threads stand back behind those that keep reads, as ``nice`` counts it. The
engine heeds it where its process has CAP_SYS_NICE, as root has; elsewhere few threads must do."""

_TOO_LONG, _TOO_SLOW, _CANCELLED = 159, 160, 394


class ClickHouseRows:
    """The role Rows. Has clients of its own, so that no read waits to be kept behind a question."""

    def __init__(self, clients: Sequence[Client], ender: Client) -> None:
        self._clients = list(clients)
        self._ender = ender
        self._free = asyncio.Semaphore(len(self._clients))
        self._threads = ThreadPoolExecutor(len(self._clients) + 1, thread_name_prefix="asking")

    @classmethod
    def at(cls, dsn: str, folder: Path, at_once: int = AT_ONCE) -> "ClickHouseRows":
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        clients = [client_at(dsn, folder) for _ in range(at_once + 1)]
        return cls(clients[1:], clients[0])

    async def close(self) -> None:
        """Let go of the engine."""
        for client in (*self._clients, self._ender):
            await self._run(client.close)
        self._threads.shutdown()

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], running: Running
    ) -> Sequence[Sequence[Any]]:
        """See Rows."""
        async with self._free:
            if why := running.must_stop:
                raise StoppedError(why)
            client = self._clients.pop()
            try:
                return await self._watched(client, sql, parameters, running)
            finally:
                self._clients.append(client)

    async def _watched(
        self, client: Client, sql: str, parameters: Mapping[str, Any], running: Running
    ) -> Sequence[Sequence[Any]]:
        mark = uuid4().hex
        settings = {
            "max_threads": THREADS,
            "max_execution_time": max(running.left_s, 0.001),
            "os_thread_priority": NICE,
            "log_comment": mark,
        }
        asked = asyncio.ensure_future(
            self._run(lambda: client.query(sql, parameters=dict(parameters), settings=settings))
        )
        try:
            while not asked.done():
                await asyncio.wait({asked}, timeout=LOOK_EVERY_S)
                if running.cancelled and not asked.done():
                    await self._end(mark)
            rows: Sequence[Sequence[Any]] = asked.result().result_rows
        except asyncio.CancelledError:
            await asyncio.shield(self._given_up(mark, asked))
            raise
        except DatabaseError as error:
            raise _why(error) from None
        return rows

    async def _given_up(self, mark: str, asked: "asyncio.Future[Any]") -> None:
        """End a statement nobody waits for, also one that is only now beginning."""
        while not asked.done():
            await self._end(mark)
            await asyncio.wait({asked}, timeout=LOOK_EVERY_S)
        asked.exception()

    async def _end(self, mark: str) -> None:
        """End the statement that carries ``mark``."""
        sql = "KILL QUERY WHERE Settings['log_comment'] = {mark:String}"
        await self._run(lambda: self._ender.command(sql, parameters={"mark": mark}))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _why(error: DatabaseError) -> DatabaseError | StoppedError:
    """What the engine's refusal means to whoever asked."""
    said = str(error)
    if f"Code: {_CANCELLED}" in said:
        return StoppedError(Stop.CANCELLED)
    if f"Code: {_TOO_LONG}" in said or f"Code: {_TOO_SLOW}" in said:
        return StoppedError(Stop.TIME)
    return error
