"""How far cameras' own lists were taken, in a file: written whole, and on disk on return."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileCursors:
    """By camera id, in ``file``. An older one only makes the same passages be asked for again."""

    file: Path

    def load(self) -> dict[str, str]:
        """As last kept; none when there is no file, or it cannot be read."""
        try:
            return msgspec.json.decode(self.file.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except msgspec.DecodeError as error:
            log.error("%s cannot be read (%s); lists are begun anew", self.file, error)
            return {}

    def keep(self, camera_id: str, cursor: str) -> None:
        """Remember it; OSError. What is known already is not written again."""
        known = self.load()
        if known.get(camera_id) == cursor:
            return
        fresh = self.file.with_suffix(".new")
        with fresh.open("wb") as written:
            written.write(msgspec.json.encode(known | {camera_id: cursor}))
            written.flush()
            os.fsync(written.fileno())
        fresh.replace(self.file)
