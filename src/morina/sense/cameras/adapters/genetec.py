"""Genetec: SharpV over HTTP (JSON or XML), its FTP template, and Security Center's export.

Fields after techdocs.genetec.com (SharpV Administrator Guide 14.2: JSON and XML events, FTP XML
template) and, for the export, a receiver people wrote for it. Templates can be changed, so a
field is sought by its name wherever it may stand. ``-`` is the maker's word for not known.
"""

from collections.abc import Mapping
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
from morina.sense.cameras.wire.classes import SAMPLES, class_of
from morina.sense.cameras.wire.confidences import confidence_of, number_of
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.images import base64_of, sent
from morina.sense.cameras.wire.safe_json import JsonObject, object_at, object_of, objects_at
from morina.sense.cameras.wire.safe_xml import tree_of
from morina.sense.cameras.wire.texts import LONGEST_FIELD, clean, plain
from morina.sense.cameras.wire.times import instant_of
from morina.sense.cameras.wire.urls import without_password

SCALE = 100.0
LONGEST_BASE64 = 24 * 2**20
STATE_SCORE = "state name confidence score"
IMAGES: Mapping[str, ImageKind] = {"contextimage": "overview", "plateimage": "patch"}
DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S.%f")
YEAR_FIRST = tuple(
    f"%Y{sign}%m{sign}%d %H:%M:%S{fraction}" for sign in ":-/" for fraction in ("", ".%f")
)
TOWARDS = frozenset({"gettingcloser", "approaching", "closer", "approach"})
AWAY = frozenset({"movingaway", "away"})
WITH_STATES = frozenset({"US", "CA", "MX", "AU", "BR"})
"""Where State Name is a state's: its CA is California, its AL Alabama."""

Texts = Mapping[str, str]
"""Values by the plain form of their names: small letters and digits only."""


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """The one read a message tells of."""
    if payload.lstrip(b"\0 \t\r\n\xef\xbb\xbf")[:1] == b"<":
        texts = _of_xml(tree_of(payload))
    else:
        texts = _of_json(object_of(payload))
    if "plate" not in texts and "plateread" not in texts:
        raise PayloadError("neither PlateRead nor Plate: not a read of a Sharp or Security Center")
    return [_report(texts, setup)]


def _report(texts: Texts, setup: Setup) -> Report:
    doubts = Doubts()
    raw = texts.get("plateread", texts.get("plate", ""))
    at = _at(texts, setup, doubts)
    colour = _told(texts, "vehiclecolor", "vehiclecolour")
    return Report(
        plate_raw=raw,
        text=doubts.plate(raw),
        captured_at=at,
        confidence=doubts.confidence(_told(texts, "confidencescore"), setup, SCALE),
        country=_country(texts),
        country_confidence=doubts.unless(_state_score, texts.get(plain(STATE_SCORE))),
        direction=_direction(texts),
        lane=_told(texts, "lane"),
        make=_told(texts, "vehiclemake"),
        model=_told(texts, "vehiclemodel"),
        colour=colour.lower() if colour else None,
        vehicle_class=class_of(_told(texts, "vehicletype"), SAMPLES),
        source_id=_told(texts, "id", "guid") or _made_id(texts, raw),
        camera_key=_camera(texts),
        images=_image(texts, doubts),
        doubts=tuple(doubts),
    )


def _at(texts: Texts, setup: Setup, doubts: Doubts) -> datetime | None:
    """``Timestamp``; else date and time in UTC; else the local ones, in the camera's time zone."""
    said = _told(texts, "timestamp")
    if said:
        return instant_of(said, setup.timezone, doubts=doubts)
    for day, hour, zone in (
        ("dateutc", "timeutc", UTC),
        ("utcdate", "utctime", UTC),
        ("localdate", "localtime", setup.timezone),
    ):
        date, time = _told(texts, day), _told(texts, hour)
        if date and time:
            if date[2:3] == "/" and date[:2] <= "12" and date[:2] != date[3:5]:
                doubts.append(f"date {date} is taken as day first")
            return instant_of(f"{date} {time}", zone, DAY_FIRST + YEAR_FIRST, doubts)
    return None


def _country(texts: Texts) -> str | None:
    state = _told(texts, "statename", "state")
    if state is None:
        return None
    setting = country_of(_told(texts, "context"))
    return setting if setting in WITH_STATES else country_of(state)


def _state_score(said: str | None) -> float | None:
    """0 to 100; -1 and 1 stand beside values not told, so nothing up to 1 is taken."""
    if not said or number_of(said) <= 1.0:
        return None
    return confidence_of(said, SCALE)


def _direction(texts: Texts) -> str | None:
    motion = _told(texts, "relativemotion")
    if motion is None:
        return None
    word = plain(motion)
    return "approach" if word in TOWARDS else "away" if word in AWAY else motion


def _made_id(texts: Texts, raw: str) -> str | None:
    """For the export, which numbers nothing: camera, time and text."""
    camera = _told(texts, "cameraname")
    at = [_told(texts, name) for name in ("dateutc", "timeutc", "utcdate", "utctime")]
    told = [value for value in at if value]
    return ":".join([camera, *told, raw]) if camera and len(told) == 2 else None


def _camera(texts: Texts) -> dict[str, str]:
    source = _told(texts, "sourceurl", "sourcename")
    key = {
        "camera": _told(texts, "lprcameraname", "cameraname"),
        "source": without_password(source) if source else None,
    }
    return {name: value for name, value in key.items() if value}


def _image(texts: Texts, doubts: Doubts) -> tuple[SentImage, ...]:
    found: tuple[SentImage, ...] = ()
    for name in sorted(IMAGES.keys() & texts.keys()):
        content = doubts.unless(base64_of, texts[name])
        found += sent(IMAGES[name], f"{name}.jpg", content)
    return found


def _told(texts: Texts, *names: str) -> str | None:
    return next((texts[name] for name in names if texts.get(name, "-") not in ("", "-")), None)


def _of_json(said: JsonObject) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in (dict(said) | dict(object_at(said, "Attributes") or {})).items():
        _put(texts, name, value)
    for one in objects_at(said, "PlateAnalytics"):
        _analytic(texts, one.get("Key"), one.get("Value"), one.get("Score"))
    return texts


def _of_xml(tree: Element) -> dict[str, str]:
    texts: dict[str, str] = {}
    for child in tree:
        if len(child) == 0:
            _put(texts, child.tag, child.text or "")
    for one in tree.iter("PlateAnalytics"):
        _analytic(texts, one.findtext("Key"), one.findtext("Value"), one.findtext("Score"))
    return texts


def _analytic(texts: dict[str, str], key: object, value: object, score: object) -> None:
    if isinstance(key, str):
        _put(texts, key, value)
        if plain(key[:LONGEST_FIELD]) == "statename":
            _put(texts, STATE_SCORE, score)


def _put(texts: dict[str, str], name: str, value: object) -> None:
    """Texts and numbers only; what is too long to be a field is dropped, but for the images."""
    key = plain(name[:LONGEST_FIELD])
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and key not in texts:
        if key in IMAGES:
            texts[key] = value[:LONGEST_BASE64]
        elif len(value.strip()) <= LONGEST_FIELD:
            texts[key] = clean(value, name[:LONGEST_FIELD])


MAKER = Maker(
    name="genetec",
    title="Genetec SharpV, AutoVu and Security Center",
    decode=decode,
    verified="maker's documentation (HTTP, FTP template), a receiver's code (export); "
    "samples written from them",
)
