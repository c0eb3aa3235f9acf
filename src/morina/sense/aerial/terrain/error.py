"""How far off a place on the ground may be: the whole spread of a pose carried through terrain.

Where the ground answers each error of the pose in proportion, the covariance is that of first
order. Elsewhere (low rays, ridges, rough ground) poses are drawn, cast over the real terrain, and
the ellipse is made so that 90 % of them lie in it.
"""

from dataclasses import dataclass

import numpy as np

from morina.sense.aerial.ground import OF_90, OF_90_ALONE, Pose
from morina.sense.aerial.terrain.casting import cast
from morina.sense.aerial.terrain.casting_pyramid import Pyramid
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import Floats, metres_per_degree
from morina.sense.aerial.terrain.error_draws import (
    DRAWS,
    PARTS,
    STEP,
    Moved,
    alone,
    moved,
    together,
)

_MOST_BEND = 0.1
"""Above this share of what is not in proportion, poses are drawn."""

_LEAST_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Scene:
    """Terrain that rays are cast over, and how far."""

    clip: Clip
    squares: Pyramid
    reach_m: float


@dataclass(frozen=True, slots=True)
class Errors:
    """Of n places: covariance of east and north (n, 2, 2), standard deviation of height (n,)."""

    covariance: Floats
    height_sd: Floats


def errors_of(scene: Scene, pose: Pose, points: Floats, hits: Floats) -> Errors:
    """Of the hits (n, 3), latitude, longitude, height, of points (n, 3) of a camera's picture."""
    covariance, height_sd, bent = _in_proportion(scene, pose, points, hits)
    drawn = np.flatnonzero(bent)
    if len(drawn):
        covariance[drawn], height_sd[drawn] = _drawn(scene, pose, points[drawn], hits[drawn])
    return Errors(covariance, height_sd)


def _in_proportion(
    scene: Scene, pose: Pose, points: Floats, hits: Floats
) -> tuple[Floats, Floats, Floats]:
    """First order, and where it does not hold."""
    offsets = _offsets(scene, pose, (points, hits), moved(pose, scene.clip.sd_m, alone()))
    up, down = offsets[:, :PARTS], offsets[:, PARTS:]
    gains = (up - down) / (2 * STEP)
    across = gains[:, :, :2]
    covariance = np.einsum("npi,npj->nij", across, across) + _LEAST_M2 * np.eye(2)
    height_sd = np.sqrt((gains[:, :, 2] ** 2).sum(axis=1))
    bend = np.sqrt(((up + down)[:, :, :2] ** 2).sum(axis=(1, 2))) / (2 * STEP)
    whole = np.sqrt((across**2).sum(axis=(1, 2))) + np.sqrt(_LEAST_M2)
    return covariance, height_sd, bend > _MOST_BEND * whole


def _drawn(scene: Scene, pose: Pose, points: Floats, hits: Floats) -> tuple[Floats, Floats]:
    """The ellipse around the place that holds 90 % of what was drawn, and the same of height."""
    offsets = _offsets(scene, pose, (points, hits), moved(pose, scene.clip.sd_m, together()))
    place, rank = offsets[:, :, :2], int(np.ceil(0.9 * (DRAWS + 1))) - 1
    shape = _second_moment(place, np.ones(place.shape[:2]))
    for _ in range(3):
        apart = _apart(place, shape)
        edge = np.sort(apart, axis=1)[:, rank]
        shape = _second_moment(place, (apart <= edge[:, None]).astype(np.float64))
    edge = np.sort(_apart(place, shape), axis=1)[:, rank]
    height = np.sort(np.abs(offsets[:, :, 2]), axis=1)[:, rank] / OF_90_ALONE
    return shape * (edge / OF_90**2)[:, None, None], height


def _second_moment(place: Floats, weight: Floats) -> Floats:
    whole = np.einsum("nk,nki,nkj->nij", weight, place, place)
    return np.asarray(whole / weight.sum(axis=1)[:, None, None] + _LEAST_M2 * np.eye(2))


def _apart(place: Floats, shape: Floats) -> Floats:
    """Squared distance in standard deviations."""
    return np.asarray(np.einsum("nki,nij,nkj->nk", place, np.linalg.inv(shape), place))


def _offsets(scene: Scene, pose: Pose, at: tuple[Floats, Floats], poses: Moved) -> Floats:
    """Metres east, north and up from each hit to what each pose meets (n, k, 3). A ray that meets
    nothing, or leaves known ground, counts as going to its reach."""
    points, hits = at
    bundle = poses.bundle(pose, points)
    metres = cast(scene.clip, scene.squares, bundle, scene.reach_m).metres
    metres = np.where(np.isfinite(metres), metres, scene.reach_m)
    met = np.stack(bundle.at(metres), axis=1).reshape(len(points), -1, 3)
    away = met - hits[:, None]
    north, east = metres_per_degree(pose.latitude)
    raised = away[:, :, 2] + poses.raised
    return np.stack([away[:, :, 1] * east, away[:, :, 0] * north, raised], axis=2)
