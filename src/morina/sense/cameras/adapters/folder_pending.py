"""Arrivals of the last hour in a folder, a file each, and in memory."""

import asyncio
import hashlib
import logging
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from morina.sense.cameras.arrivals import Arrival

log = logging.getLogger(__name__)

MOST_DUE = 1000


@dataclass(slots=True)
class FolderPending:
    """The role Pending, in ``folder``; used by one process."""

    folder: Path
    _kept: "OrderedDict[str, Arrival]" = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob("*.new"):
            left.unlink()
        found = [(file.name, _arrival(file)) for file in self.folder.iterdir()]
        known = [(name, one) for name, one in found if one is not None]
        self._kept.update(sorted(known, key=lambda each: each[1].touched_at))

    async def find(self, camera_id: str, key: str, since: datetime) -> Arrival | None:
        """See Pending."""
        kept = self._kept.get(_name(camera_id, key))
        return kept if kept is not None and kept.touched_at > since else None

    async def put(self, arrival: Arrival) -> None:
        """See Pending. OSError when one that waits cannot be written.

        One already handed on counts without its file: after a restart it may be handed on again,
        under the same id.
        """
        name = _name(arrival.capture.camera_id, arrival.key)
        try:
            await asyncio.to_thread(_write, self.folder / name, msgspec.json.encode(arrival))
        except OSError as error:
            if arrival.due_at is not None:
                raise
            log.warning("an arrival cannot be written (%s); it is known until the end", error)
        self._kept[name] = arrival
        self._kept.move_to_end(name)

    async def due(self, now: datetime) -> list[Arrival]:
        """See Pending."""
        waiting = [(one.due_at, one) for one in self._kept.values() if one.due_at is not None]
        over = sorted((each for each in waiting if each[0] <= now), key=lambda each: each[0])
        return [one for _, one in over][:MOST_DUE]

    async def forget(self, before: datetime) -> None:
        """See Pending."""
        over = []
        for name, one in self._kept.items():
            if one.touched_at >= before:
                break
            if one.due_at is None:
                over.append(name)
        for name in over:
            del self._kept[name]
            (self.folder / name).unlink(missing_ok=True)


def _name(camera_id: str, key: str) -> str:
    return hashlib.sha256(f"{camera_id}|{key}".encode("utf-8", "surrogatepass")).hexdigest()


def _arrival(file: Path) -> Arrival | None:
    """What the file holds; one that cannot be read is removed."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Arrival)
    except (msgspec.DecodeError, ValueError) as error:
        log.error("%s is no arrival (%s); removed", file, error)
        file.unlink()
        return None


def _write(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
