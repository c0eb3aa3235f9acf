"""Video and telemetry of sorties, as files in the home: one folder a sortie."""

import asyncio
import hashlib
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from morina.sense.aerial.sortie import RefusedSortieError

AT_ONCE = 4_000_000
"""Bytes gathered before they are written."""

LEFT_AFTER_S = 86_400.0
"""A file nobody wrote down, left by a node that was killed, is removed after so long."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file: what it was called, its name in the folder, its size and SHA-256, hex."""

    name: str
    kept_as: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SortieFolder:
    """``most_bytes`` of one file, ``leave_bytes`` of the disk stay free."""

    path: Path
    most_bytes: int = 20_000_000_000
    leave_bytes: int = 0

    async def take(self, sortie_id: UUID, name: str, content: AsyncIterator[bytes]) -> KeptFile:
        """Write a file, durable on return; RefusedSortieError where it is too large, and then, as
        whatever else goes wrong, nothing of it is left."""
        folder = self.path / str(sortie_id)
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        kept_as = f"{uuid4().hex}{_ending(name)}"
        file = folder / kept_as
        writing = await asyncio.to_thread(_Writing, file)
        try:
            with writing.stream:
                async for part in _gathered(content):
                    await asyncio.to_thread(writing.write, part)
                    self._refuse_too_much(writing.size, name)
                await asyncio.to_thread(writing.end)
            if not writing.size:
                fault = f"{name} is empty; send the file as the aircraft wrote it"
                raise RefusedSortieError(fault)
        except BaseException:  # cancelled too: nothing of a file is left half kept
            file.unlink(missing_ok=True)
            raise
        return KeptFile(name, kept_as, writing.size, writing.digest.hexdigest())

    def file(self, sortie_id: UUID, kept_as: str) -> Path:
        """Where one lies."""
        return self.path / str(sortie_id) / kept_as

    async def keep_only(self, sortie_id: UUID, kept: Collection[str]) -> None:
        """Remove what else lies with a sortie; all of it where nothing is kept."""
        await asyncio.to_thread(self._keep_only, sortie_id, kept)

    async def sweep(self, written: Collection[tuple[UUID, str]]) -> int:
        """Remove files nobody wrote down, a day after they came; how many."""
        return await asyncio.to_thread(self._sweep, written)

    def _keep_only(self, sortie_id: UUID, kept: Collection[str]) -> None:
        folder = self.path / str(sortie_id)
        if not kept:
            if folder.exists():
                shutil.rmtree(folder)
            return
        for file in folder.iterdir():
            if file.name not in kept:
                file.unlink()

    def _sweep(self, written: Collection[tuple[UUID, str]]) -> int:
        names = {f"{sortie_id}/{kept_as}" for sortie_id, kept_as in written}
        before, removed = time.time() - LEFT_AFTER_S, 0
        for file in self.path.glob("*/*"):
            name = f"{file.parent.name}/{file.name}"
            if name not in names and file.stat().st_mtime < before:
                file.unlink()
                removed += 1
        return removed

    def _refuse_too_much(self, size: int, name: str) -> None:
        if size > self.most_bytes:
            raise RefusedSortieError(
                f"{name} has more than {self.most_bytes:,} bytes; cut it, or raise "
                "aerial.file_bytes"
            )
        if shutil.disk_usage(self.path).free < self.leave_bytes:
            raise RefusedSortieError(
                f"the disk is full: {self.leave_bytes:,} bytes stay free; free some space, or "
                "lower engines.min_free_bytes"
            )


class _Writing:
    """A new file and the digest of what was written to it."""

    def __init__(self, file: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self.stream = os.fdopen(os.open(file, flags, 0o600), "wb")
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, content: bytes) -> None:
        self.size += self.stream.write(content)
        self.digest.update(content)

    def end(self) -> None:
        self.stream.flush()
        os.fsync(self.stream.fileno())


async def _gathered(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same in larger parts."""
    waiting = bytearray()
    async for part in content:
        waiting += part
        if len(waiting) >= AT_ONCE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _ending(name: str) -> str:
    """``.ts`` of ``Flight 7.TS``; empty where it is nothing plain."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return found.group().lower() if found else ""
