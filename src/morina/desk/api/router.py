"""All routes of the API in one list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request

from morina.desk.api import (
    alerts,
    captures,
    clones,
    events,
    exports,
    hotlists,
    imports,
    pushing,
    records,
    retention,
    seen,
    sites,
    trail,
    upkeep,
)
from morina.desk.api.route import PROBLEMS, Route
from morina.desk.pictures import PictureCheck
from morina.desk.problems import ProblemError
from morina.desk.services import Services

PREFIX = "/api/v1"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def router(services: Services) -> APIRouter:
    """The API under /api/v1. Behind ``sessions.install``; include it before ``ui.run_with``."""
    pictures = PictureCheck(services.limits.image_pixels)

    async def provide(request: Request) -> None:
        request.state.services = services
        request.state.pictures = pictures

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await pictures.close()

    api = APIRouter(
        prefix=PREFIX,
        dependencies=[Depends(provide)],
        responses=PROBLEMS,
        route_class=Route,
        lifespan=lifespan,
    )
    parts = (
        captures, alerts, clones, events, exports, hotlists, pushing, retention, seen, sites,
        trail, upkeep,
    )  # fmt: skip
    for part in parts:
        api.include_router(part.routes)
    api.include_router(records.routes(services.search.asking.kinds))
    api.include_router(imports.routes(services))
    api.add_api_route("/openapi.json", _openapi, include_in_schema=False)
    api.add_api_route("/{path:path}", _nothing_here, methods=_METHODS, include_in_schema=False)
    return api


async def _openapi(request: Request) -> dict[str, Any]:
    app: FastAPI = request.app
    return app.openapi()


async def _nothing_here(request: Request) -> None:
    raise ProblemError(
        404,
        f"{request.method} {request.url.path} is not a route of this API",
        place="path",
        mend=f"see {PREFIX}/openapi.json or docs/api.md",
    )
