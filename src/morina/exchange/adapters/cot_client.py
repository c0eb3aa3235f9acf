"""Sends Cursor on Target events to a TAK server or client, with pytak: TCP, TLS or UDP."""

import asyncio
from configparser import ConfigParser, SectionProxy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytak  # type: ignore[import-untyped]  # has no types

WITHIN_S = 10.0
SCHEMES = ("tcp", "tls", "udp")


class NotToldError(ConnectionError):
    """Nobody took the event; it is tried again."""


class CotClient:
    """One connection, made when first needed and again after it broke."""

    def __init__(
        self, url: str, certificate: Path | None, root: Path | None,
        setting: str = "exchange.cot_url",
    ) -> None:  # fmt: skip
        if url.partition("://")[0] not in SCHEMES:
            raise ValueError(f"{setting}: write {', '.join(SCHEMES)}://HOST:PORT")
        self._setting = setting
        self._config = _config(url, certificate, root)
        self._writer: Any = None
        self._worker: Any = None

    async def send(self, event: bytes) -> None:
        """Hand an event over; NotToldError. TCP and TLS tell that it was taken by the machine,
        UDP nothing."""
        try:
            async with asyncio.timeout(WITHIN_S):
                if self._worker is None:
                    _reader, self._writer = await pytak.protocol_factory(self._config)
                    self._worker = pytak.TXWorker(asyncio.Queue(), self._config, self._writer)
                await self._worker.send_data(event)
        except (OSError, TimeoutError, SyntaxError) as error:
            await self.close()
            raise NotToldError(f"{self._setting} does not take events: {error}") from None

    async def close(self) -> None:
        """End the connection."""
        writer, self._writer, self._worker = self._writer, None, None
        if writer is None:
            return
        writer.close()
        if hasattr(writer, "wait_closed"):
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(WITHIN_S):
                    await writer.wait_closed()


def _config(url: str, certificate: Path | None, root: Path | None) -> SectionProxy:
    """As pytak wants it: events as XML, certificates checked; over UDP it only writes, or it would
    take the receiver's port on this machine."""
    parser = ConfigParser(interpolation=None)
    url = url.replace("udp://", "udp+wo://", 1)
    parser["morina"] = {"COT_URL": url, "TAK_PROTO": "0"}
    section = parser["morina"]
    if url.startswith("tls://"):
        section["PYTAK_TLS_SERVER_EXPECTED_HOSTNAME"] = url[6:].rpartition(":")[0].strip("[]")
        if certificate:
            section["PYTAK_TLS_CLIENT_CERT"] = str(certificate)
        if root:
            section["PYTAK_TLS_CLIENT_CAFILE"] = str(root)
    return section
