"""Moments of a flight without a video: where the aircraft was, and what its camera covered."""

from collections.abc import Sequence

from morina.sense.aerial.ground import Footprint, Ground, NoPlaceError, Pose
from morina.sense.aerial.looking.pictures import Due
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.telemetry import Flight, HeightDatum, Telemetry

MOST_NOTES = 20


def moments_of(
    flight: Flight, ground: Ground, per_s: float
) -> tuple[Sequence[Moment], Sequence[str]]:
    """``per_s`` a second, numbered from 0; and in words what could not be plotted, each once."""
    due, notes, moments = Due(per_s), dict[str, None](), list[Moment]()
    for said in flight.telemetry:
        if due.at(said.at_s):
            pose, seen = seen_at(flight, ground, said, notes)
            moments.append(moment_of(len(moments), said, pose, seen))
    return moments, tuple(notes)[:MOST_NOTES]


def moment_of(
    frame: int, said: Telemetry, pose: Pose | None, footprint: Footprint | None
) -> Moment:
    """``height_m`` above the ellipsoid, None where that is not known."""
    known = said.height.metres if said.height.datum is HeightDatum.ELLIPSOID else None
    return Moment(
        frame=frame, at_s=said.at_s, latitude=said.latitude, longitude=said.longitude,
        height_m=pose.height_m if pose else known, pose=pose, footprint=footprint,
    )  # fmt: skip


def seen_at(
    flight: Flight, ground: Ground, said: Telemetry, notes: dict[str, None]
) -> tuple[Pose | None, Footprint | None]:
    """Pose and footprint; what cannot be plotted goes into ``notes`` in words."""
    pose = None
    try:
        pose = ground.pose(flight, said)
        return pose, ground.footprint(pose, said.at_s)
    except NoPlaceError as fault:
        notes[str(fault)] = None
        return pose, None
