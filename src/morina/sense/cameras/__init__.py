"""Cameras and where they stand."""

from morina.sense.cameras.camera import Camera, CameraRegistry, NoSuchCameraError
from morina.sense.cameras.states import CameraStates, SourceState

__all__ = ["Camera", "CameraRegistry", "CameraStates", "NoSuchCameraError", "SourceState"]
