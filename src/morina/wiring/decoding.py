"""The makers whose cameras are understood, and ``morina camera decode``."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from morina.sense.cameras.adapters import (
    axis,
    axxonsoft,
    dahua,
    fiware,
    frigate,
    generic,
    genetec,
    hikvision,
    milesight,
    onvif,
    platerecognizer,
    rekor,
    tattile,
    uniview,
)
from morina.sense.cameras.printing import Json, report_as_json
from morina.sense.cameras.reports import Heartbeat, Maker, PayloadError, Report, Setup
from morina.sense.cameras.wire.multipart import LONGEST_PAYLOAD, is_multipart
from morina.sense.cameras.wire.times import ZoneNeededError

MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        module.MAKER.name: module.MAKER
        for module in (
            axis,
            axxonsoft,
            dahua,
            fiware,
            frigate,
            generic,
            genetec,
            hikvision,
            milesight,
            onvif,
            platerecognizer,
            rekor,
            tattile,
            uniview,
        )
    }
)
"""Every maker by the name used in commands, settings and addresses."""

MEDIA_TYPES = {b"{": "application/json", b"[": "application/json", b"<": "text/xml"}


class DecodingError(ValueError):
    """A file cannot be decoded as asked; the message says what to change."""


def decode_file(maker: str, file: Path, setup: Setup) -> list[dict[str, Json]]:
    """What ``file`` becomes, one JSON object a report; ``reply`` is what the camera must hear.

    Local times without a zone in ``setup`` are left out with a doubt: a technician can look at the
    rest, while the node refuses such a payload.
    """
    known = MAKERS.get(maker)
    if known is None:
        raise DecodingError(f"maker {maker!r} is not known; use one of {', '.join(sorted(MAKERS))}")
    payload = _content(file)
    try:
        reports = _decoded(known, payload, headers_of(file, payload), setup)
    except PayloadError as error:
        raise DecodingError(f"{file}: {error}") from error
    return [report_as_json(report) | _reply(known) for report in reports]


def lines_of(maker: str, file: Path, setup: Setup) -> list[str]:
    """``decode_file``, an object a line."""
    return [json.dumps(one, ensure_ascii=False) for one in decode_file(maker, file, setup)]


def setup_of(zone: str | None, scale: float | None, places: list[str]) -> Setup:
    """The setup given in words; ``places`` are NAME=PLACE of a generic camera's fields."""
    mapping = {}
    for place in places:
        name, equals, where = place.partition("=")
        if not name or not equals:
            raise DecodingError(f"--field {place!r} is not NAME=PLACE, such as plate=vehicle.plate")
        mapping[name] = where
    return Setup(timezone=zone_named(zone), confidence_scale=scale, mapping=mapping)


def zone_named(name: str | None) -> tzinfo | None:
    """The time zone called ``name``; raises DecodingError for one that does not exist."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DecodingError(
            f"time zone {name!r} is not known; use a name such as Europe/Tirane or UTC"
        ) from error


def headers_of(file: Path, payload: bytes) -> dict[str, str]:
    """The headers a request with this file would have, those in FILE.headers before guesses."""
    return {"filename": file.name, "content-type": media_type_of(payload)} | _beside(file)


def _decoded(
    maker: Maker, payload: bytes, headers: Mapping[str, str], setup: Setup
) -> list[Report | Heartbeat]:
    try:
        return maker.decode(payload, headers, setup)
    except ZoneNeededError:
        found = maker.decode(payload, headers, replace(setup, timezone=UTC))
        return [_untimed(one) if isinstance(one, Report) else one for one in found]


def _untimed(report: Report) -> Report:
    why = "its time is local and no zone is known; give --timezone (such as Europe/Tirane)"
    return replace(report, captured_at=None, doubts=(*report.doubts, why))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            payload = opened.read(LONGEST_PAYLOAD + 1)
    except OSError as error:
        raise DecodingError(f"{file}: {error.strerror or error}; name a readable file") from error
    if len(payload) > LONGEST_PAYLOAD:
        raise DecodingError(f"{file}: more than {LONGEST_PAYLOAD} bytes; a payload is smaller")
    return payload


def media_type_of(payload: bytes) -> str:
    """The content type that the bytes look like."""
    if is_multipart(payload):
        return "multipart/form-data"
    if payload.startswith(b"json="):
        return "application/x-www-form-urlencoded"
    start = payload[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return MEDIA_TYPES.get(start, "application/octet-stream")


def _beside(file: Path) -> dict[str, str]:
    """Headers in a file beside, as captured: ``POST /path HTTP/1.1``, then ``Name: value``."""
    beside = file.with_name(f"{file.name}.headers")
    if not beside.is_file():
        return {}
    request, *lines = [*_content(beside).decode("utf-8", "replace").splitlines(), ""]
    words = request.split()
    if len(words) < 2 or not words[1].startswith("/"):
        lines = [request, *lines]
    found = {"path": words[1]} if len(words) > 1 and words[1].startswith("/") else {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _reply(maker: Maker) -> dict[str, Json]:
    if maker.reply.media_type != "application/json":
        return {}
    return {"reply": json.loads(maker.reply.content)}
