"""Lens distortion by Brown and Conrady, as OpenCV numbers it."""

import numpy as np

from morina.sense.aerial.ground import Lens
from morina.sense.aerial.terrain.earth import Floats

_ROUNDS = 20
_SAME = 1e-6
"""As tangents: a thousandth of a pixel of a picture 4,000 across."""


def distorted(lens: Lens, points: Floats) -> Floats:
    """Where the lens puts points (n, 2), right and down of the axis as tangents."""
    x, y = points[:, 0], points[:, 1]
    radial, aside_x, aside_y = _bend(lens, x, y)
    return np.stack([x * radial + aside_x, y * radial + aside_y], axis=1)


def straightened(lens: Lens, points: Floats) -> Floats:
    """The other way; NaN where the distortion cannot be undone so far from the axis."""
    if lens == Lens():
        return points
    x, y = points[:, 0], points[:, 1]
    with np.errstate(all="ignore"):
        for _ in range(_ROUNDS):
            radial, aside_x, aside_y = _bend(lens, x, y)
            x, y = (points[:, 0] - aside_x) / radial, (points[:, 1] - aside_y) / radial
        found = np.stack([x, y], axis=1)
        off = np.abs(distorted(lens, found) - points).max(axis=1)
    found[~(off < _SAME)] = np.nan
    return found


def _bend(lens: Lens, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """The radial factor and what is added right and down."""
    r2 = x * x + y * y
    radial = 1 + r2 * (lens.k1 + r2 * (lens.k2 + r2 * lens.k3))
    aside_x = 2 * lens.p1 * x * y + lens.p2 * (r2 + 2 * x * x)
    aside_y = lens.p1 * (r2 + 2 * y * y) + 2 * lens.p2 * x * y
    return radial, aside_x, aside_y
