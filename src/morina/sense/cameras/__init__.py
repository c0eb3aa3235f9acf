"""Cameras and where they stand."""

from morina.sense.cameras.camera import Camera, CameraRegistry, NoSuchCameraError

__all__ = ["Camera", "CameraRegistry", "NoSuchCameraError"]
