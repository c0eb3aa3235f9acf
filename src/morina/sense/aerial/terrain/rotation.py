"""Which way the rays of a picture go, and where a way lies in the picture."""

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import Pose
from morina.sense.aerial.terrain.earth import Floats
from morina.sense.aerial.terrain.lens import distorted, straightened


def turned(yaw: Floats, pitch: Floats, roll: Floats) -> Floats:
    """Right, down and forward of cameras as rows of east, north and up (..., 3, 3), of degrees.

    Heading, then pitch, then roll, as MISB ST 0601 turns them.
    """
    y, p, r = np.radians(yaw), np.radians(pitch), np.radians(roll)
    zero = np.zeros_like(y)
    forward = np.stack([np.sin(y) * np.cos(p), np.cos(y) * np.cos(p), np.sin(p)], axis=-1)
    level = np.stack([np.cos(y), -np.sin(y), zero], axis=-1)
    under = np.cross(forward, level)
    c, s = np.cos(r)[..., None], np.sin(r)[..., None]
    return np.stack([c * level + s * under, c * under - s * level, forward], axis=-2)


def camera_axes(pose: Pose) -> Floats:
    """Right, down and forward of one camera (3, 3)."""
    angles = (np.float64(a) for a in (pose.camera.yaw, pose.camera.pitch, pose.camera.roll))
    return turned(*(np.asarray(angle) for angle in angles))


def tangents(pose: Pose, at: NDArray[np.float64]) -> Floats:
    """Shares of the picture (n, 2) as right, down and forward of the camera (n, 3), forward 1;
    NaN where the lens cannot be undone."""
    half = np.tan(np.radians(pose.view) / 2)
    points = straightened(pose.lens, (2 * np.asarray(at, np.float64) - 1) * half)
    return np.concatenate([points, np.ones((len(points), 1))], axis=1)


def unit(vectors: Floats) -> Floats:
    """Of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def rays(pose: Pose, at: NDArray[np.float64]) -> Floats:
    """Unit vectors east, north and up (n, 3) of shares of the picture (n, 2)."""
    return unit(tangents(pose, at) @ camera_axes(pose))


def share(pose: Pose, way: Floats) -> tuple[float, float] | None:
    """Where a direction (3,), east, north and up, lies in the picture; None: outside it."""
    right, down, forward = camera_axes(pose) @ way
    if forward <= 0:
        return None
    half = np.tan(np.radians(pose.view) / 2)
    if max(abs(right) / half[0], abs(down) / half[1]) > 2 * forward:
        return None
    point = distorted(pose.lens, np.array([[right / forward, down / forward]]))[0]
    across, below = (point / half + 1) / 2
    inside = 0 <= across <= 1 and 0 <= below <= 1
    return (float(across), float(below)) if inside else None
