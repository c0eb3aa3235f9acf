"""From camera to camera: how far, and in which direction."""

from math import asin, atan2, cos, degrees, radians, sin, sqrt

from morina.sense.cameras.camera import Camera

EARTH_KM = 6371.0088
"""Mean radius (IUGG); a sphere is right to half a percent, and nothing here asks for more."""


def km_between(one: Camera, other: Camera) -> float:
    """Great-circle distance in kilometres, by the haversine formula."""
    north, south = radians(one.latitude), radians(other.latitude)
    high = sin((north - south) / 2) ** 2
    wide = sin(radians(one.longitude - other.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, high + cos(north) * cos(south) * wide)))


def bearing(one: Camera, other: Camera) -> float:
    """Where the other lies as seen from here, degrees from north, 0 up to 360."""
    here, there = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    x = sin(east) * cos(there)
    y = cos(here) * sin(there) - sin(here) * cos(there) * cos(east)
    return degrees(atan2(x, y)) % 360
