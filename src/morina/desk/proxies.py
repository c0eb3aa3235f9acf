"""What a reverse proxy says of who calls counts only where a trusted proxy says it."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

LOOPBACK = ("127.0.0.1", "::1")


class Proxies:
    """ASGI middleware, outermost, and the server's own of that kind switched off.

    From ``addresses`` (IP networks) come X-Forwarded-For and -Proto, and ``certificate_header``;
    who calls from elsewhere has that header taken away, however he writes it.
    """

    def __init__(
        self, app: ASGIApp, certificate_header: str = "", addresses: Sequence[str] = LOOPBACK
    ) -> None:
        self._networks = [ip_network(one) for one in addresses]
        self._header = certificate_header.lower().encode("latin-1")
        self._app = app
        self._told = ProxyHeadersMiddleware(app, trusted_hosts=[*addresses])  # type: ignore[arg-type]  # ASGI by another name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif _is_within(scope, self._networks):
            await self._told(scope, receive, send)  # type: ignore[arg-type]  # the same
        else:
            kept = [(name, value) for name, value in scope["headers"] if name != self._header]
            await self._app({**scope, "headers": kept}, receive, send)


def _is_within(scope: Scope, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        caller = ip_address((scope.get("client") or ("",))[0])
    except ValueError:
        return False
    return any(caller in network for network in networks)
