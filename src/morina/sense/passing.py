"""Reads of cameras of which only hits are kept: handed on in memory, pictures with them.

Nothing here reaches a disk. What is not taken within a minute, or is more than the memory set aside
for it, is lost: of such cameras no read may wait anywhere.
"""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from morina.sense.capture import Capture
from morina.sense.hand_over import Batch
from morina.sense.read import Read

HELD_BYTES = 64_000_000

Forgets = Callable[[str], bool]
"""Whether of a camera (its id) only hits are kept."""


def forgets_none(_camera_id: str) -> bool:
    """Every read is kept."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingRead:
    """A read nobody has matched yet, and its pictures by name, as far as there are any."""

    read: Read
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class Passing(Protocol):
    """Hands passing reads on to who matches them."""

    async def pass_on(self, passing: PassingRead) -> None:
        """Returns once it is held in memory there."""

    def passing(self) -> AsyncIterator[Batch[PassingRead]]:
        """Batches of them, without end."""


@dataclass(slots=True)
class HeldPictures:
    """The role Pictures, in memory: the newest, up to so many bytes."""

    most_bytes: int = HELD_BYTES
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _bytes: int = 0

    async def put(self, image: bytes) -> str:
        """See Pictures; not durable."""
        name = hashlib.sha256(image).hexdigest()
        if name not in self._kept:
            self._kept[name] = image
            self._bytes += len(image)
        while self._bytes > self.most_bytes and len(self._kept) > 2:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return name

    async def get(self, sha256: str) -> bytes:
        """See Pictures."""
        return self._kept[sha256]

    def of(self, read: Read) -> dict[str, bytes]:
        """The pictures of a read, as far as they are held."""
        names = (read.evidence.overview, read.evidence.patch) if read.evidence else ()
        return {name: self._kept[name] for name in names if name in self._kept}


@dataclass(slots=True)
class PassedOn:
    """Takes what arrivals hand on and passes it on in memory, with the pictures held."""

    passing: Passing
    pictures: HeldPictures

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        """Pass them on."""
        for read in reads:
            await self.passing.pass_on(PassingRead(read=read, pictures=self.pictures.of(read)))

    async def hand_over(self, capture: Capture) -> None:
        """Captures are read by workers through a stream on disk: never these."""
        raise NotImplementedError(f"a capture of {capture.camera_id} would reach the disk")
