"""Points and closed rings of (longitude, latitude) on the ground."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ring = Sequence[tuple[float, float]]


def inside(ring: Ring, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie in the ring, by the even-odd rule. Degrees; ``east`` and ``north`` alike.

    A ring across the 180th meridian is not one: it is cut there by whoever makes it.
    """
    corners = np.asarray(ring, dtype=np.float64)
    found = np.zeros(np.broadcast(east, north).shape, dtype=bool)
    for (e0, n0), (e1, n1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if n0 == n1:
            continue
        crosses = (n0 > north) != (n1 > north)
        found ^= crosses & (east < e0 + (north - n0) * (e1 - e0) / (n1 - n0))
    return found


def holds(ring: Ring, longitude: float, latitude: float) -> bool:
    """Whether one point lies in the ring."""
    found, before = False, ring[-1]
    for one in ring:
        (e0, n0), (e1, n1) = before, one
        if (n0 > latitude) != (n1 > latitude):
            found ^= longitude < e0 + (latitude - n0) * (e1 - e0) / (n1 - n0)
        before = one
    return found
