"""What can be seen from a point over the terrain, as a picture for the map."""

import asyncio
import base64
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from morina.desk.aerial import AerialServices
from morina.desk.pixels import NO_GROUND
from morina.sense.aerial.ground import MissingTerrainError
from morina.sense.aerial.terrain.viewshed import Viewshed
from morina.sense.aerial.terrain.viewshed_layers import as_png


@runtime_checkable
class SeesAround(Protocol):
    """Ground that can tell what is seen from a point over it."""

    def viewshed(
        self, latitude: float, longitude: float, above_ground_m: float, reach_m: float
    ) -> Viewshed:
        """NoPlaceError, MissingTerrainError."""


@dataclass(frozen=True, slots=True)
class From:
    """An eye so high over the ground of a place, and how far it looks."""

    latitude: float
    longitude: float
    above_ground_m: float
    reach_m: float


@dataclass(frozen=True, slots=True)
class Seen:
    """``png`` is base64, north up, over ``bounds``: west, south, east, north. ``share``: of the
    ground within reach."""

    bounds: tuple[float, float, float, float]
    share: float
    png: str


async def seen_around(aerial: AerialServices, eye: From) -> Seen:
    """NoPlaceError says what is missing and what to do."""
    ground = aerial.ground
    if not isinstance(ground, SeesAround):
        raise MissingTerrainError(NO_GROUND)
    place = (eye.latitude, eye.longitude, eye.above_ground_m, eye.reach_m)
    found = await asyncio.to_thread(ground.viewshed, *place)
    png = base64.b64encode(as_png(found)).decode()
    return Seen(found.bounds, found.share_seen, png)
