"""Holds every request to ``permits``: inside the gate, before any route or page."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from morina.accountability import User
from morina.accountability.policy import Refusal
from morina.desk import permits
from morina.desk.places import Place, places_of
from morina.desk.plain_page import not_for_you, nothing_here
from morina.desk.problems import ProblemError

_FOR_PROGRAMS = ("/api/", "/_nicegui", "/metrics", "/map/")
FIRST = "/"
"""Where signing in leads; whoever may not open it is led to what they may."""


class Permitting:
    """ASGI middleware inside ``Gate``, which has found out who asks and refused strangers.

    ``exchanges`` is whether the node has partners, ``flies`` whether it keeps drone flights: pages
    name the sections it has.
    """

    def __init__(self, app: ASGIApp, *, exchanges: bool, flies: bool = False) -> None:
        self._app = app
        self._exchanges, self._flies = exchanges, flies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if answer is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not permitted"})
        else:
            await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """What is answered instead; None where nothing stands in the way."""
        user: User | None = scope.get("state", {}).get("officer")
        if user is None:
            return None
        acts = permits.acts_of(scope.get("method", "GET"), scope["path"])
        places = tuple(places_of(user, self._exchanges, self._flies))
        if acts is None:
            return _nothing(scope, user, places)
        why = permits.refused(user, acts)
        return _forbidden(scope, user, why, places) if why else None


def _forbidden(scope: Scope, user: User, why: Refusal, places: Sequence[Place]) -> Response:
    if not _wants_page(scope):
        return permits.forbidden(why, f"{scope['method']} {scope['path']}").response()
    if scope["path"] == FIRST and places:
        return RedirectResponse(places[0][0], 303)
    return not_for_you(user, why, places)


def _nothing(scope: Scope, user: User, places: Sequence[Place]) -> Response:
    if _wants_page(scope):
        return nothing_here(user, places)
    asked = HTTPConnection(scope).url.path
    return ProblemError(
        404,
        f"{scope.get('method', 'GET')} {asked} is not a route of this API",
        place="path",
        mend="see /api/v1/openapi.json or docs/api.md",
    ).response()


def _wants_page(scope: Scope) -> bool:
    asks = scope.get("method") in ("GET", "HEAD")
    return asks and not scope["path"].startswith(_FOR_PROGRAMS)
