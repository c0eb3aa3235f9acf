"""One MISB ST 0601 packet as one moment of a flight."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from morina.sense.aerial.sources.klv_angles import camera
from morina.sense.aerial.telemetry import Angles, Height, HeightDatum, Spread, Telemetry

SPREAD = Spread(
    horizontal_m=5.0, vertical_m=8.0, yaw_deg=0.5, pitch_deg=0.3, roll_deg=0.3, view_share=0.02
)
"""Own assumption, not of the standard: satellite positions without correction, an attitude and a
gimbal as of aircraft that send ST 0601. A source with stated errors gets its own."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_HEIGHTS = (
    (104, HeightDatum.ELLIPSOID),
    (75, HeightDatum.ELLIPSOID),
    (15, HeightDatum.EGM96),
)
"""Items of the sensor's height, the best first. Item 15 is above mean sea level."""

Items = Mapping[int, float]


def fault(items: Items) -> str:
    """Why a packet makes no moment; "" where it does."""
    for tag, what in ((2, "time"), (13, "latitude"), (14, "longitude")):
        if tag not in items:
            return f"no {what} (item {tag})"
    if not any(tag in items for tag, _ in _HEIGHTS):
        return "no height (items 15, 75, 104)"
    return "" if clock(items) else "its time is no time"


def moment(items: Items, at_s: float, spread: Spread = SPREAD) -> Telemetry:
    """Of a packet without ``fault``."""
    return Telemetry(
        at_s=at_s, latitude=items[13], longitude=items[14], height=_height(items), spread=spread,
        at=clock(items), camera=_camera(items), view=_view(items),
        told_centre=(items[23], items[24]) if {23, 24} <= items.keys() else None,
        told_slant_m=items.get(21),
    )  # fmt: skip


def seconds(items: Items) -> float:
    """Its own count since 1970, leap seconds or not."""
    return items[2] / 1e6


def clock(items: Items) -> datetime | None:
    """UTC. The count of item 2 holds no leap seconds; items 136 and 137 put it right where they are
    sent. Where they are not, it is taken for UTC, as most aircraft send it."""
    behind = timedelta(seconds=items.get(136, 0))
    try:
        return _EPOCH + timedelta(microseconds=items[2] + items.get(137, 0)) - behind
    except OverflowError:
        return None


def _height(items: Items) -> Height:
    tag, datum = next((tag, datum) for tag, datum in _HEIGHTS if tag in items)
    return Height(items[tag], datum)


def _camera(items: Items) -> Angles | None:
    """None unless all six angles are said. Items 90 and 91 are 6 and 7 without their limits."""
    pitch, roll = items.get(90, items.get(6)), items.get(91, items.get(7))
    if pitch is None or roll is None or not {5, 18, 19, 20} <= items.keys():
        return None
    return camera(Angles(items[5], pitch, roll), Angles(items[18], items[19], items[20]))


def _view(items: Items) -> tuple[float, float] | None:
    across, down = items.get(16, 0.0), items.get(17, 0.0)
    return (across, down) if across > 0 and down > 0 else None
