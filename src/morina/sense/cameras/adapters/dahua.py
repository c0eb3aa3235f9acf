"""Dahua: ITSAPI notifications over HTTP, and the event stream of its RPC.

ITSAPI posts JSON to ``/NotificationInfo/TollgateInfo``, ``KeepAlive`` and ``DeviceInfo``, and sends
the same passage again until it hears ``Result: true``. In the RPC's ``TrafficJunction`` the field
``UTC`` is seconds of the local clock; ``RealUTC`` is the truth. Confidences are 0 to 255. Boxes
are on a grid whose size is not documented to us and left out; ``AllowUser`` and ``BlockUser`` are
the camera's own lists and not looked at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from morina.sense.cameras.reports import (
    Heartbeat,
    ImageKind,
    Maker,
    PayloadError,
    Reply,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.classes import DAHUA, class_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_json import (
    JsonObject,
    list_at,
    number_at,
    object_at,
    object_of,
    objects_at,
    string_at,
    value_at,
)
from morina.sense.cameras.wire.texts import small, word_of
from morina.sense.cameras.wire.times import epoch, instant_of

SCALE = 255.0
DIRECTIONS = {"obverse": "approach", "reverse": "away"}
PICTURES: tuple[tuple[str, ImageKind], ...] = (
    ("NormalPic", "overview"),
    ("CutoutPic", "patch"),
    ("VehiclePic", "vehicle"),
)
FASTEST_KMH = 500.0


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """One notification of ITSAPI, or the events of one RPC message."""
    message = object_of(payload)
    if object_at(message, "Picture") is not None:
        return [_tollgate(message, setup)]
    if object_at(message, "params") is not None:
        return [_event(event, setup) for event in objects_at(message, "params.eventList")]
    if "Code" in message:
        return [_event(message, setup)]
    device = string_at(message, "DeviceID")
    if "Active" in message or device:
        what = "heartbeat" if "Active" in message else _what(headers)
        return [Heartbeat(camera_key={"device_id": device} if device else {}, what=what)]
    raise PayloadError("JSON without Picture, params.eventList, Active or DeviceID; is it ITSAPI?")


def _what(headers: Mapping[str, str]) -> str:
    return "device info" if headers.get("path", "").endswith("DeviceInfo") else "notification"


def _tollgate(message: JsonObject, setup: Setup) -> Report:
    doubts = Doubts()
    raw = string_at(message, "Picture.Plate.PlateNumber") or ""
    text = doubts.plate(raw)
    if text is not None and value_at(message, "Picture.Plate.IsExist") is False:
        doubts.append("the camera says there is no plate; its text is taken as unread")
        text = None
    snap = object_at(message, "Picture.SnapInfo") or {}
    device = string_at(snap, "DeviceID")
    at = string_at(snap, "AccurateTime") or string_at(snap, "SnapTime")
    lanes = (doubts.unless(string_at, snap, name) for name in ("LanNo", "LaneNo", "Lane"))
    lane = next((lane for lane in lanes if lane), None)
    vehicle = object_at(message, "Picture.Vehicle") or {}
    return Report(
        plate_raw=raw,
        text=text,
        captured_at=instant_of(at, setup.timezone, doubts=doubts) if at else None,
        confidence=doubts.confidence(value_at(message, "Picture.Plate.Confidence"), setup, SCALE),
        country=country_of(value_at(message, "Picture.Plate.Region")),
        direction=_direction(doubts.unless(string_at, snap, "Direction")),
        lane=lane,
        make=word_of(doubts.unless(string_at, vehicle, "VehicleSign")),
        model=word_of(doubts.unless(string_at, vehicle, "VehicleSeries")),
        colour=small(doubts.unless(string_at, vehicle, "VehicleColor")),
        vehicle_class=class_of(doubts.unless(string_at, vehicle, "VehicleType"), DAHUA),
        source_id="-".join((device, at, lane or "", raw)) if device and at else None,
        camera_key={"device_id": device} if device else {},
        images=_images(message, doubts),
        doubts=tuple(doubts),
    )


def _images(message: JsonObject, doubts: Doubts) -> tuple[SentImage, ...]:
    found: tuple[SentImage, ...] = ()
    for part, kind in PICTURES:
        picture = doubts.unless(object_at, message, f"Picture.{part}") or {}
        name = doubts.unless(string_at, picture, "PicName") or f"{part}.jpg"
        found += doubts.image(kind, name, picture.get("Content"))
    return found


def _direction(said: str | None) -> str | None:
    word = small(said)
    return DIRECTIONS.get(word, word) if word else None


def _event(event: JsonObject, setup: Setup) -> Report | Heartbeat:
    car = object_at(event, "Data.TrafficCar") or {}
    machine = string_at(car, "MachineName")
    key = {"machine_name": machine} if machine else {}
    if string_at(event, "Code") != "TrafficJunction":
        return Heartbeat(camera_key=key, what=string_at(event, "Code") or "event")
    data = object_at(event, "Data")
    if data is None:
        raise PayloadError("a TrafficJunction without Data; check the camera's firmware")
    doubts = Doubts()
    raw = string_at(car, "PlateNumber") or _read_on_plate(data) or ""
    lane = doubts.unless(string_at, car, "Lane") or doubts.unless(string_at, data, "Lane")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=_rpc_time(data, setup, doubts),
        confidence=doubts.confidence(value_at(data, "Object.Confidence"), setup, SCALE),
        country=country_of(car.get("Country")) or country_of(value_at(data, "CommInfo.Country")),
        direction=_driving(car, data, doubts),
        lane=lane,
        speed_kmh=_speed(data, doubts),
        make=word_of(doubts.unless(string_at, car, "VehicleSign")),
        colour=small(doubts.unless(string_at, car, "VehicleColor")),
        source_id=_rpc_id(data, machine),
        camera_key=key,
        doubts=tuple(doubts),
    )


def _read_on_plate(data: JsonObject) -> str | None:
    is_plate = string_at(data, "Object.ObjectType") == "Plate"
    return string_at(data, "Object.Text") if is_plate else None


def _rpc_time(data: JsonObject, setup: Setup, doubts: Doubts) -> datetime | None:
    """``RealUTC``, else the local time with the camera's zone; never ``UTC`` as if it were UTC."""
    millis = doubts.unless(number_at, data, "UTCMS") or 0.0
    fraction = timedelta(milliseconds=millis if 0 <= millis < 1000 else 0)
    real = number_at(data, "RealUTC")
    if real is not None:
        return epoch(int(real), "s") + fraction
    local = string_at(data, "LocaleTime")
    counted = number_at(data, "UTC")
    if local is None and counted is not None:
        local = epoch(int(counted), "s").replace(tzinfo=None).isoformat(" ")
        doubts.append("RealUTC is missing; UTC is taken as seconds of the local clock")
    if local is None:
        return None
    return instant_of(local, setup.timezone, doubts=doubts) + fraction


def _driving(car: JsonObject, data: JsonObject, doubts: Doubts) -> str | None:
    words = doubts.unless(list_at, car, "DrivingDirection") or []
    if words and isinstance(words[0], str) and words[0]:
        return _direction(words[0][:64])
    return _direction(doubts.unless(string_at, data, "JunctionDirection"))


def _speed(data: JsonObject, doubts: Doubts) -> float | None:
    speed = doubts.unless(number_at, data, "Speed")
    return speed if speed is not None and 0 < speed <= FASTEST_KMH else None


def _rpc_id(data: JsonObject, machine: str | None) -> str | None:
    told = [string_at(data, name) for name in ("EventID", "GroupID", "RealUTC")]
    return "-".join([machine or "", *(one or "" for one in told)]) if told[0] and told[2] else None


MAKER = Maker(
    name="dahua",
    title="Dahua (ITSAPI, RPC)",
    decode=decode,
    reply=Reply(content=b'{"Result": true, "Message": "Success"}', media_type="application/json"),
    verified="invented payloads with the keys of published samples of both ways",
)
