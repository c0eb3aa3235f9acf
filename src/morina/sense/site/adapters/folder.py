"""Pictures in a folder of bounded size: the oldest go first, and how many went is counted."""

import asyncio
import hashlib
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)

SENT_KEPT_S = 3600.0
"""A picture the node has stays this long: a capture read again may still need it."""


@dataclass(slots=True)
class FolderPictures:
    """The roles Pictures and WaitingPictures, in ``folder``; used by one process.

    ``waiting/`` holds what the node does not have, ``sent/`` what it has. ``most_bytes`` is what
    both may take together; ``limit`` changes it. ``dropped`` is called for each picture lost.
    """

    folder: Path
    most_bytes: int
    dropped: Callable[[], None] = lambda: None
    _waiting: "OrderedDict[str, int]" = field(default_factory=OrderedDict)
    _sent: "OrderedDict[str, tuple[int, float]]" = field(default_factory=OrderedDict)
    _bytes: int = 0

    def __post_init__(self) -> None:
        for file in _by_age(self._folder("waiting")):
            self._waiting[file.name] = file.stat().st_size
        for file in _by_age(self._folder("sent")):
            self._sent[file.name] = (file.stat().st_size, file.stat().st_mtime)
        self._bytes = sum(self._waiting.values()) + sum(size for size, _ in self._sent.values())
        self._make_room(0)

    async def put(self, image: bytes) -> str:
        """See Pictures. One that cannot be written is dropped and counted; its read is not."""
        sha256 = hashlib.sha256(image).hexdigest()
        if sha256 in self._waiting or sha256 in self._sent:
            return sha256
        self._make_room(len(image))
        while not await asyncio.to_thread(self._written, sha256, image):
            if not self._drop_oldest():
                self.dropped()
                return sha256
        self._waiting[sha256] = len(image)
        self._bytes += len(image)
        self._make_room(0)
        return sha256

    async def get(self, sha256: str) -> bytes:
        """See Pictures."""
        place = "waiting" if sha256 in self._waiting else "sent"
        try:
            return await asyncio.to_thread((self.folder / place / sha256).read_bytes)
        except OSError:
            raise LookupError(f"no picture {sha256} is kept here") from None

    def oldest(self, most: int) -> list[str]:
        """See WaitingPictures."""
        return [name for name, _ in zip(self._waiting, range(most), strict=False)]

    def sent(self, sha256: str) -> None:
        """See WaitingPictures."""
        size = self._waiting.pop(sha256, None)
        if size is not None:
            (self.folder / "waiting" / sha256).replace(self.folder / "sent" / sha256)
            os.utime(self.folder / "sent" / sha256)
            self._sent[sha256] = (size, time.time())
        while self._sent and next(iter(self._sent.values()))[1] < time.time() - SENT_KEPT_S:
            self._drop_sent()

    def refused(self, sha256: str) -> None:
        """See WaitingPictures."""
        if sha256 in self._waiting:
            self._drop_waiting(sha256)

    def limit(self, most_bytes: int) -> None:
        """Let the pictures take that much from now on."""
        self.most_bytes = most_bytes
        self._make_room(0)

    @property
    def waiting(self) -> int:
        """How many pictures the node does not have."""
        return len(self._waiting)

    @property
    def taken_bytes(self) -> int:
        """What all pictures here take."""
        return self._bytes

    def _make_room(self, more: int) -> None:
        while self._bytes + more > max(self.most_bytes, 0) and self._drop_oldest():
            pass

    def _drop_oldest(self) -> bool:
        if self._sent:
            self._drop_sent()
        elif self._waiting:
            self._drop_waiting(next(iter(self._waiting)))
        else:
            return False
        return True

    def _drop_sent(self) -> None:
        name, (size, _) = self._sent.popitem(last=False)
        (self.folder / "sent" / name).unlink(missing_ok=True)
        self._bytes -= size

    def _drop_waiting(self, name: str) -> None:
        self._bytes -= self._waiting.pop(name)
        (self.folder / "waiting" / name).unlink(missing_ok=True)
        self.dropped()

    def _written(self, name: str, image: bytes) -> bool:
        file = self.folder / "waiting" / name
        fresh = file.with_suffix(".new")
        try:
            with fresh.open("wb") as stream:
                stream.write(image)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(file)
        except OSError as error:
            log.warning("picture %s cannot be written (%s); the oldest makes room", name, error)
            fresh.unlink(missing_ok=True)
            return False
        return True

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.new"):
            left.unlink()
        return folder


def _by_age(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
