"""The map plane of one sortie: metres east and north of its first place."""

import math
from dataclasses import dataclass

HALF_AXIS_M = 6378137.0
ECCENTRICITY_2 = 6.69437999014e-3
"""WGS 84, NIMA TR8350.2."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Lengths are right to 2 in a thousand within 10 km of the middle; the way back is exact."""

    latitude: float
    longitude: float
    metres_east: float
    metres_north: float

    @classmethod
    def around(cls, latitude: float, longitude: float) -> "Plane":
        """Metres a degree by the two radii of curvature of the ellipsoid at its middle."""
        flat = 1 - ECCENTRICITY_2 * math.sin(math.radians(latitude)) ** 2
        across = HALF_AXIS_M / math.sqrt(flat)
        along = HALF_AXIS_M * (1 - ECCENTRICITY_2) / flat**1.5
        east = math.radians(across * math.cos(math.radians(latitude)))
        return cls(latitude, longitude, east, math.radians(along))

    def metres(self, latitude: float, longitude: float) -> tuple[float, float]:
        """East and north."""
        turned = (longitude - self.longitude + 180) % 360 - 180
        return turned * self.metres_east, (latitude - self.latitude) * self.metres_north

    def place(self, east: float, north: float) -> tuple[float, float]:
        """Latitude and longitude."""
        longitude = self.longitude + east / self.metres_east
        return self.latitude + north / self.metres_north, (longitude + 180) % 360 - 180
