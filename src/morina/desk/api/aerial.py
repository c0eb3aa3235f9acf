"""Drone flights: what was flown, what was seen of the ground, and where a pixel lies."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from morina.desk.api.aerial_route import AerialRoute, aerial_of, cleared_for
from morina.desk.api.aerial_stated import FIELDS, REASON, stated_beside, typed
from morina.desk.api.asked import PurposeIn
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Instant, Line, Named, Sent
from morina.desk.api.spooled import spooled
from morina.desk.flying import as_told, take_off
from morina.desk.geojson import tracks_geojson
from morina.desk.pixels import pixel_of, place_of
from morina.desk.problems import ProblemError
from morina.desk.viewsheds import From, Seen, seen_around
from morina.sense.aerial import Footprint, Place, Sortie, SortieStep
from morina.sense.aerial.roles import Looked, Moment, NewSortie

routes = APIRouter(prefix="/aerial", tags=["aerial"], route_class=AerialRoute)

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]

_FILES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["telemetry"],
                    "properties": {
                        "telemetry": {
                            "type": "string", "format": "binary",
                            "description": "KLV, SRT, CSV or log; MPEG-TS with both inside",
                        },
                        "video": {
                            "type": "string", "format": "binary",
                            "description": "its video, where that is a file of its own",
                        },
                        **{
                            name: {"type": "string", "description": "as POST .../stated takes it"}
                            for name in FIELDS
                        },
                        REASON: {"type": "string", "description": "as POST .../steps takes it"},
                    },
                }
            }
        },
    }
}  # fmt: skip


class SortieIn(Sent):
    """A flight to be planned; ``task`` says what it is to look for."""

    name: Named = Field(examples=["Ridge north, morning"])
    case_number: Named = Field(examples=["C-2026-117"])
    task: Named = Field(examples=["look for a walker missing since Monday"])
    airframe: Line = ""
    pilot: Line = ""


class SortieStepIn(Sent):
    """``clear`` lets a planned flight fly, ``cancel`` ends one that did not; ``fly`` begins its
    live recording, ``receive`` ends that, and works one whose files are here through again;
    ``forget`` forgets one before its time. ``reason``: why it is forgotten, worked through again
    though people spoke of its tracks, or flies though a check of its fleet warns."""

    step: Literal[
        SortieStep.CLEAR, SortieStep.CANCEL, SortieStep.FLY, SortieStep.RECEIVE, SortieStep.FORGET
    ]
    reason: Line = ""


class MomentOut(BaseModel):
    """One worked-through picture; ``footprint`` is null where the telemetry lacks what it needs."""

    frame: int
    at_s: float
    latitude: float
    longitude: float
    height_m: float | None
    footprint: Footprint | None

    @classmethod
    def of(cls, moment: Moment) -> "MomentOut":
        """Without the pose."""
        return cls(
            frame=moment.frame, at_s=moment.at_s, latitude=moment.latitude,
            longitude=moment.longitude, height_m=moment.height_m, footprint=moment.footprint,
        )  # fmt: skip


class PixelIn(Sent):
    """A point of the picture shown at ``at_s``, in shares of it from its upper left corner."""

    at_s: Seconds
    across: Share
    down: Share


class PlaceOut(BaseModel):
    """Height above the WGS 84 ellipsoid; the ellipse and ``le90_m`` hold 90 % of the errors."""

    latitude: float
    longitude: float
    height_m: float
    le90_m: float
    major_m: float
    minor_m: float
    bearing_deg: float
    range_m: float
    flags: list[str]

    @classmethod
    def of(cls, place: Place) -> "PlaceOut":
        """With its ellipse in place of the covariance."""
        of = place.ellipse
        return cls(
            latitude=place.latitude, longitude=place.longitude, height_m=place.height_m,
            le90_m=place.le90_m, major_m=of.major_m, minor_m=of.minor_m,
            bearing_deg=of.bearing_deg, range_m=place.range_m, flags=sorted(place.flags),
        )  # fmt: skip


class PointIn(Sent):
    """A place on the ground, WGS 84, and the picture it is looked for in."""

    at_s: Seconds
    latitude: Latitude
    longitude: Longitude


class PixelOut(BaseModel):
    """Shares of the picture; null where the place is not in view."""

    across: float | None
    down: float | None


class LookedIn(Sent):
    """When was this place in view, and what for is it asked?"""

    purpose: PurposeIn
    latitude: Latitude
    longitude: Longitude
    since: Instant | None = None


class EyeIn(Sent):
    """An eye so high over the ground of a place, and how far it looks."""

    latitude: Latitude
    longitude: Longitude
    above_ground_m: float = Field(gt=0, le=5_000, allow_inf_nan=False)
    reach_m: float = Field(default=5_000.0, gt=0, le=15_000, allow_inf_nan=False)


@routes.get("/sorties", summary="Drone flights, newest first")
async def sorties(
    desk: Desk, _officer: Officer, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> list[Sortie]:
    """With state, progress, what the telemetry lacks, and when each is forgotten."""
    return list(await aerial_of(desk).sorties.sorties(limit))


@routes.post("/sorties", status_code=201, summary="Plan a flight")
async def plan(sent: SortieIn, desk: Desk, officer: Officer) -> Sortie:
    """It is cleared by a step of its own before it flies or is handed in."""
    wanted = NewSortie(officer=officer.name, **sent.model_dump())
    return await aerial_of(desk).sorties.plan(wanted, datetime.now(UTC))


@routes.get("/sorties/{sortie_id}", summary="One flight")
async def sortie(sortie_id: UUID, desk: Desk, _officer: Officer) -> Sortie:
    """``done`` is the share worked through; ``fault`` says why it failed. Of one that flies, or is
    cleared to, ``notes`` say where nothing of it will come in live."""
    return as_told(aerial_of(desk), await aerial_of(desk).sorties.sortie(sortie_id))


@routes.post("/sorties/{sortie_id}/steps", summary="Clear, cancel, work again or forget a flight")
async def step(sortie_id: UUID, sent: SortieStepIn, desk: Desk, officer: Officer) -> Sortie:
    """409 where its state does not allow it, where it needs a reason, and for ``clear`` at a node
    that keeps its fleet: there POST /api/v1/fleet/sorties/{sortie_id}/clearance clears, after its
    checks. These are looked at again by ``fly``: 409 where one stops the flight now, or warns that
    did not then and somebody other than its pilot gives no reason. Step and reason are entered in
    the trail."""
    aerial, at = aerial_of(desk), datetime.now(UTC)
    kept, fleet = aerial.sorties, aerial.fleet
    if sent.step is SortieStep.CLEAR and fleet and not (await fleet.state()).is_empty:
        mend = "send its plan to POST /api/v1/fleet/sorties/{sortie_id}/clearance"
        raise ProblemError(409, "the fleet is checked first", place="step", mend=mend)
    if sent.step is SortieStep.FLY:
        flies = await take_off(aerial, sortie_id, (officer.name, at), sent.reason)
        return as_told(aerial, flies)
    return await kept.because(sent.reason).step(sortie_id, sent.step, officer.name, at)


@routes.post(
    "/sorties/{sortie_id}/files", status_code=202, openapi_extra=_FILES,
    summary="Hand in a flight's telemetry and video",
)  # fmt: skip
async def files(sortie_id: UUID, request: Request, desk: Desk, officer: Officer) -> Sortie:
    """A form with ``telemetry`` and, where it is a file of its own, ``video``, and what a person
    states of the flight. Answered once both are kept; then it is worked through, and ``done`` tells
    how far. 422 names the place in the telemetry that cannot be trusted; then no file is kept. 409
    where people spoke of tracks of files that were here, unless ``reason`` says why."""
    kept = aerial_of(desk).sorties
    before = await kept.sortie(sortie_id)
    async with spooled(request, "telemetry", "video", REASON, *FIELDS) as sent:
        said = stated_beside(before.stated, sent)
        if said != before.stated:
            await kept.state(sortie_id, said, officer.name, datetime.now(UTC), again=False)
        telemetry, video = sent["telemetry"], sent.get("video")
        chunks = video.chunks() if video else None
        alone = telemetry.name if telemetry.begins_as_transport_stream() else ""
        names = (video.name if video else alone, telemetry.name)
        told = kept.because(typed(sent.get(REASON)))
        return await told.take_in(sortie_id, chunks, telemetry.chunks(), names, officer.name)


@routes.get("/sorties/{sortie_id}/moments", summary="Path and footprints of a flight")
async def moments(
    sortie_id: UUID, desk: Desk, _officer: Officer, every_s: Annotated[Seconds, Query()] = 0.0
) -> list[MomentOut]:
    """The worked-through pictures in time order, at least ``every_s`` seconds apart."""
    found = await aerial_of(desk).sorties.moments(sortie_id, every_s)
    return [MomentOut.of(moment) for moment in found]


@routes.get("/sorties/{sortie_id}/tracks", summary="Anonymous tracks of one flight")
async def tracks(sortie_id: UUID, desk: Desk, _officer: Officer) -> dict[str, Any]:
    """GeoJSON: a line for each track with the machine's word and, for each point, its time, its
    90 % ellipse and its box. That they were looked at is entered in the trail. Tracks are never of
    two flights together."""
    return tracks_geojson(await aerial_of(desk).sorties.tracks(sortie_id))


@routes.get(
    "/sorties/{sortie_id}/picture", summary="The picture at a moment", response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)  # fmt: skip
async def picture(
    sortie_id: UUID, desk: Desk, _officer: Officer, at: Annotated[Seconds, Query()],
    across: Annotated[int, Query(ge=160, le=3840)] = 1280,
) -> Response:  # fmt: skip
    """JPEG, at most ``across`` pixels wide; ``at`` counts seconds from the first picture."""
    made = await aerial_of(desk).sorties.picture(sortie_id, at, across)
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(made, media_type="image/jpeg", headers=headers)


@routes.post("/sorties/{sortie_id}/place", summary="Where a pixel lies")
async def place(sortie_id: UUID, sent: PixelIn, desk: Desk, _officer: Officer) -> PlaceOut:
    """Latitude, longitude and height with their error. 422 says what the telemetry lacks, 409 which
    terrain is missing and the command that imports it: no place is guessed."""
    at = (sent.across, sent.down)
    return PlaceOut.of(await place_of(aerial_of(desk), sortie_id, sent.at_s, at))


@routes.post("/sorties/{sortie_id}/pixel", summary="Where a place is in a picture")
async def pixel(sortie_id: UUID, sent: PointIn, desk: Desk, _officer: Officer) -> PixelOut:
    """Nulls where it is not in view, or hidden behind terrain."""
    there = (sent.latitude, sent.longitude)
    found = await pixel_of(aerial_of(desk), sortie_id, sent.at_s, there)
    across, down = found or (None, None)
    return PixelOut(across=across, down=down)


@routes.post("/looked", summary="When was this place in view")
async def looked(sent: LookedIn, desk: Desk, officer: Officer) -> list[Looked]:
    """Newest first, of all flights still kept. The purpose is cleared by the rules of every
    question; who asked and why is entered in the trail before it is answered."""
    purpose = await cleared_for(desk, sent.purpose.purpose(officer.name))
    kept = aerial_of(desk).sorties
    return list(await kept.looked(sent.latitude, sent.longitude, sent.since, purpose))


@routes.post("/viewshed", summary="What can be seen from a point")
async def viewshed(sent: EyeIn, desk: Desk, _officer: Officer) -> Seen:
    """A picture of the ground around: bright where something 1 m high is seen, dark where terrain
    hides it. 409 names terrain that is missing. Nothing is told of any flight."""
    return await seen_around(aerial_of(desk), From(**sent.model_dump()))
