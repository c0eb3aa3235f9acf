"""Milesight: JSON over HTTP, or in a packet over TCP.

A packet is ``CC FF``, command (2 bytes), size of what follows (4 bytes), data, ``FF DD``, all
little endian (the maker's "Integration between LPR camera and NVR/VMS"). Its recognition message
``0x8801`` holds binary data in layouts that differ by firmware and are not fully known to us: it is
refused rather than guessed at. Times are the camera's local time. ``type`` (Visitor, Black, White)
is the camera's own list and not looked at. The unit of ``speed`` in the JSON is not documented to
us: it is left out.
"""

import struct
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
from morina.sense.cameras.wire.boxes import cornered
from morina.sense.cameras.wire.classes import SAMPLES, class_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_json import JsonObject, number_at, object_of, string_at
from morina.sense.cameras.wire.texts import small, word_of
from morina.sense.cameras.wire.times import instant_of

SCALE = 100.0
FRAME_START, FRAME_END = b"\xcc\xff", b"\xff\xdd"
HEADER = struct.Struct("<2sHI")
CORNERS = ("coordinate_x1", "coordinate_y1", "coordinate_x2", "coordinate_y2")
PICTURES: tuple[tuple[str, ImageKind], ...] = (
    ("plate_image", "patch"),
    ("full_image", "overview"),
    ("evidence_image0", "overview"),
    ("evidence_image1", "overview"),
)
KINDS = ("event", "event_type", "type")


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One recognition; counting, attributes, violations and the like are heartbeats by name."""
    message = object_of(_unframed(payload))
    device = string_at(message, "device")
    key = {"device": device} if device else {}
    if "plate" not in message:
        kinds = (word_of(string_at(message, name)) for name in KINDS if name in message)
        return [Heartbeat(camera_key=key, what=next(filter(None, kinds), "other event"))]
    doubts = Doubts()
    raw = string_at(message, "plate") or ""
    at = string_at(message, "time_msec") or string_at(message, "time")
    return [
        Report(
            plate_raw=raw,
            text=doubts.plate(raw),
            captured_at=_captured_at(at, setup, doubts),
            confidence=doubts.confidence(message.get("confidence"), setup, SCALE),
            country=country_of(message.get("region")),
            direction=small(doubts.unless(string_at, message, "direction")),
            make=word_of(doubts.unless(string_at, message, "Vehicle Brand")),
            colour=small(doubts.unless(string_at, message, "vehicle_color")),
            vehicle_class=class_of(doubts.unless(string_at, message, "vehicle_type"), SAMPLES),
            plate_box=_box(message, doubts),
            source_id="-".join((device, at, raw)) if device and at else None,
            camera_key=key,
            images=_images(message, doubts),
            doubts=tuple(doubts),
        )
    ]


def _unframed(payload: bytes) -> bytes:
    if not payload.startswith(FRAME_START):
        return payload
    if len(payload) < HEADER.size + len(FRAME_END):
        raise PayloadError("a TCP packet cut off within its header")
    _, _, size = HEADER.unpack_from(payload)
    packet = payload[HEADER.size : HEADER.size + size]
    if len(packet) < size or not packet.endswith(FRAME_END):
        raise PayloadError("a TCP packet cut off, or without FF DD at its end")
    data = packet.removesuffix(FRAME_END)
    if not data.lstrip().startswith(b"{"):
        raise PayloadError("a binary TCP packet is not understood; set the camera to post by HTTP")
    return data


def _captured_at(said: str | None, setup: Setup, doubts: Doubts) -> datetime | None:
    if said is None:
        return None
    return instant_of(said.replace("/", "-"), setup.timezone, doubts=doubts)


def _box(message: JsonObject, doubts: Doubts) -> Box | None:
    return cornered([doubts.unless(number_at, message, name) for name in CORNERS])


def _images(message: JsonObject, doubts: Doubts) -> tuple[SentImage, ...]:
    found: tuple[SentImage, ...] = ()
    for name, kind in PICTURES:
        found += doubts.image(kind, name, message.get(name))
    return found


MAKER = Maker(
    name="milesight",
    title="Milesight",
    decode=decode,
    verified="invented payloads with the maker's published keys; region and time form assumed",
)
