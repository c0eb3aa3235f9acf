"""OGC API Features, part 1 (OGC 17-069r4), of drone flights: for maps that read that.

Read only. GeoJSON, WGS 84. Tracks are given for a purpose, in the header ``Morina-Purpose``.
"""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from morina.accountability import Action, Purpose, User
from morina.desk.api.aerial_asked import HEADER, USUAL, Wanted, purpose_of, wanted_of
from morina.desk.api.aerial_collections import (
    TRACKS,
    Collection,
    collection,
    collections,
    feature,
    page_of,
)
from morina.desk.api.aerial_route import AerialRoute, aerial_of, cleared_for
from morina.desk.api.route import Desk, Officer
from morina.desk.permits import may, must
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.sense.aerial.giving.geojson import Feature

routes = APIRouter(prefix="/aerial/features", tags=["aerial"], route_class=AerialRoute)

ROOT = "/api/v1/aerial/features"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson")
)
_GEOJSON = "application/geo+json"
_ASKED = [
    {"name": name, "in": "query", "required": False, "schema": schema}
    for name, schema in {
        "bbox": {"type": "string", "description": "west,south,east,north in degrees"},
        "datetime": {"type": "string", "description": "RFC 3339, or two with /, .. for open"},
        "limit": {"type": "integer", "minimum": 1, "default": USUAL},
        "offset": {"type": "integer", "minimum": 0, "default": 0},
    }.items()
]
_PURPOSE = {
    "name": HEADER, "in": "header", "required": False, "schema": {"type": "string"},
    "description": "for tracks: code, case_number, legal_basis, justification as a form",
}  # fmt: skip


@routes.get("", summary="OGC API Features of drone flights")
async def landing(request: Request, _officer: Officer) -> dict[str, Any]:
    """Where the rest is."""
    here = _here(request)
    return {
        "title": "Drone flights", "description": "Ways flown, ground seen, anonymous tracks",
        "links": [
            _link(here, "self", "application/json", "this page"),
            _link(f"{_base(request)}/api/v1/openapi.json", "service-desc",
                  "application/vnd.oai.openapi+json;version=3.0", "the API"),
            _link(f"{here}/conformance", "conformance", "application/json", "what it conforms to"),
            _link(f"{here}/collections", "data", "application/json", "collections"),
        ],
    }  # fmt: skip


@routes.get("/conformance", summary="What of OGC API Features is held")
async def conformance(_officer: Officer) -> dict[str, list[str]]:
    """Core and GeoJSON."""
    return {"conformsTo": list(CONFORMS)}


@routes.get("/collections", summary="Collections of drone flights")
async def listed(request: Request, desk: Desk, officer: Officer) -> dict[str, Any]:
    """``sorties``, and for each sortie worked through its ``footprints.{sortie_id}`` and, for
    whoever reviews tracks, ``tracks.{sortie_id}``."""
    found = await collections(aerial_of(desk), tracks=may(officer, Action.REVIEW_TRACKS))
    there = f"{_here(request)}/collections"
    links = [_link(there, "self", "application/json", "this list")]
    return {"links": links, "collections": [_about(request, one) for one in found]}


@routes.get("/collections/{collection_id}", summary="One collection")
async def about(request: Request, collection_id: str, desk: Desk, officer: Officer) -> Feature:
    """What is in it, and where its items are."""
    return _about(request, await _permitted(desk, collection_id, officer))


@routes.get(
    "/collections/{collection_id}/items", summary="Features of a collection",
    response_class=Response, responses={200: {"content": {_GEOJSON: {}}}},
    openapi_extra={"parameters": [*_ASKED, _PURPOSE]},
)  # fmt: skip
async def items(request: Request, collection_id: str, desk: Desk, officer: Officer) -> Response:
    """Those that meet ``bbox`` (west,south,east,north) and ``datetime``, ``limit`` of them, with a
    link to the next. One without a clock meets no ``datetime``. Tracks: a purpose stands in the
    header ``Morina-Purpose`` and is entered in the trail each time."""
    wanted = wanted_of(request)
    one = await _permitted(desk, collection_id, officer)
    purpose = await _purpose(request, desk, one, officer)
    page, matched = await page_of(aerial_of(desk), one, wanted, purpose)
    return _given({
        "type": "FeatureCollection", "features": page, "numberMatched": matched,
        "numberReturned": len(page), "links": _pages(request, one, wanted, matched),
    })  # fmt: skip


@routes.get(
    "/collections/{collection_id}/items/{feature_id}", summary="One feature",
    response_class=Response, responses={200: {"content": {_GEOJSON: {}}}},
    openapi_extra={"parameters": [_PURPOSE]},
)  # fmt: skip
async def item(
    request: Request, collection_id: str, feature_id: str, desk: Desk, officer: Officer
) -> Response:
    """404 where it is not in the collection."""
    one = await _permitted(desk, collection_id, officer)
    purpose = await _purpose(request, desk, one, officer)
    found = await feature(aerial_of(desk), one, feature_id, purpose)
    if found is None:
        mend = "use an id of its items"
        raise ProblemError(404, "there is no such feature", place="feature_id", mend=mend)
    there = f"{_items(request, one)}/{feature_id}"
    links = [
        _link(there, "self", _GEOJSON, "this feature"),
        _link(there.rpartition("/items/")[0], "collection", "application/json", one.title),
    ]
    return _given(found | {"links": links})


async def _permitted(desk: Services, key: str, officer: User) -> Collection:
    if key.startswith(TRACKS):
        must(officer, Action.REVIEW_TRACKS)
    return await collection(aerial_of(desk), key)


async def _purpose(
    request: Request, desk: Services, one: Collection, officer: User
) -> Purpose | None:
    """That tracks are asked for; None for all else."""
    if one.kind != TRACKS:
        return None
    return await cleared_for(desk, purpose_of(request, officer.name))


def _about(request: Request, one: Collection) -> Feature:
    there = f"{_here(request)}/collections/{one.key}"
    return {
        "id": one.key, "title": one.title, "description": one.description, "itemType": "feature",
        "crs": [CRS84], "links": [
            _link(there, "self", "application/json", one.title),
            _link(f"{there}/items", "items", _GEOJSON, f"{one.title}, features"),
        ],
    }  # fmt: skip


def _pages(request: Request, one: Collection, wanted: Wanted, matched: int) -> list[dict[str, str]]:
    there = _items(request, one)
    links = [_link(_same(request, there, wanted.offset), "self", _GEOJSON, "this page")]
    if wanted.offset + wanted.limit < matched:
        onward = _same(request, there, wanted.offset + wanted.limit)
        links.append(_link(onward, "next", _GEOJSON, "next page"))
    return links


def _same(request: Request, there: str, offset: int) -> str:
    """The same question from another place on."""
    asked = [(key, value) for key, value in request.query_params.items() if key != "offset"]
    return f"{there}?{urlencode([*asked, ('offset', str(offset))])}"


def _items(request: Request, one: Collection) -> str:
    return f"{_here(request)}/collections/{one.key}/items"


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _here(request: Request) -> str:
    return f"{_base(request)}{ROOT}"


def _link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, "title": title}


def _given(said: Feature) -> Response:
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(said, media_type=_GEOJSON, headers=headers)
