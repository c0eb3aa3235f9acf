"""Tattile: raw XML over TCP; the root element is called Msg, root or otherwise.

Times are local. ``OCRSCORE`` is documented as 0 to 999, yet some cameras write 92.5 or 093 and mean
of 100: without a confidence scale set for the camera only a score above 100 is taken.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element

from morina.sense.cameras.reports import Box, Heartbeat, Maker, Report, Setup
from morina.sense.cameras.wire.boxes import cornered
from morina.sense.cameras.wire.confidences import confidence_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_xml import text_at, tree_of
from morina.sense.cameras.wire.texts import small
from morina.sense.cameras.wire.times import instant_of

SCALE, CERTAIN_ABOVE = 999.0, 100.0
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%Y%m%d")
HOURS = ("%H-%M-%S-%f", "%H-%M-%S", "%H%M%S%f", "%H%M%S")
FORMATS = tuple(f"{date} {hours}" for date in DATES for hours in HOURS)
DIRECTIONS = {"goaway": "away", "away": "away", "approach": "approach", "goapproach": "approach"}
CORNERS = ("MIN_X", "MIN_Y", "MAX_X", "MAX_Y")


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """One passage; XML without ``PLATE_STRING`` is a heartbeat by the name of its root."""
    tree = tree_of(payload)
    serial = _said(tree, "DEVICE_SN")
    key = {"device_sn": serial} if serial else {}
    if tree.find(".//PLATE_STRING") is None:
        return [Heartbeat(camera_key=key, what=tree.tag[:64])]
    doubts = Doubts()
    raw = _said(tree, "PLATE_STRING") or ""
    date, hours = _said(tree, "DATE"), _said(tree, "TIME")
    told = (_said(tree, "PLATE_COUNTRY_CODE"), _said(tree, "PLATE_COUNTRY"))
    return [
        Report(
            plate_raw=raw,
            text=doubts.plate(raw),
            captured_at=_captured_at(date, hours, setup, doubts),
            confidence=_confidence(_said(tree, "OCRSCORE"), setup, doubts),
            country=country_of(told[0]) or country_of(told[1]),
            direction=_direction(_said(tree, "DIRECTION")),
            lane=_said(tree, "LANE_ID"),
            plate_box=_box(tree),
            source_id="-".join((serial, date, hours, raw)) if serial and date and hours else None,
            camera_key=key,
            images=doubts.image("patch", "IMAGE_OCR", tree.findtext(".//IMAGE_OCR"))
            + doubts.image("overview", "IMAGE_CTX", tree.findtext(".//IMAGE_CTX")),
            doubts=tuple(doubts),
        )
    ]


def _said(tree: Element, name: str) -> str | None:
    return text_at(tree, f".//{name}")


def _captured_at(
    date: str | None, hours: str | None, setup: Setup, doubts: Doubts
) -> datetime | None:
    if date is None or hours is None:
        return None
    at = f"{date} {hours}"
    return instant_of(re.sub(r"[/:.]", "-", at), setup.timezone, FORMATS, doubts)


def _confidence(said: str | None, setup: Setup, doubts: Doubts) -> float | None:
    if setup.confidence_scale is not None:
        return doubts.confidence(said, setup, setup.confidence_scale)
    value = doubts.unless(confidence_of, said, SCALE)
    if value is None or value * SCALE > CERTAIN_ABOVE:
        return value
    doubts.append(
        f"OCRSCORE {said} may be of 100 or of 999 and is left out; set the camera's "
        "confidence scale"
    )
    return None


def _direction(said: str | None) -> str | None:
    word = small(said)
    return DIRECTIONS.get(word.replace("_", "").replace(" ", ""), word) if word else None


def _box(tree: Element) -> Box | None:
    sides = [_said(tree, f"ORIG_PLATE_{corner}") or "" for corner in CORNERS]
    if not all(re.fullmatch(r"\d{1,6}", side, re.ASCII) for side in sides):
        return None
    return cornered([float(side) for side in sides])


MAKER = Maker(
    name="tattile",
    title="Tattile",
    decode=decode,
    verified="an invented payload with published element names; country spelling assumed",
)
