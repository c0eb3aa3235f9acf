"""The way a camera points, from the way its aircraft points and the way it is turned in it.

MISB ST 0601: the platform is turned by heading, pitch, roll from north, level; the sensor from
there by its relative azimuth (clockwise from the nose), elevation (up from the platform's plane)
and roll (clockwise as seen from behind). Axes: x forward or north, y right or east, z down.
"""

import math

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.telemetry import Angles

Matrix = NDArray[np.float64]

_LEVEL = 1e-9
"""Below this cosine of the pitch a camera points straight down or up: yaw and roll turn about the
same line there, and the whole turn is said as yaw."""


def turned(by: Angles) -> Matrix:
    """The matrix (3, 3) that turns a vector of the turned body into one of what it is turned in."""
    yaw, pitch, roll = (math.radians(part) for part in (by.yaw, by.pitch, by.roll))
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    return np.array([
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ])  # fmt: skip


def angles(matrix: Matrix) -> Angles:
    """Of a turn: yaw 0 to 360, pitch -90 to 90, roll -180 to 180 degrees."""
    m = matrix
    pitch = math.asin(min(1.0, max(-1.0, -float(m[2, 0]))))
    if math.cos(pitch) < _LEVEL:
        yaw, roll = math.atan2(-m[0, 1], m[1, 1]), 0.0
    else:
        yaw, roll = math.atan2(m[1, 0], m[0, 0]), math.atan2(m[2, 1], m[2, 2])
    return Angles(math.degrees(yaw) % 360, math.degrees(pitch), math.degrees(roll))


def camera(platform: Angles, sensor: Angles) -> Angles:
    """The camera's own angles; ``sensor``: relative azimuth, elevation, roll."""
    return angles(turned(platform) @ turned(sensor))


def relative(platform: Angles, camera: Angles) -> Angles:
    """The other way: how a camera is turned in its platform."""
    return angles(turned(platform).T @ turned(camera))
