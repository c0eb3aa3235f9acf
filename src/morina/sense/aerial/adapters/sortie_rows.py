"""Sorties, moments and tracks as rows, and back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from morina.sense.aerial.adapters.packing import (
    packed_points,
    packed_pose,
    packed_ring,
    points_of,
    pose_of,
    ring_of,
)
from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.ground import Footprint
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie, SortieState
from morina.sense.aerial.stated import Stated
from morina.sense.aerial.track import Track

SORTIE = """
SELECT sortie_id, name, case_number, task, officer, state, made_at, began_at, ended_at, airframe,
    pilot, source, width, height, frames, seconds, frames_per_s, done, fault, lacks, rendered,
    forget_at, clocked, looked, skipped, cleared_by, fleet_checked, notes, stated
FROM sortie"""

MOMENTS = """
SELECT frame, at_s, latitude, longitude, height_m, pose, ring, cut, metres_per_pixel
FROM sortie_moment WHERE sortie_id = %s ORDER BY at_s, frame"""

MOMENT_AT = """
SELECT frame, at_s, latitude, longitude, height_m, pose, ring, cut, metres_per_pixel
FROM sortie_moment WHERE sortie_id = %(id)s
    AND at_s BETWEEN %(at_s)s::float8 - %(within)s AND %(at_s)s::float8 + %(within)s
ORDER BY abs(at_s - %(at_s)s), frame LIMIT 1"""

KEEP_MOMENT = """
INSERT INTO sortie_moment (sortie_id, frame, at_s, latitude, longitude, height_m, pose, ring,
    extent, cut, metres_per_pixel)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, box(point(%s, %s), point(%s, %s)), %s, %s)
ON CONFLICT DO NOTHING"""

TRACKS = """
SELECT track_id, sortie_id, kind, points, agreeing, share, hint, live
FROM sortie_track t WHERE sortie_id = %s AND (earlier OR NOT EXISTS (
    SELECT FROM sortie_track e WHERE e.sortie_id = t.sortie_id AND e.earlier))
ORDER BY began_s, track_id"""
"""Those of an earlier look alone, until the look that goes on has ended."""

KEEP_TRACK = """
INSERT INTO sortie_track (sortie_id, track_id, kind, began_s, points, agreeing, share, hint,
    live)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (sortie_id, track_id) DO UPDATE SET kind = EXCLUDED.kind, points = EXCLUDED.points,
    agreeing = EXCLUDED.agreeing, share = EXCLUDED.share, hint = EXCLUDED.hint"""


def sortie_of(row: dict[str, Any]) -> Sortie:
    """A row of ``SORTIE``."""
    state = SortieState(row["state"])
    lacks, notes, stated = tuple(row["lacks"]), tuple(row["notes"]), Stated.of(row["stated"])
    return Sortie(**row | {"state": state, "lacks": lacks, "notes": notes, "stated": stated})


def moment_of(row: dict[str, Any]) -> Moment:
    """A row of ``MOMENTS``."""
    ring = row["ring"]
    footprint = ring and Footprint(row["at_s"], ring_of(ring), row["cut"], row["metres_per_pixel"])
    return Moment(
        frame=row["frame"],
        at_s=row["at_s"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        height_m=row["height_m"],
        pose=pose_of(row["pose"]) if row["pose"] else None,
        footprint=footprint or None,
    )


def moment_row(sortie_id: UUID, moment: Moment) -> tuple[object, ...]:
    """Values of ``KEEP_MOMENT``."""
    seen = moment.footprint
    extent = _extent(seen.ring) if seen else (None,) * 4
    return (
        sortie_id, moment.frame, moment.at_s, moment.latitude, moment.longitude, moment.height_m,
        packed_pose(moment.pose) if moment.pose else None,
        packed_ring(seen.ring) if seen else None,
        *extent, seen.cut if seen else False, seen.metres_per_pixel if seen else None,
    )  # fmt: skip


def track_of(row: dict[str, Any]) -> Track:
    """A row of ``TRACKS``."""
    return Track(**row | {"kind": ObjectKind(row["kind"]), "points": points_of(row["points"])})


def track_row(track: Track) -> tuple[object, ...]:
    """Values of ``KEEP_TRACK``."""
    return (
        track.sortie_id, track.track_id, track.kind.value, track.points[0].at_s,
        packed_points(track.points), track.agreeing, track.share, track.hint, track.live,
    )  # fmt: skip


def apart(moments: Sequence[Moment], every_s: float) -> list[Moment]:
    """Those at least ``every_s`` after the one taken before."""
    taken: list[Moment] = []
    for one in moments:
        if not taken or one.at_s - taken[-1].at_s >= every_s:
            taken.append(one)
    return taken


def _extent(ring: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    east, north = [one[0] for one in ring], [one[1] for one in ring]
    return min(east), min(north), max(east), max(north)
