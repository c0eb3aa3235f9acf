"""Nothing answers without signing in: the gate in front of every path, pages and sockets alike."""

from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import nicegui
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from morina.accountability import User
from morina.accountability.own_sessions import OwnSession, Stage
from morina.accountability.signing_in import SigningIn
from morina.accountability.trail import acts_as
from morina.desk.problems import ProblemError
from morina.desk.push_door import PUSH_PATHS
from morina.desk.session_watch import SAFE_METHODS, is_use, while_it_lasts

SIGN_IN_PATH = "/sign-in"
SESSION_KEY = "session"
"""Where in the signed cookie the id of the session is."""

NOBODY = ""
"""Who acts where nobody is signed in."""

_OPEN_PATHS = frozenset({SIGN_IN_PATH, "/healthz", "/favicon.ico"})
_NICEGUI = f"/_nicegui/{nicegui.__version__}"
_OPEN_FOLDERS = (
    f"{SIGN_IN_PATH}/",
    *(f"{_NICEGUI}/{folder}/" for folder in ("static", "libraries", "components", "esm",
                                            "resources")),
)  # fmt: skip
METRICS_PATH = "/metrics"
"""Answers a token as the API does, a session, and this machine where a setting says so."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

_FOR_PROGRAMS = ("/api/", "/_nicegui", METRICS_PATH, "/session", "/account/passkeys")
_TO_ENROL = ("/account", "/sign-in/", "/sign-out", "/static/", "/session", "/_nicegui")
"""All that is open to who must add a second factor first."""

_OWN_PASSWORD = "/api/v1/me/password"  # noqa: S105 - a path
_TO_CHANGE = (_OWN_PASSWORD, *(path for path in _TO_ENROL if path != "/account"))
"""All that is open, besides the page of the account, to who must change a first password."""


class Gate:
    """ASGI middleware inside the session's: finds out who asks, lets nobody else through.

    A bearer token counts under ``/api/`` and for the metrics, the session cookie everywhere. Puts
    into the request's state: the officer, its session (None with a token), ``signing``, and
    ``lasts``, which tells whether what let it in still does.
    """

    def __init__(
        self, app: ASGIApp, signing: SigningIn, metrics_from_loopback: bool = False
    ) -> None:
        self._app = app
        self._signing = signing
        self._metrics_from_loopback = metrics_from_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and is_for_cameras(scope["path"]):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        connection.state.signing = self._signing
        officer, session = await self._who(connection, is_use(connection))
        connection.state.officer, connection.state.session = officer, session

        async def lasts(used: bool) -> bool:
            return (await self._who(connection, used))[0] is not None

        connection.state.lasts = lasts
        acts_as(officer.name if officer else NOBODY)
        if officer is None and not (is_open(scope["path"]) or self._is_scraped(connection)):
            await _refuse(connection, receive, send)
        elif not _token(connection) and is_foreign(connection):
            await _refuse_foreign(scope, receive, send)
        elif session and not _is_far_enough(session.stage, scope["path"]):
            await _first_of_all(connection, session.stage)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, while_it_lasts(receive, lasts), send)
        else:
            await self._app(scope, receive, send)

    async def _who(
        self, connection: HTTPConnection, used: bool
    ) -> tuple[User | None, OwnSession | None]:
        now = datetime.now(UTC)
        if token := _token(connection):
            return await self._signing.users.user_of_token(token, now), None
        session_id = connection.session.get(SESSION_KEY)
        if not isinstance(session_id, str):
            return None, None
        session = await self._signing.sessions.of(session_id, now, used)
        if session is None or session.stage is Stage.SECOND:
            return None, session
        return await self._signing.users.user(session.name), session

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
    if not is_socket and connection.scope["method"] in SAFE_METHODS:
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") != "same-origin"
    return urlsplit(origin).netloc != connection.headers.get("host")


def local_path(path: str) -> str:
    """``path`` when it leads to a page of this desk, else the first page. Stops open redirects."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"


def _token(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    path = connection.scope["path"]
    takes_tokens = path.startswith("/api/") or path == METRICS_PATH
    return token.strip() if takes_tokens and scheme.lower() == "bearer" else ""


def _is_far_enough(stage: Stage, path: str) -> bool:
    """Whether a session of this stage opens ``path``."""
    if stage is Stage.ENROL:
        return is_open(path) or path.startswith(_TO_ENROL)
    if stage is Stage.CHANGE:
        return is_open(path) or path == "/account" or path.startswith(_TO_CHANGE)
    return True


_FIRST_OF_ALL = {
    Stage.ENROL: (
        "a second factor is required here",
        "add a passkey or one-time codes at /account, then sign in with it",
    ),
    Stage.CHANGE: (
        "this password was made by somebody else",
        f"change it at /account or by POST {_OWN_PASSWORD}, then sign in with your own",
    ),
}


def _first_of_all(connection: HTTPConnection, stage: Stage) -> Response:
    path: str = connection.scope["path"]
    if path.startswith(_FOR_PROGRAMS) or connection.scope["method"] not in SAFE_METHODS:
        detail, mend = _FIRST_OF_ALL[stage]
        return ProblemError(403, detail, place=path, mend=mend).response()
    return RedirectResponse("/account", 303)


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
