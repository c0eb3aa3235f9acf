"""A pinhole camera beside the road.

World: x to the right and y along the road away from the camera, z up, metres; the camera stands
above the origin. Picture: pixels, x to the right, y down.
"""

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""n x 3 in the world or n x 2 in the picture."""

NEAREST_M = 0.5


@dataclass(frozen=True)
class View:
    """Where a camera is and looks. Angles in degrees: pitch down, yaw to the right.

    ``lane_x`` is where the middle of the watched lane runs, in metres to the right of the camera.
    """

    width: int = 1280
    height: int = 720
    focal_px: float = 1500.0
    camera_height: float = 1.95
    pitch: float = 8.6
    yaw: float = 12.0
    lane_x: float = 1.5

    @cached_property
    def axes(self) -> NDArray[np.float64]:
        """Rows: right, down and forward of the camera in the world."""
        pitch, yaw = radians(self.pitch), radians(self.yaw)
        forward = np.array([sin(yaw) * cos(pitch), cos(yaw) * cos(pitch), -sin(pitch)])
        right = np.array([cos(yaw), -sin(yaw), 0.0])
        return np.stack([right, np.cross(forward, right), forward])

    def in_camera(self, world: Points) -> Points:
        """World points as right, down, forward metres from the camera."""
        shifted = world - np.array([0.0, 0.0, self.camera_height])
        return np.asarray(shifted @ self.axes.T)

    def on_picture(self, camera: Points) -> Points:
        """Camera points, all in front of it, as pixels."""
        middle = np.array([self.width / 2, self.height / 2])
        return np.asarray(camera[:, :2] / camera[:, 2:] * self.focal_px + middle)

    def project(self, world: Points) -> Points:
        """World points in front of the camera as pixels."""
        return self.on_picture(self.in_camera(world))

    def clipped(self, camera: Points) -> Points:
        """The part of a polygon that lies in front of the camera; may be empty."""
        kept = []
        for here, after in zip(camera, np.roll(camera, -1, axis=0), strict=True):
            inside = here[2] >= NEAREST_M
            if inside:
                kept.append(here)
            if inside != (after[2] >= NEAREST_M):
                share = (NEAREST_M - here[2]) / (after[2] - here[2])
                kept.append(here + share * (after - here))
        return np.array(kept).reshape(-1, 3)

    def ground(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """Where each pixel's ray meets the road: x, y, and whether it meets it at all."""
        columns, rows = np.meshgrid(np.arange(self.width) + 0.5, np.arange(self.height) + 0.5)
        rays = (
            (columns - self.width / 2)[..., None] * self.axes[0]
            + (rows - self.height / 2)[..., None] * self.axes[1]
            + self.focal_px * self.axes[2]
        )
        meets = rays[..., 2] < -1e-3 * self.focal_px
        reach = self.camera_height / np.where(meets, -rays[..., 2], 1.0)
        x, y = rays[..., 0] * reach, rays[..., 1] * reach
        return x.astype(np.float32), y.astype(np.float32), meets
