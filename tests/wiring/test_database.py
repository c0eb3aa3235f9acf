"""What the pool of connections promises, on a real PostgreSQL."""

import asyncio
from datetime import timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.wiring.database import brief

COUNT = "UPDATE counted SET times = times + 1"


async def test_who_stops_in_a_transaction_holds_nobody_up(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    async with pool.connection() as connection:
        await connection.execute("CREATE TABLE counted (times int)")
        await connection.execute("INSERT INTO counted VALUES (0)")
    async with brief(dsn, timedelta(seconds=1)) as stops:
        with pytest.raises(ConnectionError):
            async with stops.connection() as stopped:
                await stopped.execute(COUNT)
                async with asyncio.timeout(60), pool.connection() as other:
                    await other.execute(COUNT)
                await stopped.execute(COUNT)
        async with stops.connection() as again:
            await again.set_autocommit(True)
            row = await (await again.execute("SELECT times FROM counted")).fetchone()
            assert row == (1,), "what it had written is taken back, and it goes on"
