"""The fleet as a node keeps it."""

import asyncio

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.postgres_fleet import PostgresFleet
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.fleet.area import Ring
from morina.sense.aerial.fleet.ground import ground_under
from morina.sense.aerial.terrain.tiles import TerrainError
from morina.settings import Settings
from morina.wiring.aerial.ground import terrain_folder


def fleet_of(settings: Settings, pool: AsyncConnectionPool) -> PostgresFleet:
    """The role Fleet of a node; heights of airspace are compared with its terrain."""
    terrain = TerrainFolder(terrain_folder(settings))

    def known(area: Ring) -> tuple[float, float] | None:
        try:
            return ground_under(terrain, area)
        except (TerrainError, OSError):
            return None

    async def ground(area: Ring) -> tuple[float, float] | None:
        return await asyncio.to_thread(known, area)

    return PostgresFleet(pool, PostgresTrail(), ground)
