"""What this node has of a passage that partners are told of: its camera, that one's group, its
picture."""

import base64
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from morina.alerts import AlertStore, NoSuchAlertError
from morina.exchange.released_pictures import Passage
from morina.exchange.sighting_messages import MOST_PICTURE
from morina.exchange.sightings import NO_GROUP
from morina.records import ImageStore, NoSuchImageError
from morina.records.retention import Retention
from morina.sense import Read
from morina.sense.cameras import Camera, CameraRegistry, NoSuchCameraError

_ALERT = """
SELECT alert_id FROM sighting_told
WHERE partner = %s AND sighting_id = %s AND denied = '' ORDER BY at DESC LIMIT 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where what is told comes from. ``policies`` names the groups of cameras."""

    alerts: AlertStore
    cameras: CameraRegistry
    images: ImageStore
    policies: Retention

    async def camera(self, read: Read) -> tuple[Camera | None, str]:
        """Its camera where it is known, and the group that one is in."""
        camera = None
        with suppress(NoSuchCameraError):
            camera = await self.cameras.camera(read.camera_id)
        group = self.policies.group_of(read.camera_id, camera.site if camera else "")
        return camera, group.name if group else NO_GROUP

    async def picture(self, read: Read) -> str:
        """The overview in base64; empty where none is kept, or it is larger than is taken."""
        if read.evidence is None:
            return ""
        try:
            content = await self.images.get(read.evidence.overview)
        except (NoSuchImageError, OSError):
            return ""
        picture = base64.b64encode(content).decode()
        return picture if len(picture) <= MOST_PICTURE else ""


@dataclass(frozen=True, slots=True)
class ToldPassages:
    """The role Passages. ``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    sources: Sources

    async def told(self, partner: str, about: UUID) -> Passage | None:
        """See Passages."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(_ALERT, (partner, about))).fetchone()
        if row is None:
            return None
        try:
            read = (await self.sources.alerts.alert(row[0])).read
        except NoSuchAlertError:
            return None
        _, group = await self.sources.camera(read)
        return Passage(read.captured_at, group, await self.sources.picture(read))
