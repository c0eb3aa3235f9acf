"""Rays as three short formulas: row, column and height along the way."""

import numpy as np

from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import Floats, axes, centred, geodetic

_RADIUS_M = 6_336_000.0
"""The least radius of curvature of the ellipsoid: the Earth falls away at least as fast."""


class Bundle:
    """Rays that begin near one place.

    ``begin`` (n, 3): metres east, north and up of the place, on its tangent plane; ``along``
    (n, 3): unit vectors of the same axes. Light is taken as straight: refraction would lift the
    horizon by about a seventh of the Earth's curvature and is left out.
    """

    def __init__(self, place: tuple[float, float, float], begin: Floats, along: Floats) -> None:
        self.place = place
        self._axes = axes(*place[:2])
        self._begin = centred(*place) + begin @ self._axes
        self._way = along @ self._axes
        self.along, self.up = along, along[:, 2]
        self.begin_up = begin[:, 2]

    def __len__(self) -> int:
        return len(self.along)

    def at(self, metres: Floats) -> tuple[Floats, Floats, Floats]:
        """Latitude, longitude and height so far along each ray."""
        x, y, z = (self._begin[:, i] + metres * self._way[:, i] for i in range(3))
        return geodetic(x, y, z)

    def lengths(self, lowest: float, reach_m: float) -> Floats:
        """How far each ray has to be followed: to its reach or under the lowest ground."""
        above = self.place[2] + self.begin_up - lowest
        fall = (1 - self.up**2) / (2 * _RADIUS_M)
        root = self.up**2 - 4 * fall * above
        lands = (self.up < 0) & (root > 0) & (above > 0)
        steep = np.where(lands, -self.up + np.sqrt(np.maximum(root, 0)), 1.0)
        return np.where(lands, np.minimum(2.05 * above / steep + 5, reach_m), reach_m)

    def paths(self, clip: Clip, lengths: Floats) -> Floats:
        """Nine numbers a ray (9, n): row, column, height at its begin, then what each gains with
        the share t of its length, then with t squared. Under 0.01 m off over 15 km."""
        values = []
        for share in (0.0, 0.5, 1.0):
            latitude, longitude, height = self.at(lengths * share)
            values.append(np.stack([*clip.grid(latitude, longitude), height]))
        begin, middle, end = values
        return np.concatenate(
            [begin, 4 * middle - 3 * begin - end, 2 * begin - 4 * middle + 2 * end]
        )
