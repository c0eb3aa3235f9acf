"""The cameras a vehicle seen from the air may pass next: for an operator, on a person's word.

No plate is in it and nothing follows of itself. It is written down before it is looked up.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from morina.accountability import Asked, Outcome, Purpose
from morina.desk.aerial import AerialServices
from morina.desk.services import Services
from morina.records.asking import BROKEN, LOGGED_WITHIN_S, TOO_LONG
from morina.records.roads import Roads
from morina.records.running import Running, StoppedError
from morina.sense.aerial import Named, RefusedSortieError, Sortie, Track, TrackPoint
from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.cameras import Camera

REACH_M = 15_000.0
EITHER_SIDE_DEG = 60.0
"""Cameras ahead lie within so much of the course. Own choice: mountain roads wind."""

STANDS_MS = 1.5
"""Slower than this the course says nothing, and cameras all around count."""

FASTEST_MS = 36.0
"""About 130 km/h, in a straight line: nobody is there sooner."""

SLOWEST_MS = 5.5
"""About 20 km/h, on a road twice as long as the line: most are there by then. Own choice."""

DETOUR = 2.0
MOST = 5
_METRES = 111_200.0
"""Of a degree of latitude, rounded; cameras are told apart by kilometres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraAhead:
    """A camera, and when the vehicle may pass it, seconds after the last place of the track.

    ``after_id`` is empty where the times are mere bounds from the straight distance; else they are
    counted on from that camera's bounds by the travel times known from passages: half of them took
    ``usual_s``, and nine of ten at most ``slow_s``.
    """

    camera_id: str
    distance_m: float
    soonest_s: float
    latest_s: float
    after_id: str = ""
    usual_s: float | None = None
    slow_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAhead:
    """What was shown; ``number`` of the consultation, ``left_at`` when the track ended, None
    without a clock."""

    number: int
    left_at: datetime | None
    cameras: tuple[CameraAhead, ...]


def cameras_ahead(
    last: TrackPoint, cameras: Sequence[Camera], roads: Roads
) -> tuple[CameraAhead, ...]:
    """The nearest in reach ahead of the course, and cameras that usually follow those; soonest
    first."""
    error = ellipse_of(last.covariance).major_m
    near = sorted(
        (one for camera in cameras if (one := _straight(last, camera, error))),
        key=lambda one: one.distance_m,
    )[:MOST]
    found = {one.camera_id: one for one in near}
    for first in near:
        for one in _following(first, roads):
            known = found.get(one.camera_id)
            if known is None or (known.after_id and one.soonest_s < known.soonest_s):
                found[one.camera_id] = one
    return tuple(sorted(found.values(), key=lambda one: (one.soonest_s, one.camera_id)))


def _straight(last: TrackPoint, camera: Camera, error: float) -> CameraAhead | None:
    north = (camera.latitude - last.latitude) * _METRES
    east = (camera.longitude - last.longitude) * _METRES * math.cos(math.radians(last.latitude))
    distance = math.hypot(north, east)
    off = abs((math.degrees(math.atan2(east, north)) - last.course_deg + 180) % 360 - 180)
    ahead = last.speed_ms < STANDS_MS or off <= EITHER_SIDE_DEG or distance <= error
    if distance > REACH_M or not ahead:
        return None
    soonest = max(distance - error, 0.0) / FASTEST_MS
    latest = (distance + error) * DETOUR / SLOWEST_MS
    return CameraAhead(
        camera_id=camera.camera_id, distance_m=distance, soonest_s=soonest, latest_s=latest
    )


def _following(first: CameraAhead, roads: Roads) -> list[CameraAhead]:
    return [
        replace(
            first, camera_id=one.camera_id, after_id=first.camera_id, usual_s=one.usual_s,
            slow_s=one.slow_s, soonest_s=first.soonest_s + one.usual_s,
            latest_s=first.latest_s + one.slow_s,
        )
        for one in (roads.after(first.camera_id) or ())[:MOST]
    ]  # fmt: skip


async def told_track_ahead(
    services: Services, aerial: AerialServices, of: tuple[UUID, UUID], purpose: Purpose
) -> ToldAhead:
    """For the track ``of`` (sortie, track), which a person has named a vehicle, as a consultation.

    UnknownSortieError, RefusedSortieError; ConnectionError and TimeoutError where it cannot be
    written down or took too long to learn.
    """
    sortie, track = await _vehicle(aerial, of)
    search = services.search
    log = search.asking.consultations
    question = f"cameras that the vehicle of track {of[1]} may pass next"
    asked = Asked(at=datetime.now(UTC), purpose=purpose, question=question)
    async with asyncio.timeout(LOGGED_WITHIN_S):
        number = await log.begin(asked)
    running, failed = Running(limits=search.asking.rules.limits), BROKEN
    found: tuple[CameraAhead, ...] = ()
    try:
        roads = await search.roads(running)
        found = cameras_ahead(track.points[-1], await services.cameras.cameras(), roads)
        failed = ""
    except StoppedError as stopped:
        failed = TOO_LONG
        raise TimeoutError(failed) from stopped
    finally:
        shown = None if failed else len(found)
        outcome = Outcome(at=datetime.now(UTC), shown=shown, failed=failed)
        async with asyncio.timeout(LOGGED_WITHIN_S):
            await log.end(number, outcome)
    return ToldAhead(number=number, left_at=_left_at(sortie, track), cameras=found)


async def _vehicle(aerial: AerialServices, of: tuple[UUID, UUID]) -> tuple[Sortie, Track]:
    sortie_id, track_id = of
    sortie = await aerial.sorties.sortie(sortie_id)
    tracks = {one.track_id: one for one in await aerial.sorties.tracks(sortie_id)}
    if track_id not in tracks:
        raise UnknownSortieError(f"the sortie has no track {track_id}; reload the page")
    said = await aerial.reviews.of_sortie(sortie_id) if aerial.reviews else ()
    named = next((one.named for one in said if one.track_id == track_id), None)
    if named is not Named.VEHICLE:
        raise RefusedSortieError("nobody has said that the track is a vehicle; name it first")
    return sortie, tracks[track_id]


def _left_at(sortie: Sortie, track: Track) -> datetime | None:
    if sortie.began_at is None or not sortie.clocked:
        return None
    return sortie.began_at + timedelta(seconds=track.points[-1].at_s)
