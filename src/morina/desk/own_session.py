"""What desk.js asks of the session, so that nobody is signed out without having been told."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from morina.accountability.signing_in import SigningIn
from morina.desk.sessions import own_session


def router() -> APIRouter:
    """``/session``: how long it lasts if nobody does anything; POST is doing something."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/session")
    @routes.post("/session")
    async def left(request: Request) -> JSONResponse:
        signing: SigningIn = request.state.signing
        session, now = own_session(request), datetime.now(UTC)
        used = session.used_at if request.method == "GET" else now
        ends = signing.sessions.rules.end(session, used)
        left_s = int((ends - now).total_seconds())
        stays = ends < session.ends_at
        return JSONResponse({"left_s": max(left_s, 0), "stays": stays})

    return routes
