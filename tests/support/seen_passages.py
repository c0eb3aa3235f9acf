"""Cameras that are known and pictures that are kept, for nodes that tell of passages."""

from dataclasses import dataclass, field

from morina.records import NoSuchImageError
from morina.records.retention import Group, Retention
from morina.sense.cameras import Camera, NoSuchCameraError

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))
BRIDGE = Camera(camera_id="bridge-north", name="Bridge, north", site="Bridge",
                latitude=41.3275, longitude=19.8187)  # fmt: skip
GROUPS = Retention(groups=(
    Group(name="border", owner="Border", policy="Act", days=30, sites=frozenset({"Bridge"})),
    Group(name="town", owner="Town", policy="Act", days=30, cameras=frozenset({"square"})),
))  # fmt: skip


@dataclass
class Cameras:
    """One camera that is known."""

    async def camera(self, camera_id: str) -> Camera:
        if camera_id != BRIDGE.camera_id:
            raise NoSuchCameraError(camera_id)
        return BRIDGE


@dataclass
class Images:
    """Pictures by name."""

    kept: dict[str, bytes] = field(default_factory=dict)

    async def get(self, sha256: str) -> bytes:
        if sha256 not in self.kept:
            raise NoSuchImageError(sha256)
        return self.kept[sha256]
