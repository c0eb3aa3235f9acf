"""The cameras of a node: sources sealed with a key of the home, bounded by the settings."""

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.sealing import SealError, Sealing
from morina.accountability.trail import Trail
from morina.engines import EngineError, Home
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.settings import Settings
from morina.wiring.sources import reach_of


def sealing_of(settings: Settings) -> Sealing:
    """The home's key for secrets in the database; EngineError where it is none."""
    try:
        return Sealing.of(Home(settings.home.resolve()).secret("sealing"))
    except SealError as error:
        raise EngineError(str(error)) from None


def cameras_of(
    settings: Settings, pool: AsyncConnectionPool, trail: Trail[AsyncConnection] | None = None
) -> PostgresCameras:
    """The role CameraRegistry for this home."""
    entered = trail or PostgresTrail()
    return PostgresCameras(pool, entered, sealing_of(settings), reach_of(settings))
