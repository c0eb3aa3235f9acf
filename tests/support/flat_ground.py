"""Flat ground at a height of 0, seen by a camera without distortion: what parts that need a Ground
are tested on."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial import Flight, Footprint, NoPlaceError, Place, Pose, Telemetry
from morina.sense.aerial.tracking.tracker import Plane

Floats = NDArray[np.float64]


class FlatGround:
    """Places have the covariance of the pose's horizontal error alone. The role Ground."""

    def pose(self, flight: Flight, moment: Telemetry) -> Pose:
        if moment.camera is None or moment.view is None:
            raise NoPlaceError(
                f"{flight.source} has no gimbal angles; fly with a log that has them"
            )
        return Pose(
            latitude=moment.latitude, longitude=moment.longitude, height_m=moment.height.metres,
            camera=moment.camera, view=moment.view, spread=moment.spread,
        )  # fmt: skip

    def places(self, pose: Pose, at: Floats) -> Sequence[Place | None]:
        plane = Plane.around(pose.latitude, pose.longitude)
        return [self._place(pose, plane, ray) for ray in at @ self._slopes(pose) + self._aim(pose)]

    def footprint(self, pose: Pose, at_s: float) -> Footprint | None:
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)
        places = self.places(pose, corners)
        ring = tuple((one.longitude, one.latitude) for one in places if one)
        middle = self.places(pose, np.array([(0.5, 0.5)]))[0]
        if middle is None:
            return None
        width = 2 * math.tan(math.radians(pose.view[0] / 2)) * middle.range_m
        return Footprint(at_s, ring, len(ring) < 4, width / 1000)

    def pixel(self, pose: Pose, latitude: float, longitude: float) -> tuple[float, float] | None:
        east, north = Plane.around(pose.latitude, pose.longitude).metres(latitude, longitude)
        slopes, aim = self._slopes(pose), self._aim(pose)
        across, down, depth = np.linalg.solve(
            np.column_stack([slopes[0], slopes[1], aim]), (east, north, -pose.height_m)
        )
        return (across / depth, down / depth) if depth > 0 else None

    def _place(self, pose: Pose, plane: Plane, ray: Floats) -> Place | None:
        if ray[2] > -1e-3:
            return None
        far = pose.height_m / -ray[2]
        latitude, longitude = plane.place(far * ray[0], far * ray[1])
        error = pose.spread.horizontal_m**2
        return Place(
            latitude=latitude, longitude=longitude, height_m=0.0, covariance=(error, 0.0, error),
            height_sd_m=1.0, range_m=float(far * np.linalg.norm(ray)),
        )  # fmt: skip

    @staticmethod
    def _slopes(pose: Pose) -> Floats:
        """What the ray gains from edge to edge of the picture, across and down (2, 3)."""
        yaw, pitch = math.radians(pose.camera.yaw), math.radians(pose.camera.pitch)
        right = np.array((math.cos(yaw), -math.sin(yaw), 0.0))
        down = np.array(
            (math.sin(yaw) * math.sin(pitch), math.cos(yaw) * math.sin(pitch), -math.cos(pitch))
        )
        wide, high = (2 * math.tan(math.radians(one / 2)) for one in pose.view)
        return np.array((wide * right, high * down))

    def _aim(self, pose: Pose) -> Floats:
        """The ray of the upper left corner."""
        yaw, pitch = math.radians(pose.camera.yaw), math.radians(pose.camera.pitch)
        ahead = np.array(
            (math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch))
        )
        aim: Floats = ahead - self._slopes(pose).sum(axis=0) / 2
        return aim
