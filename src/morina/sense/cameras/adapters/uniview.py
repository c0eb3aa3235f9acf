"""Uniview: structured events a camera posts to its subscriber (LAPI).

``POST /LAPI/V1.0/System/Event/Notification/Structure``; fields after receivers people wrote for
it. Colours and types of vehicle are numbers of the maker's own tables, which are not taken.
``TimeStamp`` counts seconds since 1970; another firmware writes ``PassTime`` by its local clock.
"""

from collections.abc import Mapping
from datetime import datetime

from morina.sense.cameras.reports import (
    Heartbeat,
    ImageKind,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import base64_of, sent
from morina.sense.cameras.wire.safe_json import (
    JsonObject,
    object_at,
    object_of,
    objects_at,
    string_at,
    value_at,
)
from morina.sense.cameras.wire.times import epoch, instant_of

SCALE = 100.0
LONGEST_BASE64 = 24 * 2**20
CLOCKS_APART_S = 60.0
IMAGES: Mapping[str, ImageKind] = {
    "LargePicAttachIndex": "overview",
    "SmallPicAttachIndex": "vehicle",
    "PlatePicAttachIndex": "patch",
}


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One report for each vehicle of the event."""
    said = object_of(payload)
    structure = object_at(said, "StructureInfo")
    camera = _camera(said)
    if structure is None:
        if not camera:
            raise PayloadError("neither StructureInfo nor DeviceID: not an event of Uniview's LAPI")
        return [Heartbeat(camera_key=camera, what="other event")]
    vehicles = objects_at(structure, "ObjInfo.VehicleInfoList")
    if not vehicles:
        return [Heartbeat(camera_key=camera, what="event without vehicles")]
    doubts = Doubts()
    pictures = _pictures(structure, doubts)
    return [_report(said, vehicle, pictures, setup, doubts) for vehicle in vehicles]


def _report(
    said: JsonObject,
    vehicle: JsonObject,
    pictures: Mapping[str, bytes],
    setup: Setup,
    shared: Doubts,
) -> Report:
    doubts = Doubts(shared)
    plate = object_at(vehicle, "PlateAttributeInfo") or {}
    raw = string_at(plate, "PlateNo") or ""
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=_at(said, vehicle, setup, doubts),
        confidence=doubts.confidence(value_at(plate, "Confidence"), setup, SCALE),
        source_id=_source_id(said, vehicle),
        camera_key=_camera(said),
        images=_images(vehicle, pictures, doubts),
        doubts=tuple(doubts),
    )


def _at(said: JsonObject, vehicle: JsonObject, setup: Setup, doubts: Doubts) -> datetime | None:
    """``TimeStamp``; without one the local clock's ``PassTime`` or ``AppearTime``."""
    stamp = string_at(said, "TimeStamp")
    local = string_at(vehicle, "PassTime") or string_at(vehicle, "AppearTime")
    if stamp is None or stamp == "0":
        return _local(local, setup, doubts) if local else None
    at = epoch(stamp, "s")
    if local and setup.timezone is not None:
        other = doubts.unless(_local, local, setup, doubts)
        if other and abs((other - at).total_seconds()) > CLOCKS_APART_S:
            doubts.append(
                "the camera's TimeStamp and its local time disagree; check its time zone, and the "
                "one set for it here"
            )
    return at


def _local(text: str, setup: Setup, doubts: Doubts) -> datetime:
    """yyyyMMddHHmmssSSS. ``strptime`` wants a sign between seconds and their fraction."""
    written = f"{text[:14]}.{text[14:]}" if len(text) > 14 else text
    formats = ("%Y%m%d%H%M%S.%f", "%Y%m%d%H%M%S")
    return instant_of(written, setup.timezone, formats, doubts)


def _source_id(said: JsonObject, vehicle: JsonObject) -> str | None:
    parts = [string_at(said, key) for key in ("DeviceID", "TimeStamp", "Seq")]
    parts += [string_at(vehicle, "PassTime"), string_at(vehicle, "ID")]
    told = [part for part in parts if part]
    return ":".join(told) if parts[0] and len(told) > 2 else None


def _camera(said: JsonObject) -> dict[str, str]:
    key = {"device_id": string_at(said, "DeviceID"), "src_name": string_at(said, "SrcName")}
    return {name: value for name, value in key.items() if value}


def _pictures(structure: JsonObject, doubts: Doubts) -> dict[str, bytes]:
    """The pictures all vehicles of an event share, by their index."""
    found = {}
    for one in doubts.unless(objects_at, structure, "ImageInfoList") or []:
        index = doubts.unless(string_at, one, "Index")
        text = doubts.unless(string_at, one, "Data", LONGEST_BASE64)
        content = doubts.unless(base64_of, text) if text else None
        if index and content:
            found[index] = content
    return found


def _images(
    vehicle: JsonObject, pictures: Mapping[str, bytes], doubts: Doubts
) -> tuple[SentImage, ...]:
    """Those of this vehicle, which names the index of each."""
    found: tuple[SentImage, ...] = ()
    for key, kind in IMAGES.items():
        index = doubts.unless(string_at, vehicle, key) or ""
        found += sent(kind, f"image{index[:8]}.jpg", pictures.get(index))
    return found


MAKER = Maker(
    name="uniview",
    title="Uniview",
    decode=decode,
    verified="receivers' code; sample written from it",
)
