"""ONVIF: plate recognition events and metadata frames, as XML, and events as JSON over MQTT.

After the Analytics Service Specification (Recognition rules), metadatastream.xsd and, for JSON,
Profile M. Times are UTC by the standard, speeds in metres per second, a missing likelihood
counts as 1. Places of objects are -1 to 1 of a picture whose size is not told, so none is taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from morina.sense.cameras.reports import (
    Heartbeat,
    ImageKind,
    Maker,
    PayloadError,
    Report,
    SentImage,
    Setup,
)
from morina.sense.cameras.wire.classes import ONVIF, class_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import base64_of, sent
from morina.sense.cameras.wire.safe_json import JsonObject, object_at, object_of, string_at
from morina.sense.cameras.wire.safe_xml import attribute, text_at, tree_of
from morina.sense.cameras.wire.texts import LONGEST_FIELD, clean
from morina.sense.cameras.wire.times import instant_of

Said = Mapping[str, tuple[str, str | None]]
"""Text and likelihood by ``Name`` of a simple item, or ``parent/child`` of an element."""

TOPIC = "Recognition/LicensePlate"
PLATE = ("LicensePlateInfo/PlateNumber", "PlateNumber")
COUNTRY = ("LicensePlateInfo/CountryCode", "CountryCode")
SOURCES = ("VideoSource", "VideoSourceConfigurationToken", "VideoSourceToken", "Source")
PROPERTIES = ("Appearance/LicensePlateInfo", "Appearance/VehicleInfo", "Behaviour")
WRAPPERS = frozenset({"Envelope", "MetadataStream", "PullMessagesResponse", "Notify"})
BLANK = b"\0 \t\r\n\xef\xbb\xbf"
LONGEST_BASE64 = 24 * 2**20
FASTEST_M_S = 150.0
KMH = 3.6


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """One report for each plate event and each plate object in a frame."""
    if payload.lstrip(BLANK)[:1] == b"{":
        return [_mqtt(object_of(payload), headers.get("topic", ""), setup)]
    tree = tree_of(payload)
    found: list[Report | Heartbeat] = [
        _notification(one, setup) for one in tree.iter("NotificationMessage")
    ]
    for frame in tree.iter("Frame"):
        found.extend(_frame(frame, setup))
    if not found and tree.tag not in WRAPPERS:
        raise PayloadError(
            f"{tree.tag[:LONGEST_FIELD]} is neither an ONVIF notification nor a metadata stream"
        )
    return found or [Heartbeat(what="nothing to tell")]


def _notification(note: Element, setup: Setup) -> Report | Heartbeat:
    message = note.find("Message/Message")
    if message is None:
        raise PayloadError("a NotificationMessage without tt:Message")
    topic = text_at(note, "Topic") or ""
    source = _items(message.find("Source"))
    data = _items(message.find("Data"))
    operation = attribute(message, "PropertyOperation") or ""
    event = _event(topic, attribute(message, "UtcTime"), source, data, setup)
    if operation == "Deleted":
        return Heartbeat(camera_key=event.camera_key, what=f"{topic} ended")
    if isinstance(event, Report) and operation == "Initialized":
        return replace(event, retransmitted=True)  # the last state, told anew on subscription
    return event


def _mqtt(said: JsonObject, topic: str, setup: Setup) -> Report | Heartbeat:
    if "UtcTime" not in said and "Data" not in said:
        raise PayloadError("neither UtcTime nor Data: not an ONVIF event in JSON")
    source = dict(_flat(object_at(said, "Source") or {}, ""))
    data = dict(_flat(object_at(said, "Data") or {}, ""))
    return _event(clean(topic, "topic"), string_at(said, "UtcTime"), source, data, setup)


def _event(
    topic: str, at: str | None, source: Said, data: Said, setup: Setup
) -> Report | Heartbeat:
    camera = {"video_source": value} if (value := _text(source, *SOURCES)) else {}
    if TOPIC not in topic and _text(data, *PLATE) is None:
        return Heartbeat(camera_key=camera, what=topic.rpartition(":")[2] or "event")
    report = _report(data, at, setup)
    rule = _text(source, "Rule") or ""
    return replace(
        report,
        direction=_text(data, "Direction", "Data/Direction"),
        source_id=f"{at}:{rule}:{report.plate_raw}" if at else None,
        camera_key=camera,
    )


def _frame(frame: Element, setup: Setup) -> Iterator[Report | Heartbeat]:
    """A report for each object with a plate; make and model are those of its parent, the car."""
    objects = frame.findall("Object")
    by_id = {key: one for one in objects if (key := attribute(one, "ObjectId"))}
    plates = [one for one in objects if one.find("Appearance/LicensePlateInfo") is not None]
    cars = {
        key: _properties(by_id.get(key or ""))
        for key in {attribute(one, "Parent") for one in plates}
    }
    at = attribute(frame, "UtcTime")
    doubts = Doubts()
    scene = _image(frame, "SceneImage", "overview", doubts)
    for one in plates:
        key, parent = attribute(one, "ObjectId"), attribute(one, "Parent")
        report = _report(cars[parent] | _properties(one), at, setup)
        own = Doubts(report.doubts + tuple(doubts))
        yield replace(
            report,
            source_id=f"{at}:{key}" if at and key else None,
            track_key=key,
            parent=parent,
            event="update",
            images=scene + _image(one, "Appearance/Image", "patch", own),
            doubts=tuple(own),
        )
    if not plates:
        yield Heartbeat(what="frame without plates")


def _report(said: Said, at: str | None, setup: Setup) -> Report:
    """What an event and an object in a frame say alike."""
    doubts = Doubts()
    raw = _text(said, *PLATE) or ""
    text = doubts.plate(raw)
    country = country_of(_text(said, *COUNTRY))
    likelihood = _likelihood(said, *COUNTRY) or "1"
    return Report(
        plate_raw=raw,
        text=text,
        captured_at=_at(at, doubts) if at else None,
        confidence=_confidence(said, setup, doubts) if text else None,
        country=country,
        country_confidence=doubts.confidence(likelihood, setup, 1.0) if country else None,
        speed_kmh=doubts.unless(_speed, _text(said, "Speed", "Behaviour/Speed")),
        make=_text(said, "VehicleInfo/Brand", "Brand"),
        model=_text(said, "VehicleInfo/Model", "Model"),
        colour=_text(said, "VehicleInfo/Color"),
        vehicle_class=class_of(_text(said, "VehicleInfo/Type"), ONVIF),
        doubts=tuple(doubts),
    )


def _confidence(said: Said, setup: Setup, doubts: Doubts) -> float | None:
    likelihood = _likelihood(said, *PLATE) or _text(said, "Likelihood")
    if likelihood is None:
        doubts.append("no likelihood was sent; ONVIF counts that as 1")
    return doubts.confidence(likelihood or "1", setup, 1.0)


def _at(text: str, doubts: Doubts) -> datetime:
    if not text.endswith("Z") and not {"+", "-"} & set(text[10:]):
        doubts.append(f"UtcTime {text} has no zone; taken as UTC, as ONVIF wants it")
    return instant_of(text, UTC)


def _speed(text: str | None) -> float | None:
    """Kilometres an hour from metres a second."""
    if text is None:
        return None
    try:
        speed = float(text)
    except ValueError as error:
        raise PayloadError(f"speed {text[:24]!r} is not a number") from error
    if not 0.0 <= speed <= FASTEST_M_S:
        raise PayloadError(f"speed {text[:24]} m/s is not one of a vehicle")
    return round(speed * KMH, 2)


def _items(tree: Element | None) -> dict[str, tuple[str, str | None]]:
    """Simple items by their name, elements with text by parent and own name; the first of each."""
    found: dict[str, tuple[str, str | None]] = {}
    for parent in () if tree is None else tree.iter():
        if parent.tag == "SimpleItem":
            name, value = attribute(parent, "Name"), parent.get("Value", "")
            if name and 0 < len(value.strip()) <= LONGEST_FIELD:
                found.setdefault(name, (clean(value, name), None))
        for path, text in _children(parent).items():
            found.setdefault(path, text)
    return found


def _properties(one: Element | None) -> dict[str, tuple[str, str | None]]:
    """Of an object in a frame: its plate, vehicle and behaviour, by parent and own name."""
    found: dict[str, tuple[str, str | None]] = {}
    for path in PROPERTIES:
        parent = None if one is None else one.find(path)
        if parent is not None:
            found |= _children(parent)
    return found


def _children(parent: Element) -> dict[str, tuple[str, str | None]]:
    found = {}
    for child in parent:
        text = (child.text or "").strip()
        if 0 < len(text) <= LONGEST_FIELD:
            likelihood = attribute(child, "Likelihood")
            found[f"{parent.tag}/{child.tag}"] = (clean(text), likelihood)
    return found


def _flat(said: JsonObject, parent: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """JSON as ``_items`` gives XML: elements are objects with ``#text`` and ``@Likelihood``."""
    for key, value in said.items():
        name = f"{parent}/{key}" if parent else key
        if isinstance(value, dict) and "#text" not in value:
            yield from _flat(value, key)
        elif isinstance(value, dict):
            text = string_at(value, "#text")
            yield name, (text or "", string_at(value, "@Likelihood"))
        elif isinstance(value, str | int | float) and len(str(value)) <= LONGEST_FIELD:
            yield name, (clean(str(value), key[:LONGEST_FIELD]), None)


def _text(said: Said, *names: str) -> str | None:
    return next((said[name][0] for name in names if name in said and said[name][0]), None)


def _likelihood(said: Said, *names: str) -> str | None:
    return next((said[name][1] for name in names if name in said), None)


def _image(tree: Element, path: str, kind: ImageKind, doubts: Doubts) -> tuple[SentImage, ...]:
    text = doubts.unless(text_at, tree, path, LONGEST_BASE64)
    content = doubts.unless(base64_of, text) if text else None
    return sent(kind, f"{path.rpartition('/')[2]}.jpg", content)


MAKER = Maker(
    name="onvif",
    title="ONVIF (Profile M)",
    decode=decode,
    verified="the published standard; samples written from it",
)
