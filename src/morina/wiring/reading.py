"""The worker processes that read plates."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.video_file import VideoFile
from morina.sense.cameras.following import Follower
from morina.sense.recogniser.captures import read_captures
from morina.sense.recogniser.passages import PassageFollower
from morina.settings import Settings
from morina.wiring.pictures import pictures_of
from morina.wiring.recogniser import recogniser

log = logging.getLogger(__name__)


async def read_handed_over(settings: Settings) -> None:
    """Read captures from the stream until cancelled: the body of ``morina worker reader``."""
    reader = recogniser(settings.reading)
    async with _stream(settings) as stream:
        await read_captures(stream, pictures_of(settings), reader)


async def follow_cameras(settings: Settings) -> None:
    """Follow the cameras that film until cancelled: the body of ``morina worker cameras``."""
    reader = recogniser(settings.reading)
    pool = AsyncConnectionPool(settings.engines.postgres_dsn, open=False, min_size=1, max_size=2)
    async with pool, _stream(settings) as stream:
        await Follower(
            registry=PostgresCameras(pool),
            stream=stream,
            pictures=pictures_of(settings),
            source_of=VideoFile.of,
            new_follower=lambda: PassageFollower(reader),
        ).follow_all()


@asynccontextmanager
async def _stream(settings: Settings) -> AsyncIterator[NatsHandOver]:
    stream = await NatsHandOver.connect(settings.engines.nats_url)
    try:
        yield stream
    finally:
        await asyncio.shield(stream.close())
