"""From a pixel to a place on the ground, with its error: the types every part shares."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.telemetry import Angles, Flight, Spread, Telemetry

OF_90 = 2.145966026289347
"""Semi-axis of the ellipse that holds 90 %, in standard deviations: sqrt(-2 ln 0.1)."""

OF_90_ALONE = 1.6448536269514722
"""The same of one dimension, for the height."""


class Flag(StrEnum):
    """What is to be known of a place beside its ellipse."""

    GRAZING = "grazing"
    """The ray meets the ground at under five degrees."""

    SECOND_HIT = "second_hit"
    """Within the error of the pose the ray could pass this ground and meet other ground beyond."""


class NoPlaceError(ValueError):
    """Nothing is plotted; the text says what is missing and what to do."""


class MissingTerrainError(NoPlaceError):
    """No height is known there: never sea level. Names the tile and the command that imports it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """Distortion by Brown and Conrady, as OpenCV numbers it, at the pose's field of view."""

    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0
    k3: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A camera in space. ``height_m`` is above the WGS 84 ellipsoid; ``view`` as in Telemetry."""

    latitude: float
    longitude: float
    height_m: float
    camera: Angles
    view: tuple[float, float]
    spread: Spread
    lens: Lens = Lens()


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Holds 90 % of the errors: semi-axes in metres, the bearing of the longer in degrees."""

    major_m: float
    minor_m: float
    bearing_deg: float


def ellipse_of(covariance: tuple[float, float, float]) -> Ellipse:
    """Of 90 %, from east-east, east-north, north-north in square metres."""
    ee, en, nn = covariance
    middle, half = (ee + nn) / 2, math.hypot((ee - nn) / 2, en)
    bearing = math.degrees(math.atan2(2 * en, nn - ee) / 2) % 180
    most, least = middle + half, max(middle - half, 0.0)
    return Ellipse(OF_90 * math.sqrt(most), OF_90 * math.sqrt(least), bearing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a pixel lies. ``covariance``: east-east, east-north, north-north, square metres.

    ``height_m`` above the WGS 84 ellipsoid with its standard deviation ``height_sd_m``;
    ``range_m`` from the camera.
    """

    latitude: float
    longitude: float
    height_m: float
    covariance: tuple[float, float, float]
    height_sd_m: float
    range_m: float
    flags: frozenset[Flag] = frozenset()

    @property
    def ellipse(self) -> Ellipse:
        """Of 90 %."""
        return ellipse_of(self.covariance)

    @property
    def le90_m(self) -> float:
        """Half the height of the interval that holds 90 % (linear error)."""
        return OF_90_ALONE * self.height_sd_m


@dataclass(frozen=True, slots=True)
class Footprint:
    """The ground seen in one picture: a closed ring of (longitude, latitude).

    Corners that look over the horizon are cut off at ``reach_m``, and ``cut`` says so.
    """

    at_s: float
    ring: tuple[tuple[float, float], ...]
    cut: bool
    metres_per_pixel: float


class Ground(Protocol):
    """Terrain, and how rays meet it."""

    def pose(self, flight: Flight, moment: Telemetry) -> Pose:
        """NoPlaceError says what the telemetry lacks: angles, field of view, a known datum."""

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:
        """Of pixels (n, 2) as shares of the picture, (0, 0) its upper left corner. None: sky, or
        beyond reach. MissingTerrainError."""

    def footprint(self, pose: Pose, at_s: float) -> Footprint | None:
        """None where the whole picture is sky. MissingTerrainError."""

    def pixel(self, pose: Pose, latitude: float, longitude: float) -> tuple[float, float] | None:
        """Where a place on the ground is in the picture, as shares; None where it is not in view,
        hidden behind terrain too."""
