"""The inbox over HTTPS: one route, mutual TLS, a signed receipt or a problem (RFC 9457)."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from morina.exchange.adapters.mutual_tls import (
    OwnCertificate,
    WrongCertificateError,
    inbox_context,
    node_of,
)
from morina.exchange.parties import Partners
from morina.exchange.transport import GAP, SEEN, Inbox, RefusedAtDoorError

log = logging.getLogger(__name__)

PATH = "/exchange/v1/inbox"
SEALED_TYPE = "application/jose"
BETWEEN = b"\n"
"""Parts several messages of one request, and their receipts; none of both has a line break."""
_CERTIFICATE = "peer_certificate"
_STATUS = {GAP: 409, SEEN: 409, "too_large": 413}

Report = Callable[[str, str, str], Awaitable[None]]


class WithPeer(H11Protocol):
    """HTTP whose requests know the certificate their caller showed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Remember the certificate for each request of the connection."""
        super().connection_made(transport)
        shown = transport.get_extra_info("ssl_object")
        certificate = shown.getpeercert(binary_form=True) if shown else None
        self.app_state = self.app_state | {_CERTIFICATE: certificate}


@dataclass(frozen=True, slots=True)
class InboxApp:
    """The ASGI application: POST of sealed messages in their order, a line each; nothing else.

    ``report`` records what is refused before the inbox sees it: who, which code, what was said.
    """

    inbox: Inbox
    partners: Partners
    most_bytes: int
    report: Report

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = await self._answered(request)
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        if request.url.path != PATH:
            return problem(404, "not_found", f"partners post to {PATH}")
        if request.method != "POST":
            return problem(405, "method", "partners post sealed messages here")
        try:
            peer = await self._peer(request)
            sealed = (await self._body(request)).split(BETWEEN)
            receipts = await self.inbox.accept_all(sealed, peer, datetime.now(UTC))
        except WrongCertificateError as error:
            await self.report("", "certificate", str(error))
            return problem(403, "certificate", str(error))
        except RefusedAtDoorError as error:
            status = _STATUS.get(error.code, 400)
            return problem(status, error.code, str(error), error.awaited)
        except ClientDisconnect:
            return problem(400, "cut", "the message came only in part")
        except ConnectionError as error:
            log.warning("a message waits at its sender: %s", error)
            return problem(503, "busy", "this node cannot keep it now; try again later")
        return Response(BETWEEN.join(receipts), media_type="application/json")

    async def _peer(self, request: Request) -> str:
        shown = request.scope.get("state", {}).get(_CERTIFICATE)
        if not shown:
            raise WrongCertificateError("the caller shows no certificate")
        return node_of(shown, await self.partners.parties())

    async def _body(self, request: Request) -> bytes:
        """All of it, no more than is taken."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self.most_bytes:
                raise RefusedAtDoorError(
                    "too_large", f"at most {self.most_bytes:,} bytes are taken"
                )
        return bytes(body)


def problem(status: int, code: str, said: str, awaited: int = 0) -> Response:
    """What a caller is told, as RFC 9457 has it."""
    told: dict[str, object] = {"status": status, "title": said, "code": code}
    if awaited:
        told["awaited"] = awaited
    return JSONResponse(told, status, media_type="application/problem+json")


@dataclass(slots=True)
class InboxTls:
    """The inbox's TLS, made anew when the directory or the certificate's files change.

    New callers meet the newest; who is connected stays until then, and is known by the directory
    in force at each request."""

    own: OwnCertificate
    partners: Partners
    context: ssl.SSLContext = field(init=False, repr=False)
    _of: tuple[object, ...] = field(init=False, default=())
    _newest: ssl.SSLContext = field(init=False, repr=False)

    async def prepare(self) -> None:
        """Make the first; OSError where the certificate cannot be used."""
        self.context = self.own.context(ssl.PROTOCOL_TLS_SERVER)
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.options |= ssl.OP_NO_TICKET
        self.context.num_tickets = 0
        self.context.sni_callback = self._switch
        await self.look()

    async def look(self) -> None:
        """Take up what changed."""
        of = (
            await self.partners.version(),
            self.own.chain.stat().st_mtime_ns,
            self.own.key.stat().st_mtime_ns,
        )
        if of != self._of:
            self._newest = inbox_context(self.own, await self.partners.parties())
            self._of = of

    def _switch(self, connection: ssl.SSLObject, _name: str | None, _context: object) -> None:
        connection.context = self._newest
