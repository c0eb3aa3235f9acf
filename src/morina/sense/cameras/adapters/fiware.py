"""FIWARE: the AnprFlowObserved entity of Smart Data Models, alone or in a broker's notification.

NGSI-v2 and NGSI-LD, as key-values or normalized (both shapes of the model's own examples). Speed
is not taken: the model gives it no unit. Pictures are addresses and are not fetched.
"""

from collections.abc import Mapping

from morina.sense.cameras.reports import Heartbeat, Maker, PayloadError, Report, Setup
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_json import (
    JsonObject,
    json_of,
    object_at,
    objects_at,
    string_at,
    value_at,
)
from morina.sense.cameras.wire.times import instant_of

ENTITY = "AnprFlowObserved"
VALUES = ("value", "@value", "object")
"""Where a normalized attribute keeps what it says."""


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One report for each entity."""
    said = json_of(payload)
    entities = objects_at({"data": said} if isinstance(said, list) else _data(said), "data")
    reports: list[Report | Heartbeat] = [
        _report(entity, setup) for entity in map(_plain_object, entities) if _is_ours(entity)
    ]
    if entities and not reports:
        raise PayloadError(f"no entity of type {ENTITY}; subscribe to that type")
    return reports or [Heartbeat(what="notification without entities")]


def _data(said: object) -> JsonObject:
    """The entities of a notification, or the one that came alone."""
    if not isinstance(said, dict):
        raise PayloadError(f"neither an entity nor a notification: subscribe to {ENTITY}")
    return said if "data" in said else {"data": [said]}


def _is_ours(entity: JsonObject) -> bool:
    return (string_at(entity, "type") or "").rpartition("/")[2] == ENTITY


def _report(entity: JsonObject, setup: Setup) -> Report:
    doubts = Doubts()
    vehicle = object_at(entity, "observedVehicle") or {}
    raw = _named(vehicle, "licensePlate", "identifier") or ""
    read = value_at(entity, "vehiclePlateNotRead") is not True
    at = string_at(entity, "dateObserved")
    camera = string_at(entity, "observedBy")
    colour = doubts.unless(_named, vehicle, "color", "name")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw) if read else None,
        captured_at=instant_of(at, setup.timezone, doubts=doubts) if at else None,
        confidence=doubts.confidence(_confidence(vehicle, "licensePlate"), setup, 1.0),
        country=country_of(doubts.unless(_named, vehicle, "country", "code")),
        country_confidence=doubts.confidence(_confidence(vehicle, "country"), setup, 1.0),
        direction=doubts.unless(string_at, vehicle, "direction"),
        lane=doubts.unless(string_at, entity, "laneId"),
        make=doubts.unless(_named, vehicle, "brand", "name"),
        model=doubts.unless(_named, vehicle, "model", "name"),
        colour=colour.lower() if colour else None,
        source_id=string_at(entity, "id"),
        camera_key={"observed_by": camera} if camera else {},
        doubts=tuple(doubts),
    )


def _named(vehicle: JsonObject, key: str, name: str) -> str | None:
    """``key`` is the text itself, or an object with the text under ``name``."""
    inside = isinstance(value_at(vehicle, key), dict)
    return string_at(vehicle, f"{key}.{name}" if inside else key)


def _confidence(vehicle: JsonObject, key: str) -> object:
    said = value_at(vehicle, key)
    return said.get("confidence") if isinstance(said, dict) else None


def _plain_object(entity: JsonObject) -> JsonObject:
    return {key: _plain(value) for key, value in entity.items()}


def _plain(value: object) -> object:
    """A normalized attribute's value; all else as it is. JSON is of a bounded depth already."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "type" in value or "@type" in value:
        for key in VALUES:
            if key in value:
                return _plain(value[key])
    return _plain_object(value)


MAKER = Maker(
    name="fiware",
    title="FIWARE AnprFlowObserved",
    decode=decode,
    verified="the published data model and its four examples",
)
