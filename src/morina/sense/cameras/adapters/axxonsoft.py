"""AxxonSoft Auto-Intellect, which serves plates over two TCP ports, times local.

Port 35555 sends a ``CAR_PLATE`` element, the picture of the vehicle as its text; ``plate_mask`` is
the country. Port 55555 sends ``02 YYYYMMDDHHMMSS CC TEXT 03`` with CC the camera's number. "Not
defined" is an unread passage.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from morina.sense.cameras.reports import Heartbeat, Maker, PayloadError, Report, Setup
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_xml import attribute, tree_of
from morina.sense.cameras.wire.texts import clean, small
from morina.sense.cameras.wire.times import instant_of

SCALE = 100.0
MOST_PLATES = 100
FRAME = re.compile(rb"\x02(\d{14})(\d{2})([^\x02\x03]{0,64})\x03")


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """The plates of one document; a root without any is a heartbeat by its name."""
    if payload.startswith(b"\x02"):
        return _framed(payload, setup)
    tree = tree_of(payload)
    plates = list(tree.iter("CAR_PLATE"))
    if len(plates) > MOST_PLATES:
        raise PayloadError(f"{len(plates)} CAR_PLATE elements in one document; send one at a time")
    if not plates:
        return [Heartbeat(what=tree.tag[:64])]
    return [_report(plate, setup) for plate in plates]


def _framed(payload: bytes, setup: Setup) -> list[Report | Heartbeat]:
    frames = FRAME.findall(payload)
    if not frames or FRAME.sub(b"", payload).strip():
        raise PayloadError("not frames of 02, date, camera, plate, 03; is it port 55555?")
    if len(frames) > MOST_PLATES:
        raise PayloadError(f"{len(frames)} frames in one payload; send one at a time")
    return [_frame(frame, setup) for frame in frames]


def _frame(frame: tuple[bytes, bytes, bytes], setup: Setup) -> Report:
    at, camera, raw = (part.decode("utf-8", "replace") for part in frame)
    doubts = Doubts()
    said = clean(raw, "the plate")
    return Report(
        plate_raw=said,
        text=doubts.plate(said),
        captured_at=instant_of(at, setup.timezone, ("%Y%m%d%H%M%S",), doubts),
        source_id=f"{camera}-{at}-{said}",
        camera_key={"cam_id": camera},
        doubts=tuple(doubts),
    )


def _report(plate: Element, setup: Setup) -> Report:
    doubts = Doubts()
    raw = attribute(plate, "plate") or ""
    camera, at = attribute(plate, "cam-id"), attribute(plate, "time")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=instant_of(at, setup.timezone, doubts=doubts) if at else None,
        confidence=doubts.confidence(attribute(plate, "confidence"), setup, SCALE),
        country=country_of(attribute(plate, "plate_mask")),
        direction=small(attribute(plate, "direction")),
        source_id="-".join((camera, at, raw)) if camera and at else None,
        camera_key={"cam_id": camera} if camera else {},
        images=doubts.image("patch", "plateImage", plate.get("plateImage"))
        + doubts.image("overview", "CAR_PLATE", plate.text),
        doubts=tuple(doubts),
    )


MAKER = Maker(
    name="axxonsoft",
    title="AxxonSoft",
    decode=decode,
    verified="invented payloads with the attributes and frames of the maker's manual",
)
