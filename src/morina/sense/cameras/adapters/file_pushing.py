"""Cameras that push to a machine without a database: known from its file, heard in memory."""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from morina.sense.cameras.adapters.file_cursors import FileCursors
from morina.sense.cameras.adapters.toml_file import TomlCameras
from morina.sense.cameras.camera import NoSuchCameraError
from morina.sense.cameras.pushing import (
    KEPT_BAD_PAYLOADS,
    KEPT_KNOCKS,
    BadPayload,
    Heard,
    Knock,
    PushingCamera,
)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class FilePushing:
    """The role PushingCameras, except that nothing changes the file of cameras.

    What is heard, who knocks and bad payloads are forgotten with the process, ``cursors`` are not.
    ``behind`` is told by how many seconds a camera's clock was behind at each passage.
    """

    cameras: TomlCameras
    cursors: FileCursors
    behind: Callable[[str, float], None] = lambda _camera_id, _offset_s: None
    knocked: int = 0
    _heard: dict[str, Heard] = field(default_factory=dict)
    _bad: dict[str, list[BadPayload]] = field(default_factory=dict)
    _bad_ever: Counter[str] = field(default_factory=Counter)
    _knocks: "OrderedDict[object, Knock]" = field(default_factory=OrderedDict)

    async def pushing(self) -> list[PushingCamera]:
        """See PushingCameras."""
        return [one.camera for one in await self.cameras.let_in()]

    async def of_secret(self, secret_sha256: bytes) -> list[PushingCamera]:
        """See PushingCameras."""
        known = await self.cameras.let_in()
        return [one.camera for one in known if one.secret_sha256 == secret_sha256]

    async def secret(self, camera_id: str) -> str:
        """See PushingCameras."""
        for one in await self.cameras.let_in():
            if one.camera.camera_id == camera_id:
                return one.secret
        raise NoSuchCameraError(f"no camera {camera_id!r} pushes; see {self.cameras.file}")

    async def heard(self) -> dict[str, Heard]:
        """See PushingCameras."""
        bad = self._bad_ever
        return {name: replace(one, bad_payloads=bad[name]) for name, one in self._heard.items()}

    async def hear(self, camera_id: str, at: datetime) -> None:
        """See PushingCameras."""
        known = self._heard.get(camera_id) or Heard(camera_id=camera_id, heard_at=at)
        self._heard[camera_id] = replace(known, heard_at=at)

    async def report(
        self, camera_id: str, at: datetime, offset_s: float | None, repeat: bool = False
    ) -> None:
        """See PushingCameras; the offset is that of the last report that was no repeat."""
        await self.hear(camera_id, at)
        known = self._heard[camera_id]
        measured = offset_s is not None and not repeat
        self._heard[camera_id] = replace(
            known,
            reported_at=at,
            reports=known.reports + 1,
            repeats=known.repeats + repeat,
            clock_offset_s=offset_s if measured else known.clock_offset_s,
        )
        if offset_s is not None and not repeat:
            self.behind(camera_id, offset_s)

    async def keep_bad(self, camera_id: str, bad: BadPayload) -> None:
        """See PushingCameras."""
        log.warning("camera %s sent what cannot be decoded: %s", camera_id, bad.fault)
        kept = [bad, *self._bad.get(camera_id, [])]
        self._bad[camera_id] = kept[:KEPT_BAD_PAYLOADS]
        self._bad_ever[camera_id] += 1

    async def bad_payloads(self, camera_id: str) -> list[BadPayload]:
        """See PushingCameras."""
        return self._bad.get(camera_id, [])

    async def knock(self, knock: Knock) -> None:
        """See PushingCameras."""
        self.knocked += 1
        names = tuple(sorted(knock.camera_key.items()))
        who = (knock.address, knock.maker, names, knock.secret_sha256)
        before = self._knocks.pop(who, None)
        self._knocks[who] = (
            replace(before, last_at=knock.last_at, times=before.times + 1) if before else knock
        )
        while len(self._knocks) > KEPT_KNOCKS:
            self._knocks.popitem(last=False)

    async def knocks(self) -> list[Knock]:
        """See PushingCameras."""
        return list(reversed(self._knocks.values()))

    async def put(self, camera: PushingCamera, secret: str = "") -> str:  # noqa: ARG002 - the role's
        """The file says who may push."""
        raise self._told_by_the_file(camera.camera_id)

    async def remove(self, camera_id: str) -> None:
        """The file says who may push."""
        raise self._told_by_the_file(camera_id)

    async def adopt(self, knock_id: UUID, camera: PushingCamera) -> str:  # noqa: ARG002 - the role's
        """The file says who may push."""
        raise self._told_by_the_file(camera.camera_id)

    async def cursor(self, camera_id: str) -> str:
        """See PushingCameras."""
        return self.cursors.load().get(camera_id, "")

    async def take_cursor(self, camera_id: str, cursor: str) -> None:
        """See PushingCameras; OSError when the disk takes nothing."""
        self.cursors.keep(camera_id, cursor)

    def _told_by_the_file(self, camera_id: str) -> NotImplementedError:
        return NotImplementedError(f"camera {camera_id} is what {self.cameras.file} says; edit it")
