"""Frigate: what it publishes over MQTT about licence plates.

Fields after docs.frigate.video (MQTT; licence plate recognition). ``name`` and ``sub_label`` hold
what the household calls a known plate; they are not taken. Speeds are not taken: their unit is a
setting of Frigate that the messages do not tell.
"""

from collections.abc import Mapping, Sequence

from morina.sense.cameras.reports import Box, Heartbeat, Maker, PayloadError, Report, Setup
from morina.sense.cameras.wire.boxes import cornered
from morina.sense.cameras.wire.classes import FRIGATE, class_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_json import (
    JsonObject,
    object_at,
    object_of,
    objects_at,
    string_at,
    value_at,
)
from morina.sense.cameras.wire.texts import clean
from morina.sense.cameras.wire.times import epoch

FARTHEST = 1e6
STATES: Mapping[str, str] = {"new": "new", "update": "update", "end": "lost"}
"""Frigate's word for what happened to a tracked object, and ours."""


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """A report where the message tells of a plate; ``headers["topic"]`` says which one it is."""
    steps = headers.get("topic", "").split("/")
    if steps[-1] == "available":
        return [Heartbeat(what="online")] if payload.strip() == b"online" else []
    if steps[-1] == "snapshot" and len(steps) > 2:
        return [Heartbeat(camera_key=_camera(clean(steps[-3])), what="snapshot")]
    said = object_of(payload)
    if "after" in said:
        return [_event(said, setup)]
    if string_at(said, "type") == "lpr":
        return [_update(said, setup)]
    if "type" in said and "id" in said:
        return [Heartbeat(camera_key=_camera(string_at(said, "camera")), what="other update")]
    if steps[-1] == "stats":
        return [Heartbeat(what="stats")]
    raise PayloadError(
        "neither an event nor an update of a tracked object; subscribe to frigate/events and "
        "frigate/tracked_object_update"
    )


def _update(said: JsonObject, setup: Setup) -> Report:
    doubts = Doubts()
    raw, at = string_at(said, "plate") or "", string_at(said, "timestamp")
    key = string_at(said, "id")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=epoch(at, "s") if at else None,
        confidence=doubts.confidence(value_at(said, "score"), setup, 1.0),
        plate_box=_box(value_at(said, "plate_box")),
        source_id=f"{key}:lpr:{at}" if key and at else None,
        track_key=key,
        event="update",
        camera_key=_camera(string_at(said, "camera")),
        doubts=tuple(doubts),
    )


def _event(said: JsonObject, setup: Setup) -> Report | Heartbeat:
    """An event with a plate; one of a person, or of a car whose plate is not read yet, says no
    more than that the camera works."""
    after = object_at(said, "after") or {}
    camera = _camera(string_at(after, "camera"))
    raw, score = _recognised(after)
    if not raw or value_at(after, "false_positive") is True:
        return Heartbeat(camera_key=camera, what="event without a plate")
    doubts = Doubts()
    key, at = string_at(after, "id"), string_at(after, "frame_time")
    kind = string_at(said, "type") or ""
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=epoch(at, "s") if at else None,
        confidence=doubts.confidence(score, setup, 1.0),
        vehicle_class=class_of(doubts.unless(string_at, after, "label"), FRIGATE),
        plate_box=doubts.unless(_attribute_box, after),
        source_id=f"{key}:{kind}:{at}" if key and at else None,
        track_key=key,
        event=STATES.get(kind),
        camera_key=camera,
        doubts=tuple(doubts),
    )


def _recognised(after: JsonObject) -> tuple[str | None, object]:
    """Text and score; the two may also come as one pair."""
    if isinstance(value_at(after, "recognized_license_plate"), list):
        pair = "recognized_license_plate"
        return string_at(after, f"{pair}.0"), value_at(after, f"{pair}.1")
    text = string_at(after, "recognized_license_plate")
    return text, value_at(after, "recognized_license_plate_score")


def _attribute_box(after: JsonObject) -> Box | None:
    for attribute in objects_at(after, "current_attributes"):
        if string_at(attribute, "label") == "license_plate":
            return _box(value_at(attribute, "box"))
    return None


def _box(said: object) -> Box | None:
    """Left, top, right, bottom; None for anything else."""
    corners: Sequence[object] = said if isinstance(said, list) else ()
    return cornered([c for c in corners if isinstance(c, int | float) and abs(c) < FARTHEST])


def _camera(name: str | None) -> dict[str, str]:
    return {"camera": name} if name else {}


MAKER = Maker(
    name="frigate",
    title="Frigate",
    decode=decode,
    verified="maker's documentation; samples written from it",
)
