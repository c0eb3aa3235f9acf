"""A telemetry file becomes a Flight: its format is told by its bytes, not by its name."""

from morina.sense.aerial.sources import airdata, dji_srt, klv, mavlink, px4
from morina.sense.aerial.sources.klv_transport import is_transport
from morina.sense.aerial.sources.mavlink_packets import is_stamped
from morina.sense.aerial.telemetry import Flight, TelemetryError

FORMATS = (
    "MPEG-TS with KLV (MISB ST 0601)",
    "bare KLV (.klv)",
    "DJI .SRT",
    "Airdata CSV",
    "MAVLink .tlog",
    "PX4 ULog (.ulg)",
)
"""Shown where a file is none of them."""

_ST_0601 = bytes.fromhex("060e2b34020b01010e01030101000000")
_SRT_MARKS = (b" --> ", b"[latitude", b"GPS(", b"GPS (")
_AIRDATA_MARKS = (b"time(millisecond)", b"height_above_takeoff", b"gimbal_heading")
_HEAD = 65_536


def flight_of(
    name: str,
    content: bytes,
    *,
    order: str | None = None,
    view: tuple[float, float] | None = None,
) -> Flight:
    """Of one file's bytes. ``name`` is its file name, for the message alone.

    The operator may state ``order`` ("lat_lon", "lon_lat") where a DJI .SRT leaves it open, and
    ``view``, the camera's field of view (across, down) in degrees, where the format has none.
    TelemetryError names the place, or lists the formats read.
    """
    _sensible(view)
    head = content[:_HEAD]
    if is_transport(head) or _ST_0601 in head:
        return klv.flight([content])
    if head.startswith(px4.MAGIC):
        return px4.flight(content, view=view)
    if is_stamped(content):
        return mavlink.flight(content, view=view)
    text = head.replace(b"\0", b"")
    if _is_airdata(text):
        return airdata.flight(content, view=view)
    if any(mark in text for mark in _SRT_MARKS) or _is_srt_cut_short(name, text):
        return dji_srt.flight(content, order=order, view=view)
    raise TelemetryError(
        name or "file", "no telemetry known here", f"bring one of: {', '.join(FORMATS)}"
    )


def _sensible(view: tuple[float, float] | None) -> None:
    if view is not None and not all(0 < angle < 180 for angle in view):
        raise TelemetryError(
            "field of view", f"{view[0]} x {view[1]} degrees is none", "say two angles under 180"
        )


def _is_airdata(text: bytes) -> bool:
    first = text.lstrip(b"\xef\xbb\xbf\r\n ").partition(b"\n")[0].lower()
    return first.count(b",") > 3 and any(mark in first for mark in _AIRDATA_MARKS)


def _is_srt_cut_short(name: str, text: bytes) -> bool:
    """An .SRT with nothing in it, or a number alone, is said to be one that is empty."""
    return name.casefold().endswith(".srt") and not text.strip(b"\xef\xbb\xbf\r\n 0123456789")
