"""One moving thing's path within one sortie. Anonymous; it ends with the sortie."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from morina.sense.aerial.detection import Box, ObjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """Filtered on the map plane. ``covariance`` as in Place; ``box`` is in pixels, None where the
    thing was not seen in this picture."""

    at_s: float
    latitude: float
    longitude: float
    covariance: tuple[float, float, float]
    speed_ms: float
    course_deg: float
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """``kind`` is the machine's word (most pictures), ``agreeing`` the pictures that agreed before
    it counted, ``share`` the mean confidence. ``hint``: from the moving cue alone. ``live``: found
    while it flew, and not (or not yet) in the whole recording."""

    track_id: UUID
    sortie_id: UUID
    kind: ObjectKind
    points: Sequence[TrackPoint]
    agreeing: int
    share: float
    hint: bool = False
    live: bool = False
