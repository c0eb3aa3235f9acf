"""From boxes to places on the ground, each with the error that is its own."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import Detection
from morina.sense.aerial.ground import Ground, Place, Pose
from morina.sense.aerial.tracking.motion import Covariance
from morina.sense.aerial.tracking.tracker import Plane, Seen

EDGE_PX, EDGE_SHARE = 1.0, 0.1
"""Standard deviation of where a box stands: a pixel and a tenth of its side. Chosen."""


def stood_at(
    found: Sequence[Detection], pose: Pose, ground: Ground, size: tuple[int, int]
) -> Sequence[Seen]:
    """Where the boxes of a picture of ``size`` (across, down) stand. Those that stand nowhere, or
    beside a horizon where their error has no bounds, are left out. MissingTerrainError."""
    if not found:
        return ()
    rays = np.concatenate([_three(one, pose.camera.pitch, size[1]) for one in found])
    places = ground.places(pose, rays / np.array(size, np.float64))
    seen = []
    for number, one in enumerate(found):
        here, right, along = places[3 * number : 3 * number + 3]
        if here is not None and right is not None and along is not None:
            seen.append(Seen(one, here, _own(one, here, (right, along))))
    return seen


def metres_per_pixel(pose: Pose, ground: Ground, across: int) -> float | None:
    """Across the line of sight, of a picture ``across`` pixels wide: in its middle, or lower down
    where the middle shows sky; None where there is sky too. MissingTerrainError."""
    beside = 0.005
    at = [(0.5 + side * beside, down) for down in (0.5, 0.9) for side in (-1, 1)]
    found = ground.places(pose, np.array(at, np.float64))
    for one, other in (found[:2], found[2:]):
        if one is not None and other is not None:
            plane = Plane.around(one.latitude, one.longitude)
            far = math.hypot(*plane.metres(other.latitude, other.longitude))
            return far / (2 * beside * across) if far > 0 else None
    return None


def foot(one: Detection, pitch_deg: float) -> tuple[float, float]:
    """Where a thing stands in the picture: below its middle by half its height when looked at from
    the side, in its middle when from above."""
    left, top, right, bottom = one.box
    lower = (bottom - top) / 2 * max(math.cos(math.radians(pitch_deg)), 0.0)
    return (left + right) / 2, (top + bottom) / 2 + lower


def _three(one: Detection, pitch_deg: float, down: int) -> NDArray[np.float64]:
    """Its foot, a pixel beside it and a pixel along, that way which stays in the picture."""
    across, below = foot(one, pitch_deg)
    step = -1.0 if below > down / 2 else 1.0
    return np.array([(across, below), (across + 1, below), (across, below + step)])


def _own(one: Detection, here: Place, beside: tuple[Place, Place]) -> Covariance:
    """The box's error on the ground, by how far a pixel reaches each way."""
    left, top, right, bottom = one.box
    plane = Plane.around(here.latitude, here.longitude)
    spread = (EDGE_PX + EDGE_SHARE * (right - left), EDGE_PX + EDGE_SHARE * (bottom - top))
    ee = en = nn = 0.0
    for other, pixels in zip(beside, spread, strict=True):
        east, north = plane.metres(other.latitude, other.longitude)
        ee += (east * pixels) ** 2
        en += east * north * pixels**2
        nn += (north * pixels) ** 2
    return ee, en, nn
