"""Signing in and out, and who is signed in."""

from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from morina.accountability import User, Users
from morina.desk.bounds import Bounds
from morina.desk.gate import SESSION_S, Gate, local_path, session_left_s
from morina.desk.problems import ProblemError
from morina.desk.proxies import Proxies
from morina.desk.services import Services

__all__ = ["current_user", "install", "local_path", "session_left_s", "sign_in", "sign_out"]

COOKIE = "morina"


def install(app: FastAPI, services: Services) -> None:
    """Put these before everything ``app`` answers. Call before ``ui.run_with``.

    The cookie is http-only, same-site strict, and ``secure`` over https. ``/healthz`` tells
    anybody that the process answers, and nothing else.
    """
    app.add_middleware(
        Gate,
        users=services.users,
        metrics_from_loopback=services.limits.metrics_from_loopback,
    )
    app.add_middleware(
        SessionMiddleware,
        secret_key=services.session_secret,
        session_cookie=COOKIE,
        max_age=SESSION_S,
        same_site="strict",
    )
    limits = services.limits
    app.add_middleware(Bounds, upload_bytes=limits.upload_bytes, push_bytes=limits.push_bytes)
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


async def sign_in(request: HTTPConnection, name: str, password: str) -> User:
    """Begin a session for whoever has these credentials; SignInRefusedError, safe to show."""
    users: Users = request.state.users
    now = datetime.now(UTC)
    user = await users.sign_in(name, password, now)
    request.session.clear()
    request.session.update(user=user.name, issued_at=now.timestamp())
    return user


async def sign_out(request: HTTPConnection) -> None:
    """End the session in this browser."""
    users: Users = request.state.users
    if officer := getattr(request.state, "officer", None):
        await users.sign_out(officer.name)
    request.session.clear()


async def _alive() -> PlainTextResponse:
    return PlainTextResponse("alive")
