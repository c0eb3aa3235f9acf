"""Plate Recognizer Stream: its webhook, as a form, as multipart with the picture, or bare JSON.

Fields after guides.platerecognizer.com (Stream: webhooks and outputs) and the maker's own test
receiver. ``direction`` is an angle in the picture, not of the compass. ``source_url`` is the
camera's address and may hold its password: it is used only where no camera is named, without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from morina.sense.cameras.reports import (
    Heartbeat,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.boxes import cornered
from morina.sense.cameras.wire.classes import PLATE_RECOGNIZER, class_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import sent
from morina.sense.cameras.wire.multipart import is_multipart, parts_of
from morina.sense.cameras.wire.safe_json import (
    JsonObject,
    number_at,
    object_at,
    object_of,
    objects_at,
    string_at,
    value_at,
)
from morina.sense.cameras.wire.texts import plate_text
from morina.sense.cameras.wire.times import instant_of
from morina.sense.cameras.wire.urls import without_password

MOST_CANDIDATES = 32
BLANK = b"\0 \t\r\n\xef\xbb\xbf"
MOST_FIELDS = 16
SIDES = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True, slots=True)
class _Event:
    """What all vehicles of one webhook share."""

    camera: Mapping[str, str]
    at: datetime | None
    key: str | None
    images: tuple[SentImage, ...]


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """One report for each vehicle the webhook tells of."""
    said, images = _unwrapped(payload, headers)
    data = object_at(said, "data") or said
    camera = _camera(said, data)
    event = string_at(said, "hook.event")
    results = objects_at(data, "results")
    if not results:
        if event is None and "results" not in data:
            raise PayloadError("neither hook.event nor results: not a webhook of Stream")
        return [Heartbeat(camera_key=camera, what=event or "heartbeat")]
    at = _at(data, setup)
    key = string_at(data, "filename") or (at.isoformat() if at else None)
    shared = _Event(camera, at, key, images)
    return [_report(result, number, shared, setup) for number, result in enumerate(results)]


def _unwrapped(
    payload: bytes, headers: Mapping[str, str]
) -> tuple[JsonObject, tuple[SentImage, ...]]:
    """The JSON object, and the picture where one was sent."""
    bare = payload.lstrip(BLANK)[:1] == b"{"
    said_so = "multipart/" in headers.get("content-type", "").lower()
    if is_multipart(payload) or (said_so and not bare):
        parts = {part.name: part for part in reversed(parts_of(payload, headers))}
        if "json" not in parts:
            raise PayloadError("multipart without its part json; is this a webhook of Stream?")
        upload = parts.get("upload")
        images = sent("overview", upload.filename or "upload", upload.content) if upload else ()
        return object_of(parts["json"].content), images
    if bare:
        return object_of(payload), ()
    try:
        fields = parse_qs(payload.decode("ascii"), max_num_fields=MOST_FIELDS, strict_parsing=True)
    except ValueError as error:
        raise PayloadError(
            "neither a form, multipart nor JSON; set webhook_targets of Stream to this address"
        ) from error
    if "json" not in fields:
        raise PayloadError("a form without its field json; is this a webhook of Stream?")
    return object_of(fields["json"][0].encode("utf-8", "replace")), ()


def _camera(said: JsonObject, data: JsonObject) -> dict[str, str]:
    named = string_at(data, "camera_id") or string_at(said, "hook.id")
    if named:
        return {"camera_id": named}
    source = string_at(data, "results.0.source_url", 2048)
    return {"source_url": without_password(source)} if source else {}


def _at(data: JsonObject, setup: Setup) -> datetime | None:
    said = string_at(data, "timestamp") or string_at(data, "timestamp_local")
    return instant_of(said, setup.timezone) if said else None


def _report(result: JsonObject, number: int, event: _Event, setup: Setup) -> Report:
    doubts = Doubts()
    result = _flat(result)
    raw = string_at(result, "plate") or ""
    make, model, colour = _vehicle(result, doubts)
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=event.at,
        confidence=doubts.confidence(value_at(result, "score"), setup, 1.0),
        country=doubts.unless(_country, result),
        country_confidence=doubts.confidence(
            doubts.unless(value_at, result, "region.score"), setup, 1.0
        ),
        candidates=doubts.unless(_candidates, result) or (),
        direction_deg=doubts.unless(number_at, result, "direction"),
        make=make,
        model=model,
        colour=colour,
        vehicle_class=class_of(doubts.unless(string_at, result, "vehicle.type"), PLATE_RECOGNIZER),
        plate_box=cornered([doubts.unless(number_at, result, f"box.{side}") for side in SIDES]),
        source_id=f"{event.key}:{number}" if event.key else None,
        camera_key=event.camera,
        images=event.images,
        doubts=tuple(doubts),
    )


def _country(result: JsonObject) -> str | None:
    """``me``, or ``us-ca`` where a state is told as well."""
    return country_of((string_at(result, "region.code") or "").partition("-")[0])


def _candidates(result: JsonObject) -> tuple[str, ...]:
    said = (
        string_at(one, "plate") or "" for one in objects_at(result, "candidates")[:MOST_CANDIDATES]
    )
    texts = (plate_text(one) for one in said)
    return tuple(dict.fromkeys(text for text in texts if text))


def _vehicle(result: JsonObject, doubts: Doubts) -> tuple[str | None, str | None, str | None]:
    """Make, model and colour: the lists are sorted, the likeliest first."""
    return (
        doubts.unless(string_at, result, "model_make.0.make"),
        doubts.unless(string_at, result, "model_make.0.model"),
        doubts.unless(string_at, result, "color.0.color"),
    )


def _flat(result: JsonObject) -> JsonObject:
    """``result`` as older versions write it: newer ones nest plate and vehicle with ``props``, and
    have no plate where a vehicle was seen without one."""
    plate = value_at(result, "plate")
    vehicle = object_at(result, "vehicle") or {}
    if plate is not None and not isinstance(plate, dict):
        return result
    plate = plate or {}
    texts = objects_at(plate, "props.plate")
    best = texts[0] if texts else {}
    return dict(result) | {
        "plate": value_at(best, "value"),
        "score": value_at(best, "score"),
        "candidates": [{"plate": value_at(one, "value")} for one in texts],
        "region": {
            "code": value_at(plate, "props.region.0.value"),
            "score": value_at(plate, "props.region.0.score"),
        },
        "box": value_at(plate, "box"),
        "model_make": value_at(vehicle, "props.make_model"),
        "color": [{"color": value_at(vehicle, "props.color.0.value")}],
    }


MAKER = Maker(
    name="platerecognizer",
    title="Plate Recognizer Stream",
    decode=decode,
    verified="maker's documentation and test receiver; sample written from them",
)
