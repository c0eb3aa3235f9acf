"""Points of a picture as places on the ground, each with its error and flags."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import Flag, Place, Pose
from morina.sense.aerial.terrain.casting import cast
from morina.sense.aerial.terrain.casting_beyond import doubtful
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.clip import Clip, missing
from morina.sense.aerial.terrain.earth import Floats, metres_per_degree
from morina.sense.aerial.terrain.error import Errors, Scene, errors_of
from morina.sense.aerial.terrain.rotation import camera_axes, unit

_GRAZING = np.sin(np.radians(5.0))
_AT_ONCE = 256


def placed(scene: Scene, pose: Pose, points: Floats) -> Sequence[Place | None]:
    """Of points (n, 3) right, down and forward of the camera. MissingTerrainError."""
    places: list[Place | None] = []
    for begin in range(0, len(points), _AT_ONCE):
        places += _some(scene, pose, points[begin : begin + _AT_ONCE])
    return places


def _some(scene: Scene, pose: Pose, points: Floats) -> list[Place | None]:
    places: list[Place | None] = [None] * len(points)
    bundle, metres, which = met(scene, pose, points)
    if not len(which):
        return places
    hits = np.stack(bundle.at(metres), axis=1)
    errors = errors_of(scene, pose, points[which], hits)
    grazing = -facing(scene.clip, bundle, hits) < _GRAZING
    sd = np.hypot(pose.spread.vertical_m, scene.clip.sd_m), _elevation_sd(pose, points[which])
    second = doubtful(scene.clip, bundle, metres, (float(sd[0]), sd[1]))
    for k, n in enumerate(which):
        flags = {Flag.GRAZING: grazing[k], Flag.SECOND_HIT: second[k]}
        raised = frozenset(flag for flag, true in flags.items() if true)
        places[n] = _place(hits[k], errors, k, (float(metres[k]), raised))
    return places


def met(scene: Scene, pose: Pose, points: Floats) -> tuple[Bundle, Floats, NDArray[np.intp]]:
    """The rays that meet ground, metres along them, and which of the points they are of.
    MissingTerrainError."""
    ways = unit(points @ camera_axes(pose))
    possible = np.flatnonzero(~np.isnan(ways[:, 0]))
    bundle = _bundle(pose, ways[possible])
    metres = cast(scene.clip, scene.squares, bundle, scene.reach_m).metres
    if np.isnan(metres).any():
        raise _missing(scene, _bundle(pose, ways[possible][np.isnan(metres)]))
    ground = np.isfinite(metres)
    which = possible[ground]
    return _bundle(pose, ways[which]), metres[ground], which


def facing(clip: Clip, bundle: Bundle, hits: Floats) -> Floats:
    """Cosine between each ray and the ground's upward normal where they meet: under 0."""
    row, column = clip.grid(hits[:, 0], hits[:, 1])
    row, column = np.floor(row) + 0.5, np.floor(column) + 0.5
    north, east = metres_per_degree(bundle.place[0])
    to_north = (clip.at(row - 0.5, column) - clip.at(row + 0.5, column)) / (north * clip.step[0])
    to_east = (clip.at(row, column + 0.5) - clip.at(row, column - 0.5)) / (east * clip.step[1])
    normal = np.stack([-to_east, -to_north, np.ones_like(to_east)], axis=1)
    return np.asarray((unit(normal) * bundle.along).sum(axis=1))


def _bundle(pose: Pose, ways: Floats) -> Bundle:
    place = pose.latitude, pose.longitude, pose.height_m
    return Bundle(place, np.zeros_like(ways), ways)


def _elevation_sd(pose: Pose, points: Floats) -> Floats:
    """Of each ray, radians, of pitch, roll and field of view together."""
    length = np.linalg.norm(points, axis=1)
    across = points[:, 0] / length
    spread = pose.spread
    wider = np.arctan(np.abs(points[:, 1])) * spread.view_share
    parts = np.radians(spread.pitch_deg), np.radians(spread.roll_deg) * across, wider
    variance = parts[0] ** 2 * (1 - across**2) + parts[1] ** 2 + parts[2] ** 2
    return np.asarray(np.sqrt(variance))


def _place(hit: Floats, errors: Errors, k: int, rest: tuple[float, frozenset[Flag]]) -> Place:
    covariance = errors.covariance[k]
    return Place(
        latitude=float(hit[0]), longitude=float(hit[1]), height_m=float(hit[2]),
        covariance=(float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])),
        height_sd_m=float(errors.height_sd[k]), range_m=rest[0], flags=rest[1],
    )  # fmt: skip


def _missing(scene: Scene, bundle: Bundle) -> Exception:
    """The first place along these rays at which no height is known."""
    for share in np.linspace(0, 1, 400):
        latitude, longitude, _ = bundle.at(np.full(len(bundle), scene.reach_m * share))
        unknown = np.flatnonzero(np.isnan(scene.clip.height(latitude, longitude)))
        if len(unknown):
            return missing(float(latitude[unknown[0]]), float(longitude[unknown[0]]))
    return missing(*bundle.place[:2])
