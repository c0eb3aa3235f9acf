"""Cameras that push: their arrivals, and the ways they come besides HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.cameras.arrivals import Arrivals, Pending
from morina.sense.cameras.receiving import Receiving
from morina.sense.hand_over import HandOver
from morina.settings import Settings
from morina.wiring.pictures import pictures_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
TRY_AGAIN_AFTER_S = 5.0


def arrivals_of(settings: Settings, stream: HandOver, pending: Pending) -> Arrivals:
    """Arrivals handed to the reading workers, or kept by the cameras' word where there are none."""
    return Arrivals(
        stream=stream,
        pictures=pictures_of(settings),
        pending=pending,
        reads_pictures=settings.reading.workers > 0,
        wait_s=settings.push.wait_for_final_s,
        most_pixels=settings.desk.image_pixels,
    )


async def hand_on(arrivals: Arrivals) -> None:
    """For ever: hand on what has waited long enough for its camera's final word."""
    while True:
        try:
            await arrivals.hand_on_due(datetime.now(UTC))
        except (*NATS_OUTAGES, TimeoutError) as outage:
            log.warning("arrivals wait (%s); trying again", outage)
            await asyncio.sleep(TRY_AGAIN_AFTER_S)
        await asyncio.sleep(LOOK_EVERY_S)


@asynccontextmanager
async def ways_in(settings: Settings, receiving: Receiving) -> AsyncIterator[None]:
    """Every way in besides HTTP, followed while the body runs."""
    work = [hand_on(receiving.arrivals)]
    following = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
