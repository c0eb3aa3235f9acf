"""Pictures of videos nobody trusts: decoded in processes of their own, bounded in time."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from morina.sense.aerial.adapters import picture_of_video
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.containers import holds_pictures

WITHIN_S = 20.0
AT_ONCE = 2


class VideoPictures:
    """One that dies or dawdles is ended and replaced. Close it when done; of one event loop."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._idle: list[tuple[Path, Process]] = []

    async def picture(self, file: Path, at_s: float, across: int) -> bytes:
        """JPEG; UnknownSortieError where the video has none then, or cannot be decoded."""
        if not await asyncio.to_thread(holds_pictures, file):
            raise UnknownSortieError("what was handed in as the video is none")
        asked = {"file": str(file.resolve()), "at_s": at_s, "across": max(across, 16)}
        async with self._places:
            process = await self._process(file)
            jpeg: bytes | None = None
            try:
                with suppress(TimeoutError, ConnectionError, asyncio.IncompleteReadError):
                    async with asyncio.timeout(WITHIN_S):
                        jpeg = await _answer(process, json.dumps(asked).encode() + b"\n")
            finally:
                if jpeg is None:
                    await _end(process)
                else:
                    self._idle.append((file, process))
        if not jpeg:
            raise UnknownSortieError(f"the video has no picture at {at_s:.2f} s")
        return jpeg

    async def close(self) -> None:
        """End the processes."""
        while self._idle:
            await _end(self._idle.pop()[1])

    async def _process(self, file: Path) -> Process:
        """One that has the video open, if there is one."""
        for place, (open_file, process) in enumerate(self._idle):
            if open_file == file and process.returncode is None:
                del self._idle[place]
                return process
        while len(self._idle) >= AT_ONCE:
            await _end(self._idle.pop(0)[1])
        return await asyncio.create_subprocess_exec(
            sys.executable, "-I", picture_of_video.__file__, stdin=PIPE, stdout=PIPE,
            stderr=DEVNULL, env={"OPENCV_LOG_LEVEL": "OFF"}, cwd="/",
        )  # fmt: skip


async def _answer(process: Process, line: bytes) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    process.stdin.write(line)
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    return await process.stdout.readexactly(size)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()
