"""Axis License Plate Verifier (FF Group protocol 1.6): JSON, or multipart of ``event`` and images.

A passage is told in states of one ``carID``: new, update ("updated" in the manual), lost. Each may
carry another text; the last is the final one. Numbers are text.
"""

from collections.abc import Mapping
from datetime import datetime

from morina.sense.cameras.reports import (
    Box,
    Heartbeat,
    ImageKind,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.boxes import sized
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import sent
from morina.sense.cameras.wire.multipart import Part, is_multipart, parts_of
from morina.sense.cameras.wire.safe_json import JsonObject, list_at, number_at, object_of, string_at
from morina.sense.cameras.wire.texts import small
from morina.sense.cameras.wire.times import epoch, instant_of

SCALE = 1.0
TEXTS = ("plateUnicode", "plateText", "plateUTF8", "plateASCII")
STATES = {"new": "new", "update": "update", "updated": "update", "lost": "lost"}
KINDS: Mapping[str, ImageKind] = {"plate": "patch", "mmrcrop": "vehicle", "vehicle": "vehicle"}
KEYS = {"serial": "camera_info.SerialNumber", "mac": "camera_info.MACAddress"} | {
    "sensor": "sensorProviderID"
}


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """One state of a passage; JSON without a ``carState`` and a plate is a heartbeat."""
    if not is_multipart(payload):
        return [_event(object_of(payload), (), setup)]
    parts = parts_of(payload, headers)
    told = [part for part in parts if _is_event(part)]
    if len(told) != 1:
        raise PayloadError(f"{len(told)} JSON parts in the body where one named event is needed")
    event = object_of(told[0].content)
    kind = KINDS.get(string_at(event, "imageType") or "", "overview")
    pictures = [part for part in parts if part is not told[0]]
    images = [one for part in pictures for one in sent(kind, part.name or "image", part.content)]
    return [_event(event, tuple(images), setup)]


def _is_event(part: Part) -> bool:
    return part.name == "event" or part.media_type == "application/json"


def _event(event: JsonObject, images: tuple[SentImage, ...], setup: Setup) -> Report | Heartbeat:
    found = {name: string_at(event, path) for name, path in KEYS.items()}
    key = {name: value for name, value in found.items() if value}
    said = string_at(event, "carState")
    if said is None and not any(name in event for name in TEXTS):
        return Heartbeat(camera_key=key, what="no passage")
    doubts = Doubts()
    spelling = next((name for name in TEXTS if name in event), "plateText")
    raw = string_at(event, spelling) or ""
    state = STATES.get((said or "").casefold())
    if state is None:
        doubts.append(f"carState {said!r} is none of new, update and lost")
    car = string_at(event, "carID")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=_captured_at(event, setup, doubts),
        confidence=doubts.confidence(event.get("plateConfidence"), setup, SCALE),
        country=country_of(event.get("plateCountry")),
        direction=_direction(doubts.unless(string_at, event, "carMoveDirection")),
        plate_box=_box(event, doubts),
        source_id=_source_id(event, car),
        track_key=car,
        event=state,
        camera_key=key,
        images=images,
        doubts=tuple(doubts),
    )


def _captured_at(event: JsonObject, setup: Setup, doubts: Doubts) -> datetime | None:
    millis = string_at(event, "capture_timestamp")
    if millis:
        return epoch(millis, "ms")
    nanos = string_at(event, "capture_ts")
    if nanos:
        return epoch(nanos, "ns")
    local = string_at(event, "datetime")
    return instant_of(local, setup.timezone, ("%Y%m%d %H%M%S%f",), doubts) if local else None


def _direction(said: str | None) -> str | None:
    word = small(said)
    return None if word == "unk" else word


def _box(event: JsonObject, doubts: Doubts) -> Box | None:
    sides = doubts.unless(list_at, event, "plateCoordinates") or []
    if len(sides) != 4:
        return None
    return sized([doubts.unless(number_at, {"side": side}, "side") for side in sides])


def _source_id(event: JsonObject, car: str | None) -> str | None:
    state = string_at(event, "carState")
    at = string_at(event, "capture_timestamp") or string_at(event, "capture_ts")
    count = string_at(event, "packetCounter")
    serial = string_at(event, "camera_info.SerialNumber") or string_at(event, "sensorProviderID")
    return "-".join((serial or "", car, state or "", count or "", at)) if car and at else None


MAKER = Maker(
    name="axis",
    title="Axis License Plate Verifier",
    decode=decode,
    verified="invented payloads with the keys of a published event and the protocol's page",
)
