"""Where cameras' pictures come from, with their passwords, is kept sealed in the database."""

import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from morina.accountability.sealing import SealError, Sealing
from morina.sense.cameras.camera import Camera

log = logging.getLogger(__name__)

_MARK = "sealed:"
_PLAIN = "SELECT camera_id, source FROM camera WHERE source <> '' AND source NOT LIKE %s FOR UPDATE"
_SEAL = "UPDATE camera SET source = %s WHERE camera_id = %s"


@dataclass(frozen=True, slots=True)
class SealedSources:
    """Seals and opens the sources of cameras; without a key (in tests) they stay as they are."""

    sealing: Sealing | None = None

    def sealed(self, camera_id: str, source: str) -> str:
        """As it is kept."""
        if not source or self.sealing is None:
            return source
        return _MARK + b64encode(self.sealing.seal(source.encode(), _context(camera_id))).decode()

    def opened(self, camera_id: str, kept: str) -> str:
        """As it was given; empty, and logged, where the home's key does not open it."""
        if not kept.startswith(_MARK):
            return kept
        try:
            if self.sealing is None:
                raise SealError("no key was given")
            sealed = b64decode(kept.removeprefix(_MARK))
            return self.sealing.open(sealed, _context(camera_id)).decode()
        except (SealError, ValueError) as error:
            log.error("the source of the camera %s cannot be opened (%s)", camera_id, error)
            return ""

    def camera(self, row: Mapping[str, Any]) -> Camera:
        """A camera of the columns it has in the database."""
        return Camera(**{**row, "source": self.opened(row["camera_id"], row["source"])})

    async def seal_all(self, connection: AsyncConnection) -> int:
        """Seal what an older node kept openly; how many there were."""
        rows = await (await connection.execute(_PLAIN, (f"{_MARK}%",))).fetchall()
        for camera_id, source in rows:
            await connection.execute(_SEAL, (self.sealed(camera_id, source), camera_id))
        return len(rows)


def _context(camera_id: str) -> str:
    return f"camera:{camera_id}"
