"""The pool of PostgreSQL connections, its outages told apart from mistakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg
from psycopg.errors import IdleInTransactionSessionTimeout
from psycopg_pool import AsyncConnectionPool

_OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError, IdleInTransactionSessionTimeout)
_PATIENCE = "SELECT set_config('idle_in_transaction_session_timeout', %s, false)"


class Database(AsyncConnectionPool):
    """A pool that says ConnectionError when the database does not answer or goes away."""

    @asynccontextmanager
    async def connection(
        self, timeout: float | None = None
    ) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection for one transaction; waits ``timeout`` seconds for a free one."""
        try:
            async with super().connection(timeout) as connection:
                yield connection
        except _OUTAGES as outage:
            raise ConnectionError(f"PostgreSQL does not answer: {outage}") from outage


def brief(dsn: str, within: timedelta) -> Database:
    """One connection, not open yet, for a process that may stop at any moment: a transaction in
    which nothing is said for so long is taken back by the server, and the rows it holds are free
    for others."""

    async def impatient(connection: psycopg.AsyncConnection) -> None:
        milliseconds = round(within / timedelta(milliseconds=1))
        await connection.execute(_PATIENCE, (str(milliseconds),))
        await connection.commit()

    return Database(dsn, open=False, min_size=1, max_size=1, configure=impatient)
