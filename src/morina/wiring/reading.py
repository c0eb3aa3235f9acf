"""The worker processes that read plates."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.adapters.nats_passing import NatsPassing
from morina.sense.cameras.adapters.postgres_groups import PostgresGroup
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.following import Follower
from morina.sense.recogniser.captures import read_captures
from morina.sense.recogniser.passages import PassageFollower
from morina.settings import Settings
from morina.wiring.cameras import DATABASE_OUTAGES
from morina.wiring.database import Database
from morina.wiring.pictures import pictures_of
from morina.wiring.recogniser import recogniser, sizes_of
from morina.wiring.registry import sealing_of
from morina.wiring.retention import retention_of
from morina.wiring.sources import opener, reach_of

log = logging.getLogger(__name__)


async def read_handed_over(settings: Settings) -> None:
    """Read captures from the stream until cancelled: the body of ``morina worker reader``."""
    reader = recogniser(settings.reading)
    async with _stream(settings) as stream:
        await read_captures(stream, pictures_of(settings), reader, lambda: sizes_of(settings))


async def follow_cameras(settings: Settings, group: int) -> None:
    """Follow one group of cameras until cancelled: the body of ``morina worker cameras``."""
    reader = recogniser(settings.reading)
    pool = Database(settings.engines.postgres_dsn, open=False, min_size=1, max_size=2)
    async with pool, _stream(settings) as stream:
        await Follower(
            registry=PostgresGroup(pool, group, sealing_of(settings)),
            stream=stream,
            pictures=pictures_of(settings),
            source_of=opener(settings.reading, reach_of(settings)),
            new_follower=lambda: PassageFollower(reader),
            states=PostgresStates(pool),
            forgets=retention_of(settings).forgets_at_once,
            passing=NatsPassing(stream.client),
            sizes=lambda: sizes_of(settings),
            outages=(*DATABASE_OUTAGES, *NATS_OUTAGES),
        ).follow_all()


@asynccontextmanager
async def _stream(settings: Settings) -> AsyncIterator[NatsHandOver]:
    stream = await NatsHandOver.connect(
        settings.engines.nats_url, refused_days=settings.retention.refused_days
    )
    try:
        yield stream
    finally:
        await asyncio.shield(stream.close())
