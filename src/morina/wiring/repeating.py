"""Doing the same again and again, whatever engine is away for a while."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from psycopg_pool import PoolTimeout

from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES

log = logging.getLogger(__name__)

OUTAGES = (OSError, PoolTimeout, psycopg.Error, ClickHouseError, *NATS_OUTAGES)
"""What says that an engine is away, not that something is wrong."""


async def every(seconds: float, what: Callable[[], Awaitable[Any]], called: str) -> None:
    """For ever: do ``what``, and whatever it meets, do it again."""
    while True:
        try:
            await what()
        except OUTAGES as outage:
            log.warning("%s: %s; trying again", called, str(outage)[:200])
        except Exception:
            # Broad on purpose: whatever one try met, the next must still be made.
            log.exception("%s; trying again in %s s", called, seconds)
        await asyncio.sleep(seconds)
