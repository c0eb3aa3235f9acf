"""Nothing answers without signing in: the gate in front of every path, pages and sockets alike."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import nicegui
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from morina.accountability import User, Users
from morina.accountability.trail import acts_as
from morina.desk.problems import ProblemError
from morina.desk.push_door import PUSH_PATHS

SIGN_IN_PATH = "/sign-in"
SESSION_S = 12 * 3600
"""A session ends twelve hours after signing in, however busy it was: one shift."""

NOBODY = ""
"""Who acts where nobody is signed in."""

_OPEN_PATHS = frozenset({SIGN_IN_PATH, "/healthz", "/favicon.ico"})
_NICEGUI = f"/_nicegui/{nicegui.__version__}"
_OPEN_FOLDERS = tuple(
    f"{_NICEGUI}/{folder}/" for folder in ("static", "libraries", "components", "esm", "resources")
)
METRICS_PATH = "/metrics"
"""Answers a token as the API does, a session, and this machine where a setting says so."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

_FOR_PROGRAMS = ("/api/", "/_nicegui", METRICS_PATH)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """ASGI middleware inside the session's: finds out who asks, lets nobody else through.

    A bearer token counts under ``/api/`` and for the metrics, the session cookie everywhere. Puts
    the officer and ``users`` into the request's state.
    """

    def __init__(self, app: ASGIApp, users: Users, metrics_from_loopback: bool = False) -> None:
        self._app = app
        self._users = users
        self._metrics_from_loopback = metrics_from_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and is_for_cameras(scope["path"]):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        connection.state.users = self._users
        connection.state.officer = officer = await self._officer(connection)
        acts_as(officer.name if officer else NOBODY)
        if officer is None and not (is_open(scope["path"]) or self._is_scraped(connection)):
            await _refuse(connection, receive, send)
        elif not _token(connection) and is_foreign(connection):
            await _refuse_foreign(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, _until_session_ends(connection, receive), send)
        else:
            await self._app(scope, receive, send)

    async def _officer(self, connection: HTTPConnection) -> User | None:
        if token := _token(connection):
            return await self._users.user_of_token(token, datetime.now(UTC))
        name = connection.session.get("user")
        if name is None or session_left_s(connection) <= 0:
            return None
        return await self._users.user(name)

    def _is_scraped(self, connection: HTTPConnection) -> bool:
        """Whether a program on this machine, not a proxy for others, asks for the metrics."""
        if connection.scope["path"] != METRICS_PATH or not self._metrics_from_loopback:
            return False
        is_forwarded = any(name in connection.headers for name in _FORWARDED)
        client = connection.client.host if connection.client else ""
        return client in ("127.0.0.1", "::1") and not is_forwarded


def is_open(path: str) -> bool:
    """Whether ``path`` answers anybody: the sign-in page, its assets, the liveness probe."""
    return path in _OPEN_PATHS or path.startswith(_OPEN_FOLDERS)


def is_for_cameras(path: str) -> bool:
    """Whether cameras push to ``path``: they never sign in, ``push_door`` asks for secrets."""
    return path.startswith(PUSH_PATHS)


def is_foreign(connection: HTTPConnection) -> bool:
    """Whether a browser sends this on behalf of another site (or hides on whose behalf).

    Asked of requests that change something and of sockets, next to SameSite=Strict cookies.
    """
    is_socket = connection.scope["type"] == "websocket"
    if not is_socket and connection.scope["method"] in _SAFE_METHODS:
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") != "same-origin"
    return urlsplit(origin).netloc != connection.headers.get("host")


def local_path(path: str) -> str:
    """``path`` when it leads to a page of this desk, else the first page. Stops open redirects."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"


def session_left_s(connection: HTTPConnection) -> float:
    """Seconds until the cookie's session ends; not above 0 when it has ended or there is none."""
    issued_at = float(connection.session.get("issued_at", 0))
    return issued_at + SESSION_S - datetime.now(UTC).timestamp()


def _token(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    path = connection.scope["path"]
    takes_tokens = path.startswith("/api/") or path == METRICS_PATH
    return token.strip() if takes_tokens and scheme.lower() == "bearer" else ""


def _until_session_ends(connection: HTTPConnection, receive: Receive) -> Receive:
    ends = asyncio.get_running_loop().time() + session_left_s(connection)

    async def receive_in_time() -> Message:
        try:
            async with asyncio.timeout_at(ends):
                return await receive()
        except TimeoutError:
            return {"type": "websocket.disconnect", "code": 1008, "reason": "session ended"}

    return receive_in_time


async def _refuse(connection: HTTPConnection, receive: Receive, send: Send) -> None:
    scope = connection.scope
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "not signed in"})
        return
    path: str = scope["path"]
    wants_page = scope["method"] in ("GET", "HEAD") and not path.startswith(_FOR_PROGRAMS)
    await (_to_sign_in(connection) if wants_page else _unknown(path))(scope, receive, send)


def _to_sign_in(connection: HTTPConnection) -> Response:
    query = connection.url.query
    wanted = connection.scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"{SIGN_IN_PATH}?next={quote(local_path(wanted), safe='/')}", 303)


def _unknown(path: str) -> Response:
    response = ProblemError(
        401,
        "nobody is signed in, or the token is not valid",
        place=path,
        mend=f"sign in at {SIGN_IN_PATH}, or send 'Authorization: Bearer TOKEN' with an API token",
    ).response()
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _refuse_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "another site's page"})
        return
    problem = ProblemError(
        403,
        "the request comes from another site's page, or does not say from which",
        place="header Origin",
        mend="work at the desk's own pages; programs send an API token instead of a cookie",
    )
    await problem.response()(scope, receive, send)
