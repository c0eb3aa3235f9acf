"""From a click in the video to a place on the ground and back, for pages and API."""

import asyncio
from uuid import UUID

import numpy as np

from morina.desk.aerial import AerialServices
from morina.sense.aerial.ground import Ground, MissingTerrainError, NoPlaceError, Place, Pose
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.sources.told import LACKED

REACH_S = 1.0
"""A picture further than this from the next worked-through one has no pose of its own."""

NO_GROUND = (
    "this node has no terrain; import some: morina aerial terrain import FILE --heights egm2008"
)


async def pose_at(aerial: AerialServices, sortie_id: UUID, at_s: float) -> tuple[Ground, Pose]:
    """The terrain and the pose of the picture at that time; NoPlaceError says what is missing."""
    if aerial.ground is None:
        raise MissingTerrainError(NO_GROUND)
    sortie = await aerial.sorties.sortie(sortie_id)
    moment = await aerial.sorties.moment_at(sortie_id, at_s, REACH_S)
    if moment is None:
        raise NoPlaceError(f"nothing is known of the picture at {at_s:.1f} s; choose another")
    if moment.pose is None:
        raise NoPlaceError(lacking(sortie))
    return aerial.ground, moment.pose


def lacking(sortie: Sortie) -> str:
    """Why a sortie's pictures have no place on the ground."""
    what = ", ".join(one for one in sortie.lacks if one in LACKED) or "what a footprint needs"
    return f"the telemetry lacks {what}; only where the aircraft was is known"


async def place_of(
    aerial: AerialServices, sortie_id: UUID, at_s: float, at: tuple[float, float]
) -> Place:
    """Where the pixel ``at`` (across, down, shares of the picture) lies; NoPlaceError."""
    ground, pose = await pose_at(aerial, sortie_id, at_s)
    shares = np.array([at], dtype=np.float64)
    [place] = await asyncio.to_thread(ground.places, pose, shares)
    if place is None:
        raise NoPlaceError("there is no ground: sky, or beyond reach; choose a point further down")
    return place


async def pixel_of(
    aerial: AerialServices, sortie_id: UUID, at_s: float, place: tuple[float, float]
) -> tuple[float, float] | None:
    """Where the place (latitude, longitude) is in the picture, shares; None where not in view."""
    ground, pose = await pose_at(aerial, sortie_id, at_s)
    return await asyncio.to_thread(ground.pixel, pose, *place)
