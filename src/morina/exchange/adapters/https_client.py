"""Sealed messages carried to partners' inboxes over HTTPS with mutual TLS."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from morina.exchange.adapters.https_inbox import BETWEEN, PATH, SEALED_TYPE
from morina.exchange.adapters.mutual_tls import OwnCertificate, partner_context
from morina.exchange.parties import Party
from morina.exchange.transport import RefusedAtDoorError

_TIMEOUT = httpx.Timeout(30, connect=10)
_KEPT_OPEN = httpx.Limits(max_connections=2, max_keepalive_connections=1)


@dataclass(slots=True)
class HttpsTransport:
    """The role Transport: one connection kept open to each partner, made anew when its place in
    the directory or our certificate changes."""

    own: OwnCertificate
    _clients: dict[str, tuple[object, httpx.AsyncClient]] = field(init=False, default_factory=dict)

    async def deliver(self, party: Party, sealed: Sequence[bytes]) -> Sequence[bytes]:
        """See Transport."""
        try:
            client = await self._client(party)
            answer = await client.post(
                party.address.rstrip("/") + PATH,
                content=BETWEEN.join(sealed), headers={"content-type": SEALED_TYPE},
            )  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            said = str(error) or type(error).__name__
            raise ConnectionError(f"{party.node_id} does not answer: {said}") from None
        if answer.status_code == httpx.codes.OK:
            return answer.content.split(BETWEEN)
        raise _refusal(answer)

    async def close(self) -> None:
        """Hang up."""
        for _, client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _client(self, party: Party) -> httpx.AsyncClient:
        of = (party.tls_root, party.address, self.own.chain.stat().st_mtime_ns)
        known = self._clients.get(party.node_id)
        if known and known[0] == of:
            return known[1]
        if known:
            await known[1].aclose()
        context = await asyncio.to_thread(partner_context, self.own, party)
        client = httpx.AsyncClient(
            verify=context, timeout=_TIMEOUT, limits=_KEPT_OPEN, trust_env=False
        )
        self._clients[party.node_id] = (of, client)
        return client


def _refusal(answer: httpx.Response) -> Exception:
    """What the other side said, or that it said nothing that can be understood."""
    try:
        told = answer.json()
        code, said, awaited = str(told["code"]), str(told["title"]), int(told.get("awaited", 0))
    except (ValueError, KeyError, TypeError):
        return ConnectionError(f"its answer is {answer.status_code} and no inbox's")
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ConnectionError(said)
    return RefusedAtDoorError(code[:64], said[:500], awaited)
