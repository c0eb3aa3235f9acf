"""Drone flights as the desk is given them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.desk.aerial import AerialServices
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.giving.allowed import GivenTracks
from morina.settings import Settings
from morina.wiring.aerial.fleet import fleet_of
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import sorties_of
from morina.wiring.aerial.tasks import reviews_of, tasks_of


@asynccontextmanager
async def aerial_of(settings: Settings, pool: AsyncConnectionPool) -> AsyncIterator[AerialServices]:
    """Every role of drone flights; what decodes pictures ends with it."""
    ground, pictures = ground_of(settings), VideoPictures()
    sorties, reviews = sorties_of(settings, pool, ground, pictures), reviews_of(settings, pool)
    try:
        yield AerialServices(
            sorties=sorties,
            ground=ground,
            reviews=reviews,
            tasks=tasks_of(settings, pool),
            given=GivenTracks(sorties, PostgresConsultations(pool), reviews),
            fleet=fleet_of(settings, pool),
            keep_days=settings.aerial.keep_days,
            rescue_after_s=settings.aerial.rescue_minutes * 60,
            reach_m=settings.aerial.reach_m,
            live_airframes=frozenset(one.airframe for one in settings.aerial.live),
        )
    finally:
        await pictures.close()
