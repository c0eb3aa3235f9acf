"""Sends webhooks over HTTP, to no place they may not lead to.

Whoever adds a webhook chooses an address this node then calls. It may not be used to ask this
machine's own services, a private network's, or those of a cloud that answer without a login: the
name is looked up once, every address of it judged, and that very address connected to.
"""

import asyncio
import logging
import socket
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple

import httpx

from morina.exchange.adapters.postgres_webhooks import PostgresWebhooks
from morina.exchange.formats.webhooks import signed
from morina.sense.cameras.reach import is_local

log = logging.getLogger(__name__)
WITHIN_S = 15.0


class OutOfReachError(ValueError):
    """An address webhooks may not lead to; says what may be done."""


class Place(NamedTuple):
    """Where a webhook leads: its address, the IP connected to, whether that is near (this machine
    or a private network)."""

    url: httpx.URL
    ip: str
    near: bool


async def place_of(address: str, may_be_local: bool) -> Place:
    """``address`` looked up and judged; OutOfReachError, OSError where nobody knows the name."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("https", "http") or not url.host or url.userinfo:
        raise OutOfReachError(f"{address[:100]!r}: write https://HOST/PATH, without a login")
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(
        url.host, port, type=socket.SOCK_STREAM
    )  # fmt: skip
    ips = [str(one[4][0]) for one in found]
    near = [is_local(ip) or ip_address(ip.partition("%")[0]).is_private for ip in ips]
    if any(near) and not may_be_local:
        raise OutOfReachError(
            f"{url.host} leads to this machine or a private network; set "
            "exchange.webhooks_may_be_local where it should"
        )
    if url.scheme == "http" and not all(near):
        raise OutOfReachError(f"{url.host} is elsewhere, so write https://")
    return Place(url, ips[0], all(near))


async def call(place: Place, headers: Mapping[str, str], body: str) -> str:
    """Post ``body``; what stands against its being taken, empty for nothing. Never follows."""
    pinned = place.url.copy_with(host=place.ip)
    host = place.url.netloc.decode()
    # No retries and no environment: proxies would look the name up again.
    async with httpx.AsyncClient(timeout=WITHIN_S, trust_env=False) as client:
        request = client.build_request(
            "POST", pinned, content=body.encode(), headers={**headers, "host": host},
            extensions={"sni_hostname": place.url.host},
        )  # fmt: skip
        try:
            answer = await client.send(request, stream=True)
            await answer.aclose()
        except httpx.HTTPError as error:
            return f"{type(error).__name__}: {error}"
    return "" if answer.is_success else f"answered {answer.status_code}"


class WebhookSender:
    """Sends what is due, one message after the other."""

    def __init__(self, webhooks: PostgresWebhooks, may_be_local: bool) -> None:
        self._webhooks, self._may_be_local = webhooks, may_be_local

    async def send(self, now: datetime) -> int:
        """All that is due at ``now``; how many were taken. SealError where no secret opens."""
        taken = 0
        while (went := await self._next(now)) is not None:
            taken += went
        return taken

    async def _next(self, now: datetime) -> bool | None:
        async with self._webhooks.pool.connection() as connection:
            due = await self._webhooks.due(connection, now)
            if due is None:
                return None
            waiting, secret = due
            headers = signed(secret, waiting.message_id, datetime.now().astimezone(), waiting.body)
            said = await self._called(waiting.address, waiting.plates, headers, waiting.body)
            if said:
                log.warning("webhook %s: %s", waiting.webhook_id, said)
                await self._webhooks.not_taken(connection, waiting, said, now)
            else:
                await self._webhooks.taken(connection, waiting, now)
        return not said

    async def _called(
        self, address: str, plates: bool, headers: Mapping[str, str], body: str
    ) -> str:
        try:
            place = await place_of(address, self._may_be_local)
        except (OutOfReachError, OSError) as error:
            return str(error)
        if plates and not place.near:
            return "plates go to this machine or a private network only, and it is elsewhere"
        return await call(place, headers, body)
