"""Cameras that push what they read: how each is heard, what it sent wrong, who knocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from morina.desk.adoption import adopt, push_path
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import CameraId, CameraIn, Line, Named
from morina.desk.problems import ProblemError
from morina.sense.cameras.pushing import Heard, PushingCamera

routes = APIRouter(tags=["cameras"], route_class=Route)

Texts = Annotated[Mapping[Named, Line], Field(max_length=50)]


class PushingIn(BaseModel):
    """How a camera that reads plates itself is heard (docs/cameras/push.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    maker: Named = Field(examples=["hikvision"])
    time_zone: Line = Field(default="", examples=["Europe/Tirane"])
    confidence_scale: float | None = Field(default=None, gt=0, le=100_000)
    mapping: Texts = {}
    device_keys: Texts = {}
    addresses: tuple[Named, ...] = Field(default=(), max_length=20)
    certificate: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""
    pull_url: Line = ""


class PushingOut(BaseModel):
    """A pushing camera and what was heard of it; never its secret."""

    camera: PushingCamera
    heard: Heard | None


class PushAddress(BaseModel):
    """What is typed into the camera, after this node's address; empty: what it has already."""

    path: str


class BadPayloadOut(BaseModel):
    """What an adapter refused; ``begin`` is its beginning as text, passwords taken out."""

    at: datetime
    fault: str
    media_type: str
    size: int
    begin: str


class KnockOut(BaseModel):
    """Who called and was refused; nothing else of the payload is kept."""

    knock_id: UUID
    address: str
    maker: str
    camera_key: dict[str, str]
    first_at: datetime
    last_at: datetime
    times: int


class AdoptionIn(CameraIn):
    """Where the camera stands, and what it cannot say itself."""

    camera_id: CameraId
    time_zone: Line = Field(default="", examples=["Europe/Tirane"])
    maker: Line = ""


@routes.get("/pushing", summary="Cameras that push, and what was heard of them")
async def pushing(desk: Desk, _officer: Officer) -> list[PushingOut]:
    """By id, with the last report, the clock's offset and what was sent wrong."""
    heard = await desk.pushing.heard()
    return [
        PushingOut(camera=one, heard=heard.get(one.camera_id))
        for one in await desk.pushing.pushing()
    ]


@routes.put("/pushing/{camera_id}", summary="Let a camera push, or change how it is heard")
async def put_pushing(
    camera_id: Annotated[CameraId, Path()], sent: PushingIn, desk: Desk, _officer: Officer
) -> PushAddress:
    """The camera must be there already. A secret is made once and kept when sent again."""
    if sent.maker not in desk.receiving.makers:
        known = ", ".join(sorted(desk.receiving.makers))
        raise ProblemError(422, "maker is unknown", place="maker", mend=f"send one of {known}")
    try:
        camera = PushingCamera(camera_id=camera_id, **sent.model_dump())
    except ValueError as error:
        raise _wrong(error) from error
    secret = await desk.pushing.put(camera)
    return PushAddress(path=push_path(secret) if secret else "")


@routes.delete("/pushing/{camera_id}", status_code=204, summary="Let a camera push no longer")
async def remove_pushing(
    camera_id: Annotated[CameraId, Path()], desk: Desk, _officer: Officer
) -> None:
    """Its secret is void; the camera and its reads stay."""
    await desk.pushing.remove(camera_id)


@routes.get("/pushing/{camera_id}/bad-payloads", summary="What a camera sent wrong, newest first")
async def bad_payloads(
    camera_id: Annotated[CameraId, Path()], desk: Desk, _officer: Officer
) -> list[BadPayloadOut]:
    """The last twenty, for the technician."""
    return [
        BadPayloadOut(
            at=bad.at,
            fault=bad.fault,
            media_type=bad.media_type,
            size=bad.size,
            begin=bad.content[:4000].decode("utf-8", "replace"),
        )
        for bad in await desk.pushing.bad_payloads(camera_id)
    ]


@routes.get("/knocks", summary="Unknown cameras that called, newest first")
async def knocks(desk: Desk, _officer: Officer) -> list[KnockOut]:
    """At most two hundred."""
    return [
        KnockOut.model_validate(knock, from_attributes=True)
        for knock in await desk.pushing.knocks()
    ]


@routes.post("/knocks/{knock_id}/adoption", summary="Make who knocked a camera of this node")
async def adoption(knock_id: UUID, sent: AdoptionIn, desk: Desk, _officer: Officer) -> PushAddress:
    """The camera is put up and may push from now on, as the device it named itself."""
    place = CameraIn(**sent.model_dump(include=set(CameraIn.model_fields)))
    camera = place.camera(sent.camera_id)
    try:
        secret = await adopt(desk, knock_id, camera, sent.time_zone, sent.maker)
    except ValueError as error:
        raise _wrong(error) from error
    return PushAddress(path=push_path(secret) if secret else "")


def _wrong(error: ValueError) -> ProblemError:
    return ProblemError(422, str(error), place="body", mend="mend what the message names")
