"""WGS 84: latitude, longitude and height to metres and back."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
_POLAR_M = AXIS_M * (1 - FLATTENING)
_E2 = FLATTENING * (2 - FLATTENING)
_EP2 = _E2 / (1 - _E2)


def centred(latitude: ArrayLike, longitude: ArrayLike, height_m: ArrayLike) -> Floats:
    """Metres from the middle of the Earth (..., 3), of degrees and metres above the ellipsoid."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    height = np.asarray(height_m, np.float64)
    sine, cosine = np.sin(lat), np.cos(lat)
    prime = AXIS_M / np.sqrt(1 - _E2 * sine**2)
    outward = (prime + height) * cosine
    parts = outward * np.cos(lon), outward * np.sin(lon), (prime * (1 - _E2) + height) * sine
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def geodetic(x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats, Floats]:
    """Latitude and longitude, degrees, and height above the ellipsoid: Bowring (1976), one step,
    under a millimetre off near the ground."""
    outward = np.hypot(x, y)
    slope = z * AXIS_M / (outward * _POLAR_M)
    cosine = 1 / np.sqrt(1 + slope * slope)
    sine = slope * cosine
    above, beside = z + _EP2 * _POLAR_M * sine**3, outward - _E2 * AXIS_M * cosine**3
    length = np.hypot(above, beside)
    up, out = above / length, beside / length
    height = outward * out + z * up - AXIS_M * np.sqrt(1 - _E2 * up * up)
    return np.degrees(np.arctan2(above, beside)), np.degrees(np.arctan2(y, x)), height


def axes(latitude: float, longitude: float) -> Floats:
    """East, north and up at a place, as rows in metres from the middle of the Earth (3, 3)."""
    lat, lon = math.radians(latitude), math.radians(longitude)
    sa, ca, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    return np.array([[-so, co, 0.0], [-sa * co, -sa * so, ca], [ca * co, ca * so, sa]])


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Of latitude and of longitude, on the ellipsoid."""
    sine, cosine = math.sin(math.radians(latitude)), math.cos(math.radians(latitude))
    root = math.sqrt(1 - _E2 * sine * sine)
    degree = math.pi / 180
    return degree * AXIS_M * (1 - _E2) / root**3, degree * AXIS_M / root * cosine
