"""The pool of PostgreSQL connections, its outages told apart from mistakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg_pool import AsyncConnectionPool


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
        except (psycopg.OperationalError, psycopg.InterfaceError) as outage:
            raise ConnectionError(f"PostgreSQL does not answer: {outage}") from outage
