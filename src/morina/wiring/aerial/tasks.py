"""What people say of tracks, and the tasks that come of it, as a node keeps them."""

import asyncio

import numpy as np
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.postgres_reviews import (
    GroundHeight,
    HeightAt,
    PostgresReviews,
)
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.ground import OF_90_ALONE, MissingTerrainError
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import metres_per_degree
from morina.sense.aerial.terrain.tiles import TerrainError
from morina.settings import Settings
from morina.wiring.aerial.ground import terrain_folder

AROUND_M = 100.0
ROUND = np.linspace(0, 2 * np.pi, 17)[:-1]


def height_at_of(settings: Settings) -> HeightAt:
    """Heights of the terrain there is; a rescue is not held up by terrain there is not."""
    terrain = TerrainFolder(terrain_folder(settings))

    def known(latitude: float, longitude: float, ce90_m: float) -> GroundHeight | None:
        try:
            clip = terrain.clip(latitude, longitude, max(AROUND_M, ce90_m))
        except (MissingTerrainError, TerrainError, OSError):
            return None
        height = float(clip.height(latitude, longitude))
        return GroundHeight(height, _le90_m(clip, (latitude, longitude, height), ce90_m))

    async def height_at(latitude: float, longitude: float, ce90_m: float) -> GroundHeight | None:
        return await asyncio.to_thread(known, latitude, longitude, ce90_m)

    return height_at


def _le90_m(clip: Clip, place: tuple[float, float, float], ce90_m: float) -> float:
    """The terrain's own error together with how far the ground around, as far off as the place may
    be, rises or falls."""
    latitude, longitude, height = place
    north, east = metres_per_degree(latitude)
    around = clip.height(
        latitude + ce90_m * np.cos(ROUND) / north, longitude + ce90_m * np.sin(ROUND) / east
    )
    slope = np.nanmax(np.abs(around - height), initial=0.0)
    return float(np.hypot(OF_90_ALONE * clip.sd_m, slope))


def reviews_of(settings: Settings, pool: AsyncConnectionPool) -> PostgresReviews:
    """The role Reviews of a node."""
    return PostgresReviews(pool, PostgresTrail(), height_at_of(settings))


def tasks_of(settings: Settings, pool: AsyncConnectionPool) -> PostgresTasks:
    """The role Tasks of a node."""
    return PostgresTasks(pool, PostgresTrail(), height_at_of(settings))
