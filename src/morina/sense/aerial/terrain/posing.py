"""A moment of telemetry as a camera in space; what is missing is said, never guessed."""

import math
from dataclasses import replace

from morina.sense.aerial.ground import Lens, NoPlaceError, Pose
from morina.sense.aerial.telemetry import Flight, Height, HeightDatum, Spread, Telemetry
from morina.sense.aerial.terrain.geoid import undulation

_WIDEST = 175.0


def pose_of(
    flight: Flight, moment: Telemetry, lens: Lens, under_first: tuple[float, float] | None = None
) -> Pose:
    """``under_first``: height of the terrain under the first position above the ellipsoid and its
    standard deviation, metres, where that is stated to be the take-off. NoPlaceError."""
    if moment.camera is None:
        raise NoPlaceError("it is not said which way the camera points; record with gimbal angles")
    if moment.view is None or not all(0 < side < _WIDEST for side in moment.view):
        raise NoPlaceError("no field of view; state that of the camera for this flight")
    height_m, spread = _height(flight, moment, under_first)
    numbers = (height_m, moment.camera.yaw, moment.camera.pitch, moment.camera.roll)
    if not all(math.isfinite(number) for number in numbers):
        raise NoPlaceError("a height or an angle is no number; leave this moment out")
    return Pose(
        latitude=moment.latitude, longitude=moment.longitude, height_m=height_m,
        camera=moment.camera, view=moment.view, spread=spread, lens=lens,
    )  # fmt: skip


def above_ellipsoid(height: Height, latitude: float, longitude: float) -> float | None:
    """Metres above the WGS 84 ellipsoid; None where the datum alone does not tell."""
    if height.datum is HeightDatum.ELLIPSOID:
        return height.metres
    if height.datum is HeightDatum.EGM96:
        return height.metres + float(undulation(latitude, longitude))
    return None


def _height(
    flight: Flight, moment: Telemetry, under_first: tuple[float, float] | None
) -> tuple[float, Spread]:
    """Above the ellipsoid, with the spread of what it was counted from."""
    plain = above_ellipsoid(moment.height, moment.latitude, moment.longitude)
    if plain is not None:
        return plain, moment.spread
    if moment.height.datum is not HeightDatum.TAKEOFF:
        raise NoPlaceError(
            "it is not known what its height is counted from; state it for this flight"
        )
    if flight.takeoff is not None:
        first = flight.telemetry[0]
        base = above_ellipsoid(flight.takeoff, first.latitude, first.longitude)
        if base is not None:
            return base + moment.height.metres, moment.spread
    if under_first is None:
        raise NoPlaceError(
            "its height is counted from the take-off, whose height is not said; "
            "state it for this flight, or that it took off from the ground at its first position"
        )
    base, sd = under_first
    spread = replace(moment.spread, vertical_m=math.hypot(moment.spread.vertical_m, sd))
    return base + moment.height.metres, spread
