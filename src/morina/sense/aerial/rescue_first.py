"""Whether somebody in trouble waits where a patrol would go: by track, or by place in one flight.

A track may be followed anew under another name, and rescue may be called to a place without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from uuid import UUID

from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.track import TrackPoint
from morina.sense.aerial.tracking.plane import Plane

GONE_ON_M = 100.0
"""How far somebody in trouble may have gone on from where rescue was called to; own choice."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A rescue of the same flight that is neither finished nor called off."""

    track_id: UUID | None
    latitude: float
    longitude: float
    ce90_m: float


def waits_there(track_id: UUID, points: Sequence[TrackPoint], rescues: Iterable[Awaited]) -> bool:
    """Whether one of ``rescues`` is of this track, or its place lies on the track within the errors
    of both and ``GONE_ON_M``."""
    return any(one.track_id == track_id or _on(points, one) for one in rescues)


def _on(points: Sequence[TrackPoint], rescue: Awaited) -> bool:
    plane = Plane.around(rescue.latitude, rescue.longitude)
    near = rescue.ce90_m + GONE_ON_M
    return any(
        hypot(*plane.metres(one.latitude, one.longitude))
        <= near + ellipse_of(one.covariance).major_m
        for one in points
    )
