"""AxxonSoft: one ``CAR_PLATE`` element over TCP port 55555, times local, the scene as its text.

``plate_mask`` is the country. "Not defined" is an unread passage.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from morina.sense.cameras.reports import Heartbeat, Maker, PayloadError, Report, Setup
from morina.sense.cameras.wire.countries import country_of
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.safe_xml import attribute, tree_of
from morina.sense.cameras.wire.texts import small
from morina.sense.cameras.wire.times import instant_of

SCALE = 100.0
MOST_PLATES = 100


def decode(
    payload: bytes,
    headers: Mapping[str, str],  # noqa: ARG001 - one face for all makers
    setup: Setup,
) -> list[Report | Heartbeat]:
    """The plates of one document; a root without any is a heartbeat by its name."""
    tree = tree_of(payload)
    plates = list(tree.iter("CAR_PLATE"))
    if len(plates) > MOST_PLATES:
        raise PayloadError(f"{len(plates)} CAR_PLATE elements in one document; send one at a time")
    if not plates:
        return [Heartbeat(what=tree.tag[:64])]
    return [_report(plate, setup) for plate in plates]


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
    verified="an invented payload with published attribute names",
)
