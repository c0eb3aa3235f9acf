"""All routes of the API in one list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.routing import BaseRoute

from morina.desk.api import (
    aerial,
    aerial_coverage,
    aerial_features,
    aerial_given,
    aerial_stated,
    aerial_tasks,
    agreements,
    alerts,
    approvals,
    captures,
    clones,
    corrections,
    duties,
    erasures,
    events,
    exchange,
    exports,
    fleet,
    follow_ups,
    formats,
    hotlists,
    imports,
    misuse,
    operations,
    oversight,
    own,
    people,
    pins,
    pushing,
    questions,
    records,
    registered,
    retention,
    seen,
    sightings,
    sites,
    statements,
    trail,
    upkeep,
)
from morina.desk.api.route import PROBLEMS, Route
from morina.desk.pictures import PictureCheck
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.records.imports.keeping import PastReads
from morina.records.kinds import AnyKind, Question
from morina.records.questions import Answer
from morina.records.running import Running

PREFIX = "/api/v1"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def serve(app: FastAPI, services: Services) -> None:
    """The API under /api/v1 at ``app``. After ``sessions.install``, before ``ui.run_with``."""
    app.state.services = services
    app.state.pictures = PictureCheck(services.limits.image_pixels)
    app.state.past_reads = PastReads(services.reads, services.kept_days)
    app.include_router(APIRouter(lifespan=_closing))
    kinds = services.search.asking.kinds
    app.router.routes += _routes(tuple(replace(kind, answer=_by_none) for kind in kinds))


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.pictures.close()


async def _by_none(question: Question, running: Running) -> Answer[Any]:
    """A route knows the shape of a question, not who answers it."""
    raise NotImplementedError(question, running)


@cache
def _routes(kinds: tuple[AnyKind, ...]) -> list[BaseRoute]:
    """All routes for these kinds of questions; FastAPI takes a second to work them out."""
    api = APIRouter(prefix=PREFIX, responses=PROBLEMS, route_class=Route)
    parts = (
        captures, alerts, clones, corrections, events, exports, hotlists, pushing, retention, pins,
        erasures, seen, sites, statements, trail, upkeep, duties, oversight, own, people, approvals,
        misuse, exchange, agreements, operations, formats, registered, sightings, questions,
        follow_ups, aerial, aerial_coverage, aerial_features, aerial_given, aerial_stated,
        aerial_tasks, fleet,
    )  # fmt: skip
    for part in parts:
        api.include_router(part.routes)
    api.include_router(records.routes(kinds))
    api.include_router(imports.routes)
    api.add_api_route("/openapi.json", _openapi, include_in_schema=False)
    api.add_api_route("/{path:path}", _nothing_here, methods=_METHODS, include_in_schema=False)
    return api.routes


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
