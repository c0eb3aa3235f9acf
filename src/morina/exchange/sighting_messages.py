"""A sighting between nodes: what of a confirmed alert is told, and what comes in as one. Pure."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from morina.alerts import Act, Alert
from morina.exchange.message import Item, Value
from morina.exchange.roles import RefusedMessageError
from morina.exchange.sightings import SightingState
from morina.sense.cameras.camera import Camera

PICTURE = "picture"
MICRO = 1_000_000
LONGEST = 2_000
"""Characters of a text."""

MOST_PICTURE = 2_000_000
"""Characters of a picture in base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is to be told: a confirmed alert, its camera where it is known, the group that camera is
    in, and the owner's ids of list and entry."""

    alert: Alert
    confirmed: Act
    camera: Camera | None
    camera_group: str
    owner_list_id: UUID
    owner_listing_id: UUID
    picture: str = ""
    """Base64; asked for only where it is agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingHead:
    """What a message says of itself: which sighting of which of the receiver's entries."""

    sighting_id: UUID
    list_id: UUID
    listing_id: UUID
    state: SightingState

    def said(self) -> dict[str, Any]:
        """As it stands in the message."""
        return {
            "sighting_id": str(self.sighting_id), "list_id": str(self.list_id),
            "listing_id": str(self.listing_id), "state": self.state.value,
        }  # fmt: skip


def sighting_head(said: Mapping[str, Any]) -> SightingHead:
    """The head of a message that came in; RefusedMessageError where it is none."""
    try:
        return SightingHead(
            sighting_id=UUID(said["sighting_id"]), list_id=UUID(said["list_id"]),
            listing_id=UUID(said["listing_id"]), state=SightingState(said["state"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise RefusedMessageError("form", f"not what a sighting says: {wrong}") from wrong


def sighting_item(seen: Seen, fields: frozenset[str]) -> Item:
    """What is told of it: of ``fields`` those that say something. Names no person."""
    said = {name: value for name, value in _fields(seen).items() if name in fields}
    told = {name: value for name, value in said.items() if value != ""}
    return Item(fields=told, at=seen.alert.read.captured_at, camera_group=seen.camera_group)


def image_of(fields: Mapping[str, Any]) -> tuple[bytes, str] | None:
    """The picture told and its media type; None where none was. ValueError for what is neither a
    JPEG nor a PNG."""
    text = fields.get(PICTURE, "")
    if not text:
        return None
    content = b64decode(str(text), validate=True)
    for begins, kind in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")):
        if content.startswith(begins):
            return content, kind
    raise ValueError("a picture is neither a JPEG nor a PNG")


def only_item(items: Sequence[Item]) -> Item:
    """The one item of a sighting, with a time; RefusedMessageError."""
    if len(items) != 1 or items[0].at is None:
        raise RefusedMessageError("form", "a sighting is one item with its time")
    refuse_picture(items[0].fields)
    for name, value in items[0].fields.items():
        if name != PICTURE and not _is_plain(value):
            raise RefusedMessageError("form", f"{name} is no text of {LONGEST} characters or less")
    return items[0]


def refuse_picture(fields: Mapping[str, Any]) -> None:
    """RefusedMessageError where what stands for a picture is none, or too large."""
    picture = fields.get(PICTURE, "")
    if not isinstance(picture, str) or len(picture) > MOST_PICTURE:
        raise RefusedMessageError("form", f"a picture has at most {MOST_PICTURE:,} characters")
    try:
        image_of(fields)
    except ValueError as wrong:
        raise RefusedMessageError("form", str(wrong)) from wrong


def _is_plain(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST and "\x00" not in value
    return isinstance(value, int)


def _fields(seen: Seen) -> dict[str, Value]:
    """By name; the plate is the text the officer saw, which is that of the listing."""
    read, listing, camera = seen.alert.read, seen.alert.listed.listing, seen.camera
    vehicle = read.vehicle
    return {
        "plate": listing.plate.text,
        "country": (read.plate.country if read.plate else None) or "",
        "make": (vehicle.make if vehicle else None) or "",
        "model": (vehicle.model if vehicle else None) or "",
        "colour": (vehicle.colour if vehicle else None) or "",
        "camera": camera.name if camera else read.camera_id,
        "place": camera.site if camera else "",
        "latitude_e6": round(camera.latitude * MICRO) if camera else "",
        "longitude_e6": round(camera.longitude * MICRO) if camera else "",
        "direction": (vehicle.direction if vehicle else None) or "",
        "lane": (vehicle.lane if vehicle else None) or "",
        "captured_at": _time(read.captured_at),
        "confirmed_at": _time(seen.confirmed.at),
        "listing_reference": listing.source_reference,
        "listing_id": str(seen.owner_listing_id),
        PICTURE: seen.picture,
    }  # fmt: skip


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
