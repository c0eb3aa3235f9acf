"""Confirmed passages as Cursor on Target events, version 2.0, for clients that show them on a map.

Base schema as published by MITRE ("Cursor on Target Message Router User's Guide", MP090284): event
with uid, type, how and three times; point in WGS 84 with metres; detail for what else is said.
"""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from morina.exchange.formats.passage import Passage

TYPE = "a-u-G-E-V-C"
"""An atom, affiliation unknown, on the ground, equipment, vehicle, civilian: a vehicle was seen
there, and nothing is said of whose side anybody is on."""

HOW = "m-g"
"""The place is the surveyed one of a camera."""

UNKNOWN_M = "9999999.0"
"""Height, and its error, where nobody knows it."""

ERROR_M = 50.0
"""Circular error: the vehicle is seen from the camera, it is not at it."""


def event(one: Passage, stale: timedelta) -> bytes:
    """One event, UTF-8 XML with its declaration. Until ``seen_at + stale`` it is to be shown."""
    root = Element("event", {
        "version": "2.0", "uid": f"morina.{one.alert_id}", "type": TYPE, "how": HOW,
        "time": _time(one.confirmed_at), "start": _time(one.seen_at),
        "stale": _time(one.seen_at + stale),
    })  # fmt: skip
    SubElement(root, "point", {
        "lat": f"{one.latitude:.6f}", "lon": f"{one.longitude:.6f}", "hae": UNKNOWN_M,
        "ce": f"{ERROR_M:.1f}", "le": UNKNOWN_M,
    })  # fmt: skip
    detail = SubElement(root, "detail")
    SubElement(detail, "contact", {"callsign": f"{one.country} {one.plate}".strip()})
    SubElement(detail, "remarks").text = _remarks(one)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def is_stale(one: Passage, stale: timedelta, now: datetime) -> bool:
    """Whether nobody would show it any more."""
    return one.seen_at + stale <= now


def _remarks(one: Passage) -> str:
    vehicle = " ".join(part for part in (one.colour, one.make, one.model) if part)
    why = f"an entry of {one.owner}; the desk knows more" if one.owner else (
        f"{one.reason}: {one.action.replace('_', ' ')}"
    )  # fmt: skip
    said = (why, vehicle, f"{one.camera}, {one.place}", f"seen {_time(one.seen_at)}",
            f"alert {one.alert_id}")  # fmt: skip
    return "; ".join(_plain(part) for part in said if part)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
