"""Hikvision ISAPI: pushed events, the answer to a pull, and file names of an FTP upload.

A push is ``multipart/form-data`` of ``anpr.xml`` and pictures, or the bare XML; the namespace
differs by firmware. The answer to ``POST /ISAPI/Traffic/channels/N/vehicleDetect/plates`` is XML or
JSON, not sorted, and its last item may be an old plate sent again: items are put in order of
``picName``, and those not after the header ``after`` (the ``picTime`` asked from) are left out.
Lists on the camera (``vehicleListName``) are not looked at.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

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
from morina.sense.cameras.wire.classes import HIKVISION, class_of
from morina.sense.cameras.wire.confidences import confidence_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import sent
from morina.sense.cameras.wire.multipart import Part, is_multipart, parts_of
from morina.sense.cameras.wire.safe_json import JsonObject, object_of, string_at, value_at
from morina.sense.cameras.wire.safe_xml import text_at, tree_of
from morina.sense.cameras.wire.texts import small
from morina.sense.cameras.wire.times import instant_of, zone_in

SCALE = 100.0
STAMP = ("%Y%m%d%H%M%S%f",)
FILE_NAME = re.compile(r"(?:.*[/\\])?(\d{17})_([^_]{0,64})_([A-Za-z0-9_]{1,64})\.jpe?g", re.ASCII)
FARTHEST_APART = timedelta(minutes=10)
"""Of the picture's clock and the event's; farther apart, one is in another zone or wrong."""
MOST_PULLED = 1000
PULLED = ("plateNumber", "picName", "captureTime", "country", "laneNo", "direction")


def decode(payload: bytes, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    """A push, a pulled list or one uploaded file, whichever the bytes are."""
    start = payload[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_multipart(payload):
        return _pushed(parts_of(payload, headers), setup)
    if start.startswith(b"<"):
        return _document(tree_of(payload), headers, setup)
    if start.startswith(b"{"):
        return _pulled(_items(object_of(payload)), headers, setup)
    return [_uploaded(payload, headers, setup)]


def _pushed(parts: list[Part], setup: Setup) -> list[Report | Heartbeat]:
    events: list[tuple[Part, list[SentImage]]] = []
    early: list[SentImage] = []
    for part in parts:
        if _is_xml(part):
            events.append((part, early))
            early = []
        else:
            name = part.filename or part.name
            (events[-1][1] if events else early).extend(sent(_kind(name), name, part.content))
    if not events:
        raise PayloadError("no XML part among the parts; set the camera's upload to ANPR events")
    return [_event(tree_of(part.content), setup, tuple(images)) for part, images in events]


def _is_xml(part: Part) -> bool:
    return part.media_type.endswith("xml") or part.content[:64].lstrip().startswith(b"<")


def _kind(name: str) -> ImageKind:
    word = name.casefold()
    if "plate" in word:
        return "patch"
    return "vehicle" if word.startswith("vehiclepicture") else "overview"


def _document(tree: Element, headers: Mapping[str, str], setup: Setup) -> list[Report | Heartbeat]:
    if tree.tag == "Plates":
        found = [{name: text_at(item, name) for name in PULLED} for item in tree.iter("Plate")]
        return _pulled(found, headers, setup)
    return [_event(tree, setup, ())]


def _event(tree: Element, setup: Setup, images: tuple[SentImage, ...]) -> Report | Heartbeat:
    if tree.tag != "EventNotificationAlert":
        raise PayloadError(f"XML root {tree.tag[:64]!r} is not EventNotificationAlert or Plates")
    camera = {"mac": text_at(tree, "macAddress"), "channel": text_at(tree, "channelID")}
    key = {name: value for name, value in camera.items() if value}
    anpr = tree.find("ANPR")
    if anpr is None:
        return Heartbeat(camera_key=key, what=text_at(tree, "eventType") or "event")
    doubts = Doubts()
    raw = text_at(anpr, "licensePlate") or ""
    text = doubts.plate(raw)
    return Report(
        plate_raw=raw,
        text=text,
        captured_at=_captured_at(tree, anpr, setup, doubts),
        confidence=doubts.confidence(text_at(anpr, "confidenceLevel"), setup, SCALE),
        char_confidence=_characters(anpr, text, doubts),
        country=_country(tree, anpr, doubts),
        direction=small(text_at(anpr, "direction")),
        lane=text_at(anpr, "line"),
        colour=small(text_at(anpr, "vehicleInfo/color")),
        vehicle_class=class_of(doubts.unless(text_at, anpr, "vehicleType"), HIKVISION),
        plate_box=_box(anpr),
        source_id=text_at(tree, "UUID"),
        retransmitted=text_at(tree, "isDataRetransmission") == "true",
        camera_key=key,
        images=images,
        doubts=tuple(doubts),
    )


def _captured_at(tree: Element, anpr: Element, setup: Setup, doubts: Doubts) -> datetime | None:
    """The picture's time, to the millisecond but local, with the offset of the event's time."""
    said = text_at(tree, "dateTime")
    stamp = next(
        (found for one in anpr.iter("pictureInfo") if (found := text_at(one, "absTime"))), None
    )
    if said is None:
        return instant_of(stamp, setup.timezone, STAMP, doubts) if stamp else None
    event = instant_of(said, setup.timezone, doubts=doubts)
    if stamp is None:
        return event
    picture = doubts.unless(instant_of, stamp, zone_in(said) or setup.timezone, STAMP)
    if picture is not None and abs(picture - event) <= FARTHEST_APART:
        return picture
    doubts.append(f"absTime {stamp} is not near dateTime {said}; dateTime is taken")
    return event


def _characters(anpr: Element, text: str | None, doubts: Doubts) -> tuple[float, ...]:
    said = text_at(anpr, "plateCharBelieve")
    if said is None or text is None:
        return ()
    values = [doubts.unless(confidence_of, one, SCALE) for one in said.split(",")]
    found = tuple(value for value in values if value is not None)
    if len(found) == len(values) == len(text):
        return found
    doubts.append(f"plateCharBelieve has not one confidence for each of {len(text)} characters")
    return ()


def _country(tree: Element, anpr: Element, doubts: Doubts) -> str | None:
    for said in (text_at(tree, "countryAbbreviation"), text_at(anpr, "country")):
        country = country_of(said)
        if country is not None:
            return country
        if said is not None and said.isdigit() and int(said):
            doubts.append(f"country {said} is a number of the maker's own table; left undecided")
    return None


def _box(anpr: Element) -> Box | None:
    for rect in anpr.iter("plateRect"):
        sides = [text_at(rect, name) or "" for name in ("X", "Y", "width", "height")]
        if all(re.fullmatch(r"\d{1,6}(\.\d{1,6})?", side, re.ASCII) for side in sides):
            return sized([float(side) for side in sides])
    return None


def _items(answer: JsonObject) -> list[dict[str, str | None]]:
    plates = value_at(answer, "Plates")
    if isinstance(plates, dict):
        plates = plates.get("Plate", [])
    if isinstance(plates, dict):
        plates = [plates]
    if not isinstance(plates, list) or not all(isinstance(item, dict) for item in plates):
        raise PayloadError(
            "JSON without a list of Plates; nothing else of Hikvision's is JSON here"
        )
    return [{name: string_at(item, name) for name in PULLED} for item in plates]


def _pulled(
    items: list[dict[str, str | None]], headers: Mapping[str, str], setup: Setup
) -> list[Report | Heartbeat]:
    if len(items) > MOST_PULLED:
        raise PayloadError(f"{len(items)} plates in one answer; ask more often")
    after = headers.get("after", "")
    fresh = [item for item in items if not after or (item["picName"] or "") > after]
    return [_item(item, setup) for item in sorted(fresh, key=lambda item: item["picName"] or "")]


def _item(item: dict[str, str | None], setup: Setup) -> Report:
    doubts = Doubts()
    raw, name, said = item["plateNumber"] or "", item["picName"], item["captureTime"]
    captured_at = doubts.unless(instant_of, name or "", setup.timezone, STAMP, doubts)
    if captured_at is None and said:
        captured_at = instant_of(said, setup.timezone, ("%Y%m%dT%H%M%S%f", "%Y%m%dT%H%M%S%z"))
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=captured_at,
        country=country_of(item["country"]),
        direction=small(item["direction"]),
        lane=item["laneNo"],
        source_id=name,
        cursor=name,
        doubts=tuple(doubts),
    )


def _uploaded(payload: bytes, headers: Mapping[str, str], setup: Setup) -> Report:
    """One file of an FTP upload; a payload that is a file name itself is taken as one."""
    named = FILE_NAME.fullmatch(headers.get("filename", ""))
    image = payload
    if named is None:
        text = payload[:256].decode("ascii", "replace").strip()
        named, image = FILE_NAME.fullmatch(text), b""
    if named is None:
        raise PayloadError(
            "neither an ANPR event, a list of plates nor a file YYYYMMDDHHMMSSmmm_PLATE_KIND.jpg"
        )
    stamp, raw, kind = named.groups()
    doubts = Doubts()
    name = f"{stamp}_{raw}_{kind}.jpg"
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=instant_of(stamp, setup.timezone, STAMP, doubts),
        source_id=f"{stamp}_{raw}",
        images=sent(_kind(kind), name, image),
        doubts=tuple(doubts),
    )


MAKER = Maker(
    name="hikvision",
    title="Hikvision (ISAPI)",
    decode=decode,
    verified="invented payloads with the keys of a published anpr.xml, a pull client and FTP names",
)
