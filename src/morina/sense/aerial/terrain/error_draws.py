"""The errors of a pose as rays: each part moved alone, and many drawn together."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from morina.sense.aerial.ground import Pose
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.earth import Floats
from morina.sense.aerial.terrain.rotation import turned, unit

PARTS = 8
"""East, north, up, yaw, pitch, roll, field of view, height of the terrain."""

STEP = 1.5
"""How far a part is moved alone, in standard deviations."""

DRAWS = 199
_SEED = 26


@dataclass(frozen=True, slots=True)
class Moved:
    """Poses with errors: metres east, north, up (k, 3), camera axes (k, 3, 3), factors of the
    tangents (k, 2), metres the terrain is higher (k,)."""

    offsets: Floats
    axes: Floats
    wider: Floats
    raised: Floats

    def bundle(self, pose: Pose, points: Floats) -> Bundle:
        """Rays of every point (n, 3) by every pose, points first. Terrain that lies higher is the
        same as a camera that hangs lower."""
        wider = np.concatenate([self.wider, np.ones((len(self.wider), 1))], axis=1)
        ways = unit(np.einsum("nki,kij->nkj", points[:, None] * wider, self.axes))
        begin = self.offsets - np.outer(self.raised, (0.0, 0.0, 1.0))
        begins = np.broadcast_to(begin, ways.shape)
        place = pose.latitude, pose.longitude, pose.height_m
        return Bundle(place, begins.reshape(-1, 3), ways.reshape(-1, 3))


def moved(pose: Pose, terrain_sd_m: float, deviations: Floats) -> Moved:
    """Poses whose parts are off by so many standard deviations (k, 8)."""
    spread = pose.spread
    scale = (
        spread.horizontal_m, spread.horizontal_m, spread.vertical_m, spread.yaw_deg,
        spread.pitch_deg, spread.roll_deg, spread.view_share, terrain_sd_m,
    )  # fmt: skip
    off = deviations * np.array(scale)
    camera, view = pose.camera, np.radians(pose.view) / 2
    axes = turned(camera.yaw + off[:, 3], camera.pitch + off[:, 4], camera.roll + off[:, 5])
    factor = np.clip(1 + off[:, 6, None], 0.1, np.radians(89) / view.max())
    wider = np.tan(view * factor) / np.tan(view)
    return Moved(off[:, :3], axes, wider, off[:, 7])


def alone() -> Floats:
    """Each part moved up, then each moved down (16, 8)."""
    steps = STEP * np.eye(PARTS)
    return np.concatenate([steps, -steps])


@cache
def together() -> Floats:
    """Draws of all parts, always the same, of mean 0 and covariance 1 exactly (DRAWS, 8)."""
    draws = np.random.default_rng(_SEED).standard_normal((DRAWS, PARTS))
    draws -= draws.mean(axis=0)
    lower = np.linalg.cholesky(draws.T @ draws / DRAWS)
    return np.asarray(np.linalg.solve(lower, draws.T).T)
