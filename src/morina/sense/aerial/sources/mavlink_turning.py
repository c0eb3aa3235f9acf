"""Turning of what gimbals say, and which saying belongs to a moment. Pure."""

import bisect
import math
from collections.abc import Sequence
from typing import TypeVar

from morina.sense.aerial.telemetry import Angles

_T = TypeVar("_T")


def angles_of(w: float, x: float, y: float, z: float) -> Angles | None:
    """Of a quaternion from camera to north, east, down (MAVLink, PX4): yaw, pitch, roll, turned in
    this order. None where it is none."""
    length = math.hypot(w, x, y, z)
    if not (math.isfinite(length) and 0.9 < length < 1.1):
        return None
    w, x, y, z = w / length, x / length, y / length, z / length
    pitch = math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x))))
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    return Angles(math.degrees(yaw) % 360, math.degrees(pitch), math.degrees(roll))


def turned(camera: Angles, heading: float) -> Angles:
    """A camera whose yaw counts from the nose, with the nose's heading added."""
    return Angles((camera.yaw + heading) % 360, camera.pitch, camera.roll)


def nearest(times: Sequence[float], said: Sequence[_T], at: float, within_s: float) -> _T | None:
    """The one nearest in time; None where none is within ``within_s``. ``times`` go up."""
    right = bisect.bisect_left(times, at)
    close = [n for n in (right - 1, right) if 0 <= n < len(times)]
    best = min(close, key=lambda n: abs(times[n] - at), default=None)
    if best is None or abs(times[best] - at) > within_s:
        return None
    return said[best]
