"""DJI .SRT: what a drone writes beside its video, in many dialects.

Heights: ``BAROMETER``, ``Hb``, ``H`` and ``rel_alt`` are above the place of take-off (they begin
near nought wherever the drone starts). ``altitude`` and ``abs_alt`` are of a datum no dialect says,
so nothing is plotted from them. The third number in ``GPS(...)`` counts satellites in some and is
nought in others; it is never a height here. The clock has no zone.
"""

import itertools
import math
from collections.abc import Sequence

from morina.sense.aerial.sources.dji_srt_order import Decided, Order, decide, placed
from morina.sense.aerial.sources.dji_srt_packet import Form, Packet, packets, text_of
from morina.sense.aerial.telemetry import (
    Flight,
    Height,
    HeightDatum,
    Spread,
    Telemetry,
    TelemetryError,
)

GPS_M = 3.0
"""One standard deviation of a plain GPS position across and along, beside its rounding."""

BAROMETER_M = 3.0
DEGREE_M = 111_195.0
FASTEST_MS = 100.0
"""Faster than any aircraft that writes these files: two recordings put together, or a fault."""


def flight(
    content: bytes, *, order: str | None = None, view: tuple[float, float] | None = None
) -> Flight:
    """Of a whole file. ``order`` ("lat_lon", "lon_lat") and ``view`` are what the operator states.

    TelemetryError where there is no position, or where the order of its numbers stays open.
    """
    stated = _stated(order)
    found = list(packets(text_of(content)))
    located = [p for p in found if p.form and p.place and _is_fix(p)]
    if not located:
        raise _nothing(found)
    forms = {p.form for p in located if p.form}
    orders = {form: decide(form, [p for p in located if p.form is form], stated) for form in forms}
    times = _times(located)
    moments = [
        _moment(packet, at_s, orders[packet.form], view)
        for packet, at_s in zip(located, times, strict=True)
        if packet.form
    ]
    return Flight(
        source="dji_srt",
        telemetry=tuple(moments),
        lacks=_lacks(moments),
        notes=_notes(len(found) - len(located), orders, moments),
    )


def _stated(order: str | None) -> Order | None:
    if order is None or order in tuple(Order):
        return Order(order) if order else None
    raise TelemetryError("order", f"{order} is none", "say lat_lon or lon_lat, or leave it out")


def _is_fix(packet: Packet) -> bool:
    """0, 0 is what a drone writes before it has a fix."""
    place = packet.place
    return place is not None and (place.first, place.second) != (0.0, 0.0)


def _nothing(found: Sequence[Packet]) -> TelemetryError:
    if not found:
        return TelemetryError("first packet", "there is none", "take the file anew from the drone")
    return TelemetryError(
        "packet 1", f"none of {len(found)} packets has a position",
        "fly with a GPS fix and captions that hold the place, or bring another log of this flight",
    )  # fmt: skip


def _times(located: Sequence[Packet]) -> list[float]:
    """Seconds of the video: its time codes, otherwise the drone's clock from the first packet."""
    coded = [p.at_s for p in located if p.at_s is not None]
    if len(coded) == len(located):
        return _forward(coded, located)
    clocks = [p.clock for p in located if p.clock is not None]
    if coded or len(clocks) != len(located):
        missing = next(p for p in located if (p.at_s if coded else p.clock) is None)
        raise TelemetryError(
            f"packet {missing.number}", "it has no time", "take the file anew from the drone"
        )
    return _forward([(clock - clocks[0]).total_seconds() for clock in clocks], located)


def _forward(times: list[float], located: Sequence[Packet]) -> list[float]:
    for (before, after), packet in zip(itertools.pairwise(times), located[1:], strict=True):
        if after < before:
            raise TelemetryError(
                f"packet {packet.number}", "time goes backwards",
                "files put together are split again and sent one by one",
            )  # fmt: skip
    return times


def _moment(
    packet: Packet, at_s: float, decided: Decided, view: tuple[float, float] | None
) -> Telemetry:
    if packet.place is None:
        raise AssertionError("only packets with a place come here")
    latitude, longitude = placed(packet.place, decided.order)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise TelemetryError(
            f"packet {packet.number}", f"{latitude}, {longitude} is no place",
            "look at the order of latitude and longitude in the file",
        )  # fmt: skip
    return Telemetry(
        at_s=at_s,
        latitude=latitude,
        longitude=longitude,
        height=_height(packet),
        spread=_spread(packet.place.decimals),
        camera=packet.gimbal,
        view=view,
    )


def _height(packet: Packet) -> Height:
    if packet.over_takeoff_m is not None:
        return Height(packet.over_takeoff_m, HeightDatum.TAKEOFF)
    return Height(math.nan if packet.altitude_m is None else packet.altitude_m, HeightDatum.UNKNOWN)


def _spread(decimals: int) -> Spread:
    """The rounding of n decimals is even over its step: step / sqrt 12."""
    rounding = DEGREE_M * 10.0**-decimals / math.sqrt(12)
    return Spread(
        horizontal_m=math.hypot(GPS_M, rounding),
        vertical_m=BAROMETER_M,
        yaw_deg=3.0,
        pitch_deg=0.5,
        roll_deg=0.5,
        view_share=0.02,
    )


def _lacks(moments: Sequence[Telemetry]) -> tuple[str, ...]:
    told = [
        ("gimbal angles", all(m.camera is None for m in moments)),
        ("field of view", all(m.view is None for m in moments)),
        ("height", all(math.isnan(m.height.metres) for m in moments)),
        ("height above a known datum", all(_unknown(m) for m in moments)),
        ("clock with a zone", True),
    ]
    return tuple(word for word, lacking in told if lacking)


def _unknown(moment: Telemetry) -> bool:
    height = moment.height
    return height.datum is HeightDatum.UNKNOWN and not math.isnan(height.metres)


def _notes(
    passed: int, orders: dict[Form, Decided], moments: Sequence[Telemetry]
) -> tuple[str, ...]:
    notes = [f"order {decided.order}: {decided.ground}" for decided in orders.values()]
    if passed:
        notes.append(f"{passed} packets without a position passed over")
    if len(orders) > 1:
        notes.append(f"{len(orders)} dialects in one file: recordings put together")
    if jumps := sum(_jumps(a, b) for a, b in itertools.pairwise(moments)):
        notes.append(f"the position jumps {jumps} times, faster than {FASTEST_MS:.0f} m/s")
    if any(m.camera for m in moments):
        notes.append("gimbal heading taken as from true north: the file does not say")
        if silent := sum(m.camera is None for m in moments):
            notes.append(f"gimbal angles missing in {silent} of {len(moments)} packets")
    return tuple(notes)


def _jumps(a: Telemetry, b: Telemetry) -> bool:
    """Beyond what the spread of both and the fastest aircraft explain."""
    east = (b.longitude - a.longitude) * math.cos(math.radians(a.latitude))
    apart = DEGREE_M * math.hypot(b.latitude - a.latitude, east)
    return apart > FASTEST_MS * (b.at_s - a.at_s) + 4 * (
        a.spread.horizontal_m + b.spread.horizontal_m
    )
