"""Hikvision cameras whose own list of plates is asked for (ISAPI vehicleDetect/plates)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from morina.sense.cameras.sources import at_address

PATH = "/ISAPI/Traffic/channels/1/vehicleDetect/plates"
LARGEST = 5_000_000
TIMEOUT_S = 10.0
Outage = (httpx.HTTPError, httpx.InvalidURL)
"""The camera does not answer, or refuses, or its address is none."""

_ASKED = "<AfterTime><picTime>{cursor}</picTime></AfterTime>"


@dataclass(frozen=True, slots=True)
class HikvisionList:
    """One camera's list at ``url`` (scheme and host), signed in by Digest as ``user``; ``at`` is
    the address looked up for the host, empty where the name is asked for again."""

    url: str
    user: str
    password: str = field(repr=False)
    at: str = ""

    async def after(self, cursor: str) -> tuple[bytes, dict[str, str]]:
        """The answer and its headers, for the adapter; plates at or after ``cursor``, unsorted.

        Outage; httpx.StreamError is one too.
        """
        login = httpx.DigestAuth(self.user, self.password)
        async with (
            httpx.AsyncClient(auth=login, timeout=TIMEOUT_S) as client,
            client.stream("POST", content=_ASKED.format(cursor=cursor), **self._where()) as answer,
        ):  # fmt: skip
            answer.raise_for_status()
            content = bytearray()
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    raise httpx.DecodingError(f"the list is larger than {LARGEST} bytes")
        return bytes(content), {
            "content-type": answer.headers.get("content-type", ""),
            "path": PATH,
        }

    def _where(self) -> dict[str, Any]:
        """Address, and the name it goes by where it is another."""
        url = self.url.rstrip("/") + PATH
        if not self.at:
            return {"url": url}
        named = httpx.URL(url)
        host = named.netloc.decode("ascii")
        sni = {"sni_hostname": named.host}
        return {"url": at_address(url, self.at), "headers": {"Host": host}, "extensions": sni}


def first_cursor(now: datetime, time_zone: str) -> str:
    """Where a list is begun: what passed before the camera was put up is not taken.

    The camera writes its local time, to the millisecond and one digit more.
    """
    local = now.astimezone(ZoneInfo(time_zone or "UTC"))
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}0"
