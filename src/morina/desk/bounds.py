"""What holds for every request: bounded bodies, strict headers, no stack trace in any answer."""

import logging
import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from morina.desk.problems import ProblemError
from morina.desk.push_door import PUSH_PATHS

log = logging.getLogger(__name__)

PLAIN_BODY_BYTES = 1_000_000
"""The most a request body may hold that is not an upload (NiceGUI's own messages included)."""

FORM_BYTES = 64_000
"""Room for the other fields of an upload and its boundaries."""

SORTIE_FILES = re.compile(r"/api/v1/aerial/sorties/[^/]+/files")
"""Where video and telemetry of a drone flight come in, written to the disk as they come."""

_PAGES = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""NiceGUI writes its start script into the page and Vue compiles templates in the browser:
hence unsafe-inline and unsafe-eval. Nothing from another host is ever loaded."""

_ANSWERS = "default-src 'none'; frame-ancestors 'none'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_STAYS_TLS = "max-age=31536000"
"""For a year a browser asks over TLS only (RFC 6797); other names of the host are not ours."""


class Bounds:
    """ASGI middleware, outermost: limits what comes in and dresses what goes out."""

    def __init__(
        self, app: ASGIApp, upload_bytes: int, push_bytes: int = 0, sortie_bytes: int = 0
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._push_bytes = push_bytes or upload_bytes
        self._sortie_bytes = sortie_bytes or upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dressed = _Dressed(scope, send)
        try:
            _refuse_encoded(Headers(scope=scope))
            await self._app(scope, self._bounded(scope, receive), dressed)
        except ProblemError as problem:
            await problem.response()(scope, receive, dressed)
        except Exception as error:
            # Broad on purpose: the last place before the wire, and nothing technical may be shown.
            incident = uuid4().hex[:12]
            log.error("incident %s at %s", incident, _without_secret(scope["path"]), exc_info=error)
            if not dressed.started:
                await _incident(incident).response()(scope, receive, dressed)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        is_form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        is_sortie = SORTIE_FILES.fullmatch(scope["path"]) is not None
        upload_bytes = self._sortie_bytes if is_sortie else self._upload_bytes
        limit = upload_bytes + FORM_BYTES if is_form else PLAIN_BODY_BYTES
        if scope["path"].startswith(PUSH_PATHS):
            is_form, limit = False, self._push_bytes
        refusal = _too_large(upload_bytes if is_form else limit, is_sortie)
        declared = headers.get("content-length", "")
        if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
            raise refusal
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise refusal
            return message

        return counted


class _Dressed:
    """Sends with the strict headers added; knows whether an answer has begun."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers[name] = value
            is_page = headers.get("content-type", "").startswith("text/html")
            headers["Content-Security-Policy"] = _PAGES if is_page else _ANSWERS
            headers.setdefault("Cache-Control", "no-store")
            if self._scope["scheme"] == "https":
                headers["Strict-Transport-Security"] = _STAYS_TLS
                _secure_cookies(message)
        await self._send(message)


def _secure_cookies(message: Message) -> None:
    message["headers"] = [
        (name, value + b"; secure" if name == b"set-cookie" else value)
        for name, value in message["headers"]
    ]


def _without_secret(path: str) -> str:
    """A path as it may be logged: a camera's push address holds its secret."""
    return "/push/***" if path.startswith("/push/") else path


def _refuse_encoded(headers: Headers) -> None:
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise ProblemError(
            415,
            f"the body is compressed ({coding[:40]!r})",
            place="header Content-Encoding",
            mend="send the body uncompressed, without Content-Encoding",
        )


def _too_large(limit: int, is_sortie: bool) -> ProblemError:
    mend = "send less at once; for uploads the limit is the setting upload_bytes"
    if is_sortie:
        mend = "hand it in at the node itself (morina aerial add), or raise aerial.upload_bytes"
    said = f"the body is larger than {limit / 1_000_000:g} MB"
    return ProblemError(413, said, place="body", mend=mend)


def _incident(incident: str) -> ProblemError:
    return ProblemError(
        500,
        f"this node failed to answer (incident {incident})",
        mend="try again; if it stays, give the incident number to whoever runs the node",
    )
