"""Cameras and where they stand."""

from morina.sense.cameras.camera import (
    Camera,
    CameraIdError,
    CameraRegistry,
    NoSuchCameraError,
)
from morina.sense.cameras.states import CameraStates, SourceState

__all__ = [
    "Camera",
    "CameraIdError",
    "CameraRegistry",
    "CameraStates",
    "NoSuchCameraError",
    "SourceState",
]
