"""What reads plates, and the worker processes that do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.video_file import VideoFile
from morina.sense.cameras.following import Follower
from morina.sense.recogniser.captures import read_captures
from morina.sense.recogniser.passages import PassageFollower
from morina.sense.recogniser.reading import Recogniser
from morina.settings import Reading, Settings, SettingsError
from morina.wiring.pictures import pictures_of

log = logging.getLogger(__name__)


def recogniser(chosen: Reading | None = None, countries: Sequence[str] = ()) -> Recogniser:
    """What reads plates in pictures, as ``chosen`` (the defaults when None); only it is imported.

    ``countries`` (ISO alpha-2) are expected instead of those chosen. Raises SettingsError when the
    recogniser is not installed or a file of it is missing.
    """
    chosen = chosen or Reading()
    countries = countries or chosen.countries
    if chosen.recogniser == "own":
        from morina.sense.recogniser.adapters.own import OwnRecogniser

        return OwnRecogniser(chosen.threads, countries)
    if chosen.recogniser == "fast-alpr":
        return _fast_alpr(chosen, countries)
    from morina.sense.recogniser.adapters.rapidocr import RapidOcrRecogniser

    return RapidOcrRecogniser(chosen.threads, countries)


def _fast_alpr(chosen: Reading, countries: Sequence[str]) -> Recogniser:
    try:
        from morina.sense.recogniser.adapters.fast_alpr import FastAlprRecogniser, Weights
    except ModuleNotFoundError as error:
        raise SettingsError(
            "reading.recogniser is fast-alpr, which is not installed; "
            "run: pip install 'morina[fast-alpr]'"
        ) from error
    files = (chosen.fast_alpr_finder, chosen.fast_alpr_reader, chosen.fast_alpr_reader_config)
    try:
        return FastAlprRecogniser(Weights(*filter(None, files)), chosen.threads, countries)
    except FileNotFoundError as error:
        raise SettingsError(f"reading.fast_alpr_*: {error}") from error


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
