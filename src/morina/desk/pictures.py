"""Whether uploaded bytes are a picture that may be kept: bounded in size, memory and time."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from morina.desk import picture_worker

DECODE_S = 20.0
"""The longest one picture may take to decode; 40 million pixels take about one second."""


class RefusedPictureError(ValueError):
    """Not a picture that can be kept; ``mend`` says what to send instead."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.mend = mend


class WrongTypeError(RefusedPictureError):
    """Neither JPEG, PNG nor WebP, whatever its name says."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that decodes to its end: media type, width and height in pixels."""

    media_type: str
    width: int
    height: int


def media_type(content: bytes) -> str | None:
    """``image/jpeg``, ``image/png`` or ``image/webp`` by the first bytes; None for all else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


class PictureCheck:
    """Decodes pictures in worker processes; one that dies or dawdles is killed and replaced.

    Close it when done. Belongs to one event loop.
    """

    def __init__(self, most_pixels: int, workers: int = 2) -> None:
        self._most_pixels = most_pixels
        self._places = asyncio.Semaphore(workers)
        self._idle: list[Process] = []

    async def picture(self, content: bytes) -> Picture:
        """What ``content`` is; RefusedPictureError (WrongTypeError) when it may not be kept."""
        if not content:
            raise RefusedPictureError("is empty", "send the picture's bytes")
        found = media_type(content)
        if found is None:
            raise WrongTypeError("is neither JPEG, PNG nor WebP", "send one of those")
        async with self._places:
            verdict = await self._judged(content)
        if "refused" in verdict:
            raise RefusedPictureError(str(verdict["refused"]), str(verdict["mend"]))
        return Picture(found, int(verdict["width"]), int(verdict["height"]))

    async def close(self) -> None:
        """End the workers."""
        while self._idle:
            await _end(self._idle.pop())

    async def _judged(self, content: bytes) -> dict[str, str | int]:
        worker = await self._worker()
        line = b""
        try:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(DECODE_S):
                    line = await _ask(worker, content)
        finally:
            if line:
                self._idle.append(worker)
            else:
                await _end(worker)
        if not line:
            return {"refused": "cannot be decoded", "mend": "send it as the camera wrote it"}
        verdict: dict[str, str | int] = json.loads(line)
        return verdict

    async def _worker(self) -> Process:
        while self._idle:
            worker = self._idle.pop()
            if worker.returncode is None:
                return worker
            await _end(worker)
        script = str(Path(picture_worker.__file__))
        return await asyncio.create_subprocess_exec(
            sys.executable, "-I", script, str(self._most_pixels), stdin=PIPE, stdout=PIPE,
            stderr=DEVNULL, env={}, cwd="/",
        )  # fmt: skip


async def _ask(worker: Process, content: bytes) -> bytes:
    assert worker.stdin is not None and worker.stdout is not None  # noqa: S101 - both are pipes
    worker.stdin.write(len(content).to_bytes(4, "big") + content)
    await worker.stdin.drain()
    return await worker.stdout.readline()


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        worker.kill()
    await worker.communicate()
