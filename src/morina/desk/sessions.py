"""Signing in and out, and who is signed in."""

from collections.abc import Awaitable
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response

from morina.accountability import SignInRefusedError, User
from morina.accountability.own_sessions import LONGEST, OwnSession
from morina.accountability.signing_in import SigningIn
from morina.desk.bounds import Bounds
from morina.desk.gate import SESSION_KEY, Gate, local_path
from morina.desk.permitting import Permitting
from morina.desk.problems import ProblemError
from morina.desk.proxies import Proxies
from morina.desk.rates import AddressRates, PersonRates
from morina.desk.services import Services
from morina.desk.tls_only import TlsOnly
from morina.desk.whence import keep_device, whence_of

__all__ = [
    "begin",
    "current_user",
    "install",
    "know_again",
    "local_path",
    "own_session",
    "sign_in",
    "sign_in_by_code",
    "sign_out",
]

COOKIE = "morina"


def install(app: FastAPI, services: Services) -> None:
    """Put these before everything ``app`` answers. Call before ``ui.run_with``.

    The cookie is http-only, same-site strict, and ``secure`` over https. ``/healthz`` tells
    anybody that the process answers, and nothing else.
    """
    limits = services.limits
    exchanges, flies = services.exchange is not None, services.aerial is not None
    app.add_middleware(Permitting, exchanges=exchanges, flies=flies)
    app.add_middleware(PersonRates, requests_a_second=limits.requests_a_second)
    app.add_middleware(
        Gate,
        signing=services.doors.signing,
        metrics_from_loopback=services.limits.metrics_from_loopback,
    )
    app.add_middleware(
        SessionMiddleware,
        secret_key=services.session_secret,
        session_cookie=COOKIE,
        max_age=int(LONGEST.total_seconds()),
        same_site="strict",
    )
    app.add_middleware(
        AddressRates,
        sign_ins_a_minute=limits.sign_ins_a_minute,
        requests_a_second=limits.requests_a_second,
    )
    app.add_middleware(TlsOnly, only=limits.behind_tls_proxy)
    app.add_middleware(
        Bounds,
        upload_bytes=limits.upload_bytes,
        push_bytes=limits.push_bytes,
        sortie_bytes=limits.sortie_bytes,
    )
    app.add_middleware(
        Proxies, certificate_header=limits.certificate_header, addresses=limits.proxies
    )
    app.add_api_route("/healthz", _alive, include_in_schema=False)


def current_user(request: HTTPConnection) -> User:
    """Who asks; ProblemError (401) when nobody is signed in, as on the sign-in page."""
    officer: User | None = getattr(request.state, "officer", None)
    if officer is None:
        raise ProblemError(401, "nobody is signed in", mend="sign in first")
    return officer


def own_session(request: HTTPConnection) -> OwnSession:
    """The session of who asks; ProblemError (403) where it is a token that asks."""
    session: OwnSession | None = getattr(request.state, "session", None)
    if session is None:
        raise ProblemError(403, "this is for people at the desk", mend="sign in at /sign-in")
    return session


async def sign_in(request: Request, name: str, password: str) -> OwnSession:
    """Begin a session for whoever has these credentials, or half of one where a second factor is
    to come (its stage says so); SignInRefusedError, safe to show."""
    signing: SigningIn = request.state.signing
    whence = whence_of(request)
    return await begin(request, signing.by_password(name, password, whence, datetime.now(UTC)))


async def sign_in_by_code(request: Request, code: str) -> OwnSession:
    """The whole of a half session, by a one-time or recovery code; SignInRefusedError."""
    signing: SigningIn = request.state.signing
    half = str(request.session.get(SESSION_KEY, ""))
    return await begin(request, signing.by_code(half, code, whence_of(request), datetime.now(UTC)))


async def begin(request: Request, beginning: Awaitable[str]) -> OwnSession:
    """Put the session that ``signing`` begins in place of the one this browser had, which ends."""
    signing: SigningIn = request.state.signing
    had = request.session.get(SESSION_KEY)
    session_id = await beginning
    if isinstance(had, str):
        await signing.sessions.end(had)
    request.session.clear()
    request.session[SESSION_KEY] = session_id
    session = await signing.sessions.of(session_id, datetime.now(UTC), used=False)
    if session is None:
        raise SignInRefusedError("that took too long; begin again with your password")
    return session


async def know_again(request: Request, response: Response, session: OwnSession) -> None:
    """Make this browser one of which strangers' tries ask no wait."""
    signing: SigningIn = request.state.signing
    now = datetime.now(UTC)
    token = await signing.sessions.remember(session.name, whence_of(request), now)
    keep_device(request, response, token)


async def sign_out(request: HTTPConnection) -> None:
    """End the session in this browser."""
    signing: SigningIn = request.state.signing
    if isinstance(session_id := request.session.get(SESSION_KEY), str):
        await signing.sessions.end(session_id)
    request.session.clear()


async def _alive() -> PlainTextResponse:
    return PlainTextResponse("alive")
