"""Ground by formula for what has no terrain file: labelled as such wherever it is used."""

from collections.abc import Callable

import numpy as np

from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import metres_per_degree

STEP = 1 / 3600


class Formula:
    """A ``Terrain``: ``height`` of metres east and north of a place, above the ellipsoid."""

    def __init__(self, place: tuple[float, float], height: Callable, half: int = 400) -> None:
        north, east = metres_per_degree(place[0])
        posts = np.arange(-half, half + 1) * STEP
        heights = height(posts[None, :] * east, -posts[:, None] * north)
        self._clip = Clip(
            np.broadcast_to(heights, (len(posts), len(posts))).astype(np.float32),
            place[0] + half * STEP, place[1] - half * STEP, (STEP, STEP), 0.0,
        )  # fmt: skip

    def clip(self, _latitude: float, _longitude: float, _radius_m: float) -> Clip:
        return self._clip

    def version(self) -> int:
        return 1
