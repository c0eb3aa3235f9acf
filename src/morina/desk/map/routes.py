"""What the map fetches, all of it from this node."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from morina.desk.map.layers import LAYERS
from morina.desk.map.tile_source import MAX_ZOOM, TilesError, TileSource, media_type
from morina.desk.map.tiles import open_tiles

_log = logging.getLogger(__name__)
_STATIC = Path(__file__).parent / "static"
_PARTS = {name: _STATIC / name for name in ("map.css", "map.js", "drawing.js")}
_KEPT_FOR = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_NO_TILE = Response(status_code=204)


def router(tiles: Path | None) -> APIRouter:
    """Serves ``/map``: the layers, the map's own style and script, and the operator's tiles.

    Whoever includes it adds the dependency that demands signing in. TilesError when the
    tiles file cannot be shown.
    """
    source = open_tiles(tiles) if tiles else None
    routes = APIRouter(prefix="/map", include_in_schema=False)

    @routes.get("/layers/{name}.geojson")
    def layer(name: str) -> FileResponse:
        return _known(LAYERS, name, "application/geo+json")

    @routes.get("/static/{name}")
    def static(name: str) -> FileResponse:
        return _known(_PARTS, name, None)

    @routes.get("/tiles.json")
    def coverage() -> dict[str, Any] | None:
        return asdict(source.coverage) if source else None

    @routes.get("/tiles/{z:int}/{x:int}/{y:int}")
    def tile(z: int, x: int, y: int) -> Response:
        return _tile(source, z, x, y)

    return routes


def _known(files: Mapping[str, Path], name: str, media: str | None) -> FileResponse:
    if name not in files:
        raise HTTPException(404, f"the map has no {name!r}, only {', '.join(files)}")
    return FileResponse(files[name], media_type=media, headers=_ASK_AGAIN)


def _tile(source: TileSource | None, z: int, x: int, y: int) -> Response:
    if source is None:
        raise HTTPException(404, "no tiles file is set on this node")
    if z > MAX_ZOOM or max(x, y) >= 2**z:
        raise HTTPException(404, f"the world has no tile {z}/{x}/{y}")
    try:
        picture = source.tile(z, x, y)
    except TilesError as error:
        _log.warning("tile %d/%d/%d: %s", z, x, y, error)
        return _NO_TILE
    media = media_type(picture) if picture else None
    if picture is None or media is None:
        return _NO_TILE
    return Response(picture, media_type=media, headers=_KEPT_FOR)
