"""Whether it is night where a camera stands."""

from datetime import UTC, datetime
from math import asin, cos, degrees, radians, sin

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DUSK = -6.0
"""Degrees below the horizon at which civil twilight ends."""


def sun_elevation(at: datetime, latitude: float, longitude: float) -> float:
    """How high the sun stands, degrees, to about half a degree.

    The low-precision formulae of the Astronomical Almanac (mean longitude, anomaly, obliquity).
    """
    days = (at - J2000).total_seconds() / 86400
    anomaly = radians(357.528 + 0.9856003 * days)
    mean = 280.460 + 0.9856474 * days
    ecliptic = radians(mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439)
    declination = asin(sin(tilt) * sin(ecliptic))
    equation = radians(
        -1.915 * sin(anomaly) + 2.466 * sin(2 * ecliptic) - 0.053 * sin(4 * ecliptic)
    )
    here = at.astimezone(UTC)
    minutes = here.hour * 60 + here.minute + here.second / 60
    hour_angle = radians(minutes / 4 - 180 + longitude) + equation
    where = radians(latitude)
    return degrees(
        asin(sin(where) * sin(declination) + cos(where) * cos(declination) * cos(hour_angle))
    )


def is_night(at: datetime, latitude: float, longitude: float) -> bool:
    """Whether civil twilight is over, or has not begun."""
    return sun_elevation(at, latitude, longitude) < DUSK
