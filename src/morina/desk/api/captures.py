"""Captures in: a picture, where and when it was taken."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from morina.desk.api.form import Upload, read_form
from morina.desk.api.route import Desk, Officer, Pictures, Route
from morina.desk.pictures import PictureCheck, RefusedPictureError, WrongTypeError
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.sense import Capture

routes = APIRouter(prefix="/captures", tags=["captures"], route_class=Route)

AHEAD = timedelta(minutes=5)
"""How far a sensor's clock may run ahead of the node's."""

OLDEST_YEAR = 2000
"""Before it no camera of ours stood; such a time means a clock that was never set."""

_NAMESPACE = UUID("5ac8a8a5-43a2-5a92-9f3b-5c1b8f0a7d11")
_FIELDS = {
    "camera_id": {"type": "string", "description": "a camera GET /api/v1/cameras lists"},
    "captured_at": {
        "type": "string",
        "format": "date-time",
        "description": "the sensor's time, ISO 8601 with its zone",
    },
    "capture_id": {
        "type": "string",
        "format": "uuid",
        "description": "the same when the same capture is sent again; made of camera, time and "
        "picture when it is left out",
    },
    "retransmitted": {
        "type": "boolean",
        "description": "true when the sensor kept the capture and sends it late",
    },
}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image", "camera_id", "captured_at"],
                    "properties": {
                        "image": {
                            "type": "string",
                            "format": "binary",
                            "description": "JPEG, PNG or WebP",
                        },
                        **_FIELDS,
                    },
                }
            }
        },
    }
}


class Taken(BaseModel):
    """The capture is durable and will be read."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"capture_id": "0d6c2f6e-6a50-4b8e-8a53-0f4b8a3a8b11"}}
    )
    capture_id: UUID


@routes.post("", status_code=202, summary="Hand a capture over", openapi_extra=_FORM)
async def hand_over(request: Request, desk: Desk, pictures: Pictures, _officer: Officer) -> Taken:
    """Take a picture in to be read. Answered once picture and capture are durable.

    Sending a capture again with the same ``capture_id`` changes nothing.
    """
    upload, fields = await read_form(request, "image", _FIELDS)
    now = datetime.now(UTC)
    captured_at = _captured_at(_required(fields, "captured_at"), now)
    camera_id = _required(fields, "camera_id")
    given_id = _given_id(fields)
    retransmitted = _claim(fields, "retransmitted")
    camera = await desk.cameras.camera(_printable(camera_id, "camera_id"))
    _refuse_unkept(desk, camera_id)
    await _check(upload, pictures, desk.limits.upload_bytes)
    image = await desk.images.put(upload.content)
    capture_id = given_id or uuid5(_NAMESPACE, f"{camera_id}|{captured_at.isoformat()}|{image}")
    await desk.intake.hand_over(
        Capture(
            capture_id=capture_id,
            camera_id=camera.camera_id,
            captured_at=captured_at,
            received_at=now,
            image=image,
            retransmitted=retransmitted,
        )
    )
    return Taken(capture_id=capture_id)


def _refuse_unkept(desk: Services, camera_id: str) -> None:
    """What is handed over here is on disk until it is read."""
    if desk.forgotten is not None and desk.forgotten.policies.forgets_at_once(camera_id):
        raise ProblemError(
            409,
            "only hits of this camera may be kept, but captures are stored before they are read",
            place="camera_id",
            mend="let the camera push what it read, or take it out of its match_and_forget group",
        )


async def _check(upload: Upload, pictures: PictureCheck, most_bytes: int) -> None:
    place = f"file {upload.name}" if upload.name else "image"
    if len(upload.content) > most_bytes:
        raise ProblemError(
            413,
            f"the picture is larger than {most_bytes / 1_000_000:g} MB",
            place=place,
            mend="send a smaller picture; the limit is the setting upload_bytes",
        )
    try:
        await pictures.picture(upload.content)
    except RefusedPictureError as refused:
        status = 415 if isinstance(refused, WrongTypeError) else 422
        raise ProblemError(
            status, f"the picture {refused}", place=place, mend=refused.mend
        ) from refused


def _required(fields: dict[str, str], name: str) -> str:
    if not fields.get(name):
        raise ProblemError(422, f"{name} is missing", place=name, mend=f"add the field {name}")
    return fields[name]


def _printable(text: str, name: str) -> str:
    if not text.isprintable():
        raise ProblemError(
            422, f"{name} holds a control character", place=name, mend="send plain text"
        )
    return text


def _given_id(fields: dict[str, str]) -> UUID | None:
    if "capture_id" not in fields:
        return None
    try:
        return UUID(fields["capture_id"])
    except ValueError as error:
        raise ProblemError(
            422, "capture_id is not a UUID", place="capture_id", mend="send a UUID or leave it out"
        ) from error


def _claim(fields: dict[str, str], name: str) -> bool:
    said = fields.get(name, "false").lower()
    if said not in ("true", "false"):
        raise ProblemError(
            422, f"{name} is neither true nor false", place=name, mend="send true or false"
        )
    return said == "true"


def _captured_at(text: str, now: datetime) -> datetime:
    place, mend = "captured_at", "send the time with its zone, such as 2026-03-01T08:30:00+01:00"
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(
            422, "captured_at is not an ISO 8601 time", place=place, mend=mend
        ) from error
    if at.tzinfo is None:
        raise ProblemError(422, "captured_at has no time zone", place=place, mend=mend)
    if at > now + AHEAD or at.year < OLDEST_YEAR:
        raise ProblemError(
            422,
            f"captured_at {at.isoformat()} cannot be: it is {now:%Y-%m-%d %H:%M:%S} UTC here",
            place=place,
            mend="set the camera's clock",
        )
    return at.astimezone(UTC)
