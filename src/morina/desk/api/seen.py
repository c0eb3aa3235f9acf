"""What was seen and where: latest reads, cameras, pictures; and how the node is."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from morina.accountability import User
from morina.accountability.looking import Shown
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import CameraId, CameraIn, Instant, refused_source
from morina.desk.passing import latest_reads
from morina.desk.pictures import media_type
from morina.records import NoSuchImageError
from morina.sense import Read
from morina.sense.cameras import Camera

routes = APIRouter(route_class=Route)


class HealthOut(BaseModel):
    """Each engine: ``up``, or what is wrong with it, in words."""

    engines: dict[str, str]


@routes.get("/reads", tags=["reads"], summary="The latest reads")
async def reads(
    desk: Desk,
    officer: Officer,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    since: Annotated[Instant | None, Query(description="captured after it; with a zone")] = None,
) -> list[Read]:
    """Newest first, whatever their plates, of the last 24 hours: older ones, and those of a plate,
    are asked for under a purpose."""
    begins = since.astimezone(UTC) if since else None
    await desk.looks.shown(officer.name, Shown.READS)
    return await latest_reads(desk.reads, datetime.now(UTC), limit, begins)


@routes.get("/cameras", tags=["cameras"], summary="List cameras by id")
async def cameras(desk: Desk, _officer: Officer) -> list[Camera]:
    """All cameras of this node."""
    return [camera.shown() for camera in await desk.cameras.cameras()]


@routes.put("/cameras/{camera_id}", tags=["cameras"], summary="Add or change a camera")
async def put_camera(
    camera_id: Annotated[CameraId, Path()], sent: CameraIn, desk: Desk, _officer: Officer
) -> Camera:
    """The camera as it stands from now on."""
    camera = sent.camera(camera_id)
    try:
        await desk.cameras.put(camera)
    except ValueError as error:
        raise refused_source(error) from None
    return camera.shown()


@routes.delete("/cameras/{camera_id}", tags=["cameras"], status_code=204, summary="Remove a camera")
async def remove_camera(
    camera_id: Annotated[CameraId, Path()], desk: Desk, _officer: Officer
) -> None:
    """The camera is gone; its reads stay."""
    await desk.cameras.remove(camera_id)


@routes.get(
    "/images/{sha256}",
    tags=["images"],
    summary="A picture by its SHA-256",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}}},
)
async def image(sha256: str, desk: Desk, officer: Officer) -> Response:
    """The very bytes a sensor sent, or a plate patch. Named by content, so it never changes."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise NoSuchImageError("a picture's name is 64 characters 0-9 a-f")
    content = await desk.images.get(sha256)
    kind = media_type(content)
    if kind is None:
        raise NoSuchImageError(f"what is kept as {sha256} is not a picture")
    await desk.looks.shown(officer.name, Shown.PICTURES)
    headers = {"Cache-Control": "private, max-age=43200, immutable"}
    return Response(content, media_type=kind, headers=headers)


@routes.get("/me", tags=["node"], summary="Who is signed in")
async def me(officer: Officer) -> User:
    """The officer the session or token belongs to."""
    return officer


@routes.get("/health", tags=["node"], summary="How the engines are")
async def health(desk: Desk, _officer: Officer) -> HealthOut:
    """The state of each engine of this node."""
    return HealthOut(engines=await desk.health.engines())
