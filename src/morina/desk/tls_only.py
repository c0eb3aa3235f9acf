"""Behind a proxy that serves TLS, nothing is answered that did not come over TLS."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from morina.desk.problems import ProblemError
from morina.desk.proxies import LOOPBACK

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via")
"""What a proxy adds of whoever it asks for."""


class TlsOnly:
    """ASGI middleware inside ``Proxies``, which alone decides whose word on https counts.

    Commands on this machine that ask the node directly are answered.
    """

    def __init__(self, app: ASGIApp, only: bool) -> None:
        self._app = app
        self._only = only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = scope["type"] in ("http", "websocket")
        if not (self._only and known) or scope["scheme"] in ("https", "wss") or _is_here(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not over TLS"})
        else:
            await _refusal().response()(scope, receive, send)


def _is_here(scope: Scope) -> bool:
    connection = HTTPConnection(scope)
    client = connection.client.host if connection.client else ""
    return client in LOOPBACK and not any(name in connection.headers for name in FORWARDED)


def _refusal() -> ProblemError:
    return ProblemError(
        403,
        "this desk answers over TLS only",
        place="address",
        mend="use the https address of the desk; its proxy must send X-Forwarded-Proto: https and "
        "stand in push.proxies",
    )
