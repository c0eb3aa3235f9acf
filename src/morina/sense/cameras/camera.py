"""Where a sensor stands."""

import re
from dataclasses import dataclass, field, replace
from typing import Protocol

from morina.sense.cameras import sources
from morina.sense.capture import LONGEST_CAMERA_ID

_CAMERA_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_CAMERA_ID - 1}}}")


class CameraIdError(ValueError):
    """An id that addresses, files and commands could not carry as it is; choose another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera, at WGS 84 degrees, looking along ``bearing``, degrees from north.

    ``source`` is where its pictures come from (docs/cameras/streams.md), or empty for a camera
    that pushes captures itself. It may hold a password: show ``shown()`` instead.
    """

    camera_id: str
    name: str
    site: str
    latitude: float
    longitude: float
    bearing: float = 0.0
    source: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not _CAMERA_ID.fullmatch(self.camera_id):
            raise CameraIdError(
                f"identifier {self.camera_id[:LONGEST_CAMERA_ID]!r} cannot be; begin with a letter "
                f"or digit and write up to {LONGEST_CAMERA_ID} of a-z, A-Z, 0-9, dot, dash and "
                "underscore"
            )
        if not -90 <= self.latitude <= 90 or not -180 <= self.longitude <= 180:
            raise ValueError(f"place {self.latitude}, {self.longitude} is not on Earth")
        if self.source:
            sources.parse(self.source)

    def shown(self) -> "Camera":
        """The same camera, its source without login and whatever else may be a secret."""
        return replace(self, source=sources.shown(self.source))


class NoSuchCameraError(LookupError):
    """No camera has that id; ``morina camera list`` shows those there are."""


class CameraRegistry(Protocol):
    """The cameras of this node, durable."""

    async def cameras(self) -> list[Camera]:
        """All cameras, by id."""

    async def camera(self, camera_id: str) -> Camera:
        """One camera; NoSuchCameraError."""

    async def put(self, camera: Camera) -> None:
        """Add or change a camera; a source given as ``shown()`` gives it stays as it is.

        ValueError when another source still holds ``***``.
        """

    async def remove(self, camera_id: str) -> None:
        """Remove a camera; its reads stay. NoSuchCameraError."""
