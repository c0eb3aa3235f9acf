"""Cameras in a file, for a machine that has no database."""

import logging
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from morina.sense.cameras import Camera, NoSuchCameraError
from morina.sense.cameras.adapters.toml_push import LetIn, push_of

log = logging.getLogger(__name__)

FIELDS = {"name": str, "site": str, "source": str}
NUMBERS = ("latitude", "longitude", "bearing")
_Cameras = list[tuple[Camera, LetIn | None]]


class CamerasFileError(ValueError):
    """The file of cameras cannot be used; the message names the place and says what to do."""


@dataclass(slots=True)
class TomlCameras:
    """The cameras of ``file``, a table ``[cameras.ID]`` each; a change of the file is taken up.

    A file that is wrong when first read raises CamerasFileError; one that becomes wrong later
    leaves the cameras as they were and is logged.
    """

    file: Path
    site: str
    _read: tuple[int, _Cameras] | None = field(default=None)

    async def cameras(self) -> list[Camera]:
        """All cameras, by id."""
        return [camera for camera, _ in self._all()]

    async def let_in(self) -> list[LetIn]:
        """Those of them that push, by id."""
        return [push for _, push in self._all() if push is not None]

    def _all(self) -> _Cameras:
        try:
            changed = self.file.stat().st_mtime_ns
            if self._read is None or self._read[0] != changed:
                self._read = changed, cameras_of(self.file.read_text(), self.file, self.site)
        except (OSError, UnicodeDecodeError, CamerasFileError) as error:
            if self._read is None:
                raise CamerasFileError(_said(error, self.file)) from None
            log.error("%s; the cameras stay as they were", _said(error, self.file))
            self._read = (changed if isinstance(error, CamerasFileError) else 0), self._read[1]
        return self._read[1]

    async def camera(self, camera_id: str) -> Camera:
        """One camera; NoSuchCameraError."""
        for camera in await self.cameras():
            if camera.camera_id == camera_id:
                return camera
        raise NoSuchCameraError(f"no camera is called {camera_id!r} in {self.file}")


def cameras_of(text: str, file: Path, site: str) -> _Cameras:
    """The cameras of a file's text, by id, and how each pushes where it does; CamerasFileError.

    ``site`` is that of those without.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CamerasFileError(f"{file}: {error}; mend the TOML there") from None
    if set(tables) - {"cameras"} or not isinstance(tables.get("cameras", {}), dict):
        raise CamerasFileError(f"{file}: only tables [cameras.ID] are known; see docs/edge.md")
    cameras = tables.get("cameras", {})
    return [_camera(file, camera_id, cameras[camera_id], site) for camera_id in sorted(cameras)]


def _camera(file: Path, camera_id: str, table: object, site: str) -> tuple[Camera, LetIn | None]:
    place = f"{file}: cameras.{camera_id}"
    if not isinstance(table, dict):
        raise CamerasFileError(f"{place} is no table; write [cameras.{camera_id}]")
    if unknown := set(table) - {*FIELDS, *NUMBERS, "push"}:
        raise CamerasFileError(f"{place}: {', '.join(sorted(unknown))} is not known; docs/edge.md")
    for name in ("latitude", "longitude"):
        if name not in table:
            raise CamerasFileError(f"{place}: {name} is missing; give it in degrees")
    texts = {name: table[name] for name in FIELDS if name in table}
    numbers = {name: table[name] for name in NUMBERS if name in table}
    if not all(isinstance(text, str) for text in texts.values()):
        raise CamerasFileError(f"{place}: name, site and source are texts in quotes")
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers.values()):
        raise CamerasFileError(f"{place}: latitude, longitude and bearing are numbers")
    try:
        push = push_of(camera_id, table["push"]) if "push" in table else None
        known = {"name": camera_id, "site": site, **texts, **numbers}
        return Camera(camera_id=camera_id, **known), push
    except ValueError as error:
        raise CamerasFileError(f"{place}: {error}") from None


def _said(error: Exception, file: Path) -> str:
    if isinstance(error, OSError):
        return f"{file}: {error.strerror}; set edge.cameras to the file that lists the cameras"
    return f"{file}: it is no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
