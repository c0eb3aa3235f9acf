"""Large uploaded files: written to the disk as they come, never held in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from fastapi import Request

from morina.desk.api.parts import Head, Parts, Sink, bad_field

CHUNK = 1_000_000


@dataclass(slots=True)
class Spooled:
    """One file as sent; it lasts as long as the ``spooled`` around it."""

    name: str
    content: IO[bytes]

    def begins_as_transport_stream(self) -> bool:
        """Whether it is MPEG-TS: packets of 188 bytes, each begun by 0x47 (ISO/IEC 13818-1)."""
        self.content.seek(0)
        head = self.content.read(189)
        return len(head) == 189 and head[0] == head[188] == 0x47

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes from the beginning."""
        await asyncio.to_thread(self.content.seek, 0)
        while chunk := await asyncio.to_thread(self.content.read, CHUNK):
            yield chunk


@asynccontextmanager
async def spooled(
    request: Request, needed: str, *optional: str
) -> AsyncIterator[Mapping[str, Spooled]]:
    """The files of a form by the names of their parts; gone afterwards.

    ProblemError for anything else: another part, one twice, ``needed`` missing, an end missing.
    """
    sent: dict[str, Spooled] = {}
    with ExitStack() as stack:

        def begun(head: Head) -> Sink:
            content = stack.enter_context(TemporaryFile())
            sent[head.name] = Spooled(head.file_name, content)
            return content.write

        parts = Parts(request, {needed, *optional}, begun)
        async for chunk in request.stream():
            await asyncio.to_thread(parts.take, chunk)
        parts.end()
        # A browser sends an empty part for a field of a file left empty.
        whole = {name: part for name, part in sent.items() if part.content.tell()}
        if needed not in whole:
            raise bad_field(needed, "is missing or empty", "add the file to the form")
        yield whole
