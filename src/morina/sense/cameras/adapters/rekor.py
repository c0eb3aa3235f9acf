"""Rekor Scout and OpenALPR: the JSON an agent or its web server posts.

Fields after docs.rekor.ai (JSON plate, group and heartbeat results) and the receivers people wrote
for it. One passage is an ``alpr_group``; an ``alpr_alert`` carries one, with the web server's own
list verdict, which is not taken.
"""

from collections.abc import Mapping
from dataclasses import replace

from morina.sense.cameras.reports import (
    Box,
    Heartbeat,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.boxes import cornered
from morina.sense.cameras.wire.classes import REKOR, class_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import base64_of, sent
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
from morina.sense.cameras.wire.times import epoch

SCALE = 100.0
MOST_CANDIDATES = 32
LONGEST_BASE64 = 24 * 2**20
KINDS = "alpr_group, alpr_alert, alpr_results, vehicle or heartbeat"


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One report a group, alert or vehicle, one for each plate of a single result."""
    said = object_of(payload)
    kind = string_at(said, "data_type")
    if kind in ("alpr_group", "vehicle"):
        return [_group(said, said, setup)]
    if kind == "alpr_alert":
        group = object_at(said, "group")
        if group is None:
            raise PayloadError("alpr_alert without its group; let the server post full groups")
        return [_group(group, said, setup)]
    if kind == "alpr_results":
        return _results(said, setup)
    if kind == "heartbeat":
        return _heartbeats(said)
    if kind is None and "openalpr_webhook" in said:
        return [Heartbeat(what="webhook test")]
    raise PayloadError(f"data_type is {kind or 'missing'} where {KINDS} is needed")


def _group(group: JsonObject, outer: JsonObject, setup: Setup) -> Report:
    """``outer`` names the agent and camera where ``group`` does not. A preview comes again with
    the same first uuid, and then for good; each must be taken, so each has its own source_id."""
    doubts = Doubts()
    best = object_at(group, "best_plate") or {}
    uuid, start = string_at(group, "best_uuid"), string_at(group, "epoch_start")
    if uuid is None and start is None:
        raise PayloadError("a group with neither epoch_start nor best_uuid is no passage")
    provisional = value_at(group, "is_preview") is True
    state = f":preview:{string_at(group, 'epoch_end') or start}" if provisional else ""
    report = _plate(best, string_at(group, "country"), setup, doubts)
    make, model, colour = _vehicle(group, doubts)
    raw = string_at(group, "best_plate_number") or report.plate_raw
    return replace(
        report,
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=epoch(start, "ms") if start else None,
        candidates=doubts.unless(_candidates, group) or report.candidates,
        direction_deg=doubts.unless(number_at, group, "travel_direction"),
        make=make,
        model=model,
        colour=colour,
        vehicle_class=class_of(doubts.unless(_likeliest, group, "vehicle.body_type"), REKOR),
        source_id=f"{uuid}{state}" if uuid else None,
        track_key=doubts.unless(string_at, group, "uuids.0") or uuid,
        provisional=provisional,
        camera_key=_camera(outer) | _camera(group),
        images=_image(group, "vehicle_crop_jpeg", doubts) + report.images,
        doubts=tuple(doubts),
    )


def _results(said: JsonObject, setup: Setup) -> list[Report | Heartbeat]:
    results = objects_at(said, "results")
    if not results:
        return [Heartbeat(camera_key=_camera(said), what="a picture without plates")]
    uuid, at = string_at(said, "uuid"), string_at(said, "epoch_time")
    reports: list[Report | Heartbeat] = []
    for number, result in enumerate(results):
        doubts = Doubts()
        report = _plate(result, string_at(said, "country"), setup, doubts)
        report = replace(
            report,
            text=doubts.plate(report.plate_raw),
            captured_at=epoch(at, "ms") if at else None,
            source_id=f"{uuid}:{number}" if uuid else None,
            camera_key=_camera(said),
            doubts=tuple(doubts),
        )
        reports.append(report)
    return reports


def _plate(best: JsonObject, engine: str | None, setup: Setup, doubts: Doubts) -> Report:
    """What is said of one plate; text and what is not of the plate are left to the caller."""
    region = doubts.unless(string_at, best, "region") or ""
    return Report(
        plate_raw=string_at(best, "plate") or "",
        text=None,
        confidence=doubts.confidence(value_at(best, "confidence"), setup, SCALE),
        country=_country(region, engine or ""),
        country_confidence=doubts.confidence(value_at(best, "region_confidence"), setup, SCALE)
        if region
        else None,
        candidates=doubts.unless(_candidates, best) or (),
        plate_box=doubts.unless(_box, best),
        images=_image(best, "plate_crop_jpeg", doubts),
    )


def _country(region: str, engine: str) -> str | None:
    """``eu-gb`` names a country, ``us-ca`` a state; a bare ``wa`` is a state where the engine is
    not the European one. A region not read leaves the country open."""
    group, dash, part = region.partition("-")
    if dash:
        return country_of(part if group.lower() == "eu" else group)
    return country_of((region if engine.lower() == "eu" else engine) if region else None)


def _candidates(plate: JsonObject) -> tuple[str, ...]:
    texts = (
        plate_text(string_at(one, "plate") or "")
        for one in objects_at(plate, "candidates")[:MOST_CANDIDATES]
    )
    return tuple(dict.fromkeys(text for text in texts if text))


def _box(best: JsonObject) -> Box | None:
    corners = objects_at(best, "coordinates")
    across = [x for corner in corners if (x := number_at(corner, "x")) is not None]
    down = [y for corner in corners if (y := number_at(corner, "y")) is not None]
    if not across or not down:
        return None
    return cornered((min(across), min(down), max(across), max(down)))


def _vehicle(group: JsonObject, doubts: Doubts) -> tuple[str | None, str | None, str | None]:
    """Make, model and colour; the model's name comes with that of the make."""
    vehicle = doubts.unless(object_at, group, "vehicle") or {}
    make = doubts.unless(_likeliest, vehicle, "make")
    model = doubts.unless(_likeliest, vehicle, "make_model")
    model = model.removeprefix(f"{make}_") if model else None
    return make, model, doubts.unless(_likeliest, vehicle, "color")


def _likeliest(vehicle: JsonObject, path: str) -> str | None:
    named = objects_at(vehicle, path)
    best = max(named, key=lambda one: number_at(one, "confidence") or 0.0, default=None)
    return string_at(best, "name") if best else None


def _image(holder: JsonObject, key: str, doubts: Doubts) -> tuple[SentImage, ...]:
    text = doubts.unless(string_at, holder, key, LONGEST_BASE64)
    content = doubts.unless(base64_of, text) if text else None
    return sent("patch" if key == "plate_crop_jpeg" else "vehicle", f"{key}.jpg", content)


def _camera(said: JsonObject) -> dict[str, str]:
    key = {"agent_uid": string_at(said, "agent_uid")}
    key["camera_id"] = string_at(said, "camera_id") or string_at(said, "camera_number")
    return {name: value for name, value in key.items() if value}


def _heartbeats(said: JsonObject) -> list[Report | Heartbeat]:
    """One for each camera whose stream runs; the agent's own where it names none."""
    streams = [
        Heartbeat(camera_key=_camera(said) | _camera(stream))
        for stream in objects_at(said, "video_streams")
        if value_at(stream, "is_streaming") is not False
    ]
    return list(streams) or [Heartbeat(camera_key=_camera(said))]


MAKER = Maker(
    name="rekor",
    title="Rekor Scout / OpenALPR",
    decode=decode,
    verified="maker's documentation; sample written from it",
)
