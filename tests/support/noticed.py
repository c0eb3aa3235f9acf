"""What a database says on a channel, and how long things took until then."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from psycopg import AsyncConnection, sql

PATIENCE_S = 120.0


@asynccontextmanager
async def noticing(dsn: str, channel: str) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Gives what waits for the next notice on ``channel``; TimeoutError where none comes."""
    async with await AsyncConnection.connect(dsn, autocommit=True) as heard:
        await heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

        async def noticed() -> str:
            async for told in heard.notifies(timeout=PATIENCE_S, stop_after=1):
                return told.payload
            raise TimeoutError(f"nothing on {channel} within {PATIENCE_S:.0f} s")

        yield noticed


def percentiles(took: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the slowest, in the unit of ``took``."""
    found = sorted(took)
    at = {name: found[min(len(found) - 1, int(len(found) * share))]
          for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}  # fmt: skip
    return {name: round(value, 2) for name, value in (at | {"slowest": found[-1]}).items()}
