"""A real TAK server (taky, MIT) in a process of its own, and somebody who looks at its map."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from morina.exchange.adapters.cot_client import NotToldError
from running import START_WITHIN_S, free_port

STALE = timedelta(minutes=10)
TAKY = Path(sys.executable).parent / "taky"
OLDER = Path(__file__).parent / "older"


class Receiver:
    """Takes events and keeps them."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.failing = False

    async def send(self, event: bytes) -> None:
        if self.failing:
            raise NotToldError("nobody there")
        self.got.append(event)


@contextmanager
def tak_server(folder: Path) -> Iterator[int]:
    """Its port."""
    port = free_port()
    settings = folder / "taky.conf"
    settings.write_text(
        f"[taky]\nhostname=here\nbind_ip=127.0.0.1\nroot_dir={folder}\n"
        f"[cot_server]\nport={port}\n[ssl]\nenabled=false\n"
    )
    with subprocess.Popen(
        [TAKY, "-c", str(settings)],
        env=os.environ | {"PYTHONPATH": str(OLDER)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield port
        finally:
            process.terminate()


@asynccontextmanager
async def map_user(port: int) -> AsyncIterator[asyncio.StreamReader]:
    """Somebody who looks at a map, connected to the server under a call sign."""
    reader, writer = await _connected(port)
    now = datetime.now(UTC)
    writer.write(
        f'<event version="2.0" uid="ANDROID-7" type="a-f-G-U-C" how="m-g" time="{now:%FT%TZ}"'
        f' start="{now:%FT%TZ}" stale="{now + STALE:%FT%TZ}"><point lat="1" lon="1" hae="1" ce="1"'
        ' le="1"/><detail><takv os="1" version="1" device="x" platform="y"/><contact'
        ' callsign="MAP" endpoint="*:-1:stcp"/><uid Droid="MAP"/><__group role="Team Member"'
        ' name="Cyan"/></detail></event>'.encode()
    )
    await writer.drain()
    yield reader
    writer.close()
    await writer.wait_closed()


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(START_WITHIN_S):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)


def plain(heard: bytes) -> bytes:
    """Without the declarations between events."""
    while b"<?xml" in heard:
        before, _, after = heard.partition(b"<?xml")
        heard = before + after.partition(b"?>")[2]
    return heard
