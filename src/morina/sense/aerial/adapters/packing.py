"""Poses, rings and points of tracks as bytes: a sortie of an hour has ten thousands of them.

Little-endian. A pose is 19 doubles in the order of ``pose_numbers``; a ring is pairs of whole
numbers, degrees times 10,000,000 (1 cm); a point of a track is 12 doubles, not-a-number for a box
there is not.
"""

from collections.abc import Sequence

import numpy as np

from morina.sense.aerial.ground import Lens, Pose
from morina.sense.aerial.telemetry import Angles, Spread
from morina.sense.aerial.track import TrackPoint

_DEGREE = 10_000_000
_POINT = 12

Ring = tuple[tuple[float, float], ...]


def packed_pose(pose: Pose) -> bytes:
    """19 doubles."""
    return np.array(pose_numbers(pose), dtype="<f8").tobytes()


def pose_numbers(pose: Pose) -> tuple[float, ...]:
    """A pose as numbers, in the order in which they are kept."""
    camera, spread, lens = pose.camera, pose.spread, pose.lens
    return (
        pose.latitude, pose.longitude, pose.height_m, camera.yaw, camera.pitch, camera.roll,
        *pose.view, spread.horizontal_m, spread.vertical_m, spread.yaw_deg, spread.pitch_deg,
        spread.roll_deg, spread.view_share, lens.k1, lens.k2, lens.p1, lens.p2, lens.k3,
    )  # fmt: skip


def pose_of(raw: bytes) -> Pose:
    """See ``packed_pose``."""
    said = [float(one) for one in np.frombuffer(raw, dtype="<f8")]
    return Pose(
        latitude=said[0],
        longitude=said[1],
        height_m=said[2],
        camera=Angles(*said[3:6]),
        view=(said[6], said[7]),
        spread=Spread(
            horizontal_m=said[8], vertical_m=said[9], yaw_deg=said[10], pitch_deg=said[11],
            roll_deg=said[12], view_share=said[13],
        ),
        lens=Lens(k1=said[14], k2=said[15], p1=said[16], p2=said[17], k3=said[18]),
    )  # fmt: skip


def packed_ring(ring: Ring) -> bytes:
    """Of (longitude, latitude)."""
    return np.round(np.array(ring, dtype=np.float64) * _DEGREE).astype("<i4").tobytes()


def ring_of(raw: bytes) -> Ring:
    """See ``packed_ring``."""
    pairs = np.frombuffer(raw, dtype="<i4").reshape(-1, 2) / _DEGREE
    return tuple((float(east), float(north)) for east, north in pairs)


def packed_points(points: Sequence[TrackPoint]) -> bytes:
    """12 doubles each."""
    return np.array([_numbers(one) for one in points], dtype="<f8").tobytes()


def points_of(raw: bytes) -> tuple[TrackPoint, ...]:
    """See ``packed_points``."""
    rows = np.frombuffer(raw, dtype="<f8").reshape(-1, _POINT).tolist()
    return tuple(_point(row) for row in rows)


def _numbers(point: TrackPoint) -> tuple[float, ...]:
    nowhere = (np.nan,) * 4
    return (
        point.at_s, point.latitude, point.longitude, *point.covariance, point.speed_ms,
        point.course_deg, *(nowhere if point.box is None else point.box),
    )  # fmt: skip


def _point(row: list[float]) -> TrackPoint:
    left, top, right, bottom = row[8:12]
    return TrackPoint(
        at_s=row[0],
        latitude=row[1],
        longitude=row[2],
        covariance=(row[3], row[4], row[5]),
        speed_ms=row[6],
        course_deg=row[7],
        box=None if np.isnan(left) else (left, top, right, bottom),
    )
