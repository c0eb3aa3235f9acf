"""A ground that goes on where one pose cannot be plotted, and says at the end what could not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import (
    Footprint,
    Ground,
    MissingTerrainError,
    NoPlaceError,
    Place,
    Pose,
)
from morina.sense.aerial.telemetry import Flight, Telemetry

MOST_SAID = 20


class SteadyGround:
    """The role Ground. A footprint or place that is none, such as of a camera under the terrain, is
    None and noted once; missing terrain and poses stay errors."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._said: dict[str, None] = {}

    @property
    def said(self) -> tuple[str, ...]:
        """What could not be plotted, in words."""
        return tuple(self._said)

    def pose(self, flight: Flight, moment: Telemetry) -> Pose:
        """See Ground."""
        return self._ground.pose(flight, moment)

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:
        """See Ground."""
        try:
            return self._ground.places(pose, at)
        except MissingTerrainError:
            raise
        except NoPlaceError as fault:
            self._note(fault)
            return [None] * len(at)

    def footprint(self, pose: Pose, at_s: float) -> Footprint | None:
        """See Ground."""
        try:
            return self._ground.footprint(pose, at_s)
        except MissingTerrainError:
            raise
        except NoPlaceError as fault:
            self._note(fault)
            return None

    def pixel(self, pose: Pose, latitude: float, longitude: float) -> tuple[float, float] | None:
        """See Ground."""
        return self._ground.pixel(pose, latitude, longitude)

    def _note(self, fault: NoPlaceError) -> None:
        if len(self._said) < MOST_SAID:
            self._said[str(fault)] = None
