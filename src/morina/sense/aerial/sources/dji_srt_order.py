"""Which of two numbers is the latitude. DJI writes both orders; the wrong one is another country.

A proof in the file comes first: a number beyond 90 is a longitude, and the distance from home that
the aircraft writes fits one order alone. Then what the operator states. Then the dialect's known
order, each known from files where a number beyond 90 proved it:

- LINES (Mavic Pro, Inspire): 149.0251,-20.2532 in the samples, so longitude first;
- CAPTION (Phantom 4 Pro, P4 RTK, Mavic Mini): -121.7458, 48.0771, so longitude first, and the
  distances from home of the P4 RTK agree;
- METRES (Matrice 300): the sample proves nothing; public files of New Zealand, -41.3899,174.0177
  with "0.0M", do: latitude first;
- DECIMAL: both orders are met in what people publish; nothing is taken without a proof.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from morina.sense.aerial.sources.dji_srt_packet import Form, Packet, Pair
from morina.sense.aerial.telemetry import TelemetryError


class Order(StrEnum):
    """Which of the two numbers stands first."""

    LAT_LON = "lat_lon"
    LON_LAT = "lon_lat"


@dataclass(frozen=True, slots=True)
class Decided:
    """``ground`` says in words how it was decided."""

    order: Order
    ground: str


KNOWN = {
    Form.NAMED: Order.LAT_LON,
    Form.LINES: Order.LON_LAT,
    Form.CAPTION: Order.LON_LAT,
    Form.METRES: Order.LAT_LON,
}
FAR_M = 40.0
"""Nearer home than this, rounded places say nothing of the order."""

DEGREE_M = 111_195.0


def decide(form: Form, packets: Sequence[Packet], stated: Order | None) -> Decided:
    """The order of one form's packets; TelemetryError where it stays open, or contradicts."""
    if form is Form.NAMED:
        return Decided(Order.LAT_LON, "the fields are named")
    proved = _by_range(packets) or _by_distance(packets)
    if proved and stated and proved.order is not stated:
        raise TelemetryError(
            f"packet {packets[0].number}", f"the order stated is wrong: {proved.ground}",
            f"say order={proved.order}, or leave it out",
        )  # fmt: skip
    if proved:
        return proved
    if stated:
        return Decided(stated, "the operator states it")
    if known := KNOWN.get(form):
        return Decided(known, f"the dialect {form} is known to write it so")
    raise TelemetryError(
        f"packet {packets[0].number}", f"{form} does not say which number is the latitude",
        "compare with the place flown and say order=lat_lon or order=lon_lat",
    )  # fmt: skip


def placed(pair: Pair, order: Order) -> tuple[float, float]:
    """Latitude, longitude."""
    if order is Order.LAT_LON:
        return pair.first, pair.second
    return pair.second, pair.first


def _by_range(packets: Sequence[Packet]) -> Decided | None:
    pairs = [p for packet in packets for p in (packet.place, packet.home) if p]
    first = any(abs(pair.first) > 90 for pair in pairs)
    second = any(abs(pair.second) > 90 for pair in pairs)
    if first and second:
        raise TelemetryError(
            f"packet {packets[0].number}", "both numbers of a place are beyond 90 in one file",
            "take the file anew from the drone",
        )  # fmt: skip
    if first:
        return Decided(Order.LON_LAT, "the first number goes beyond 90: it is the longitude")
    return (
        Decided(Order.LAT_LON, "the second number goes beyond 90: it is the longitude")
        if second
        else None
    )


def _by_distance(packets: Sequence[Packet]) -> Decided | None:
    """The distance from home that is written fits one order within a tenth and the other not."""
    off = {order: _off(packets, order) for order in Order}
    if any(value is None for value in off.values()):
        return None
    ranked = sorted((value or 0.0, order) for order, value in off.items())
    (best, order), (worst, _) = ranked
    if best > 0.05 or worst < max(0.1, 3 * best):
        return None
    return Decided(order, "only so does the distance from home fit what is written")


def _off(packets: Sequence[Packet], order: Order) -> float | None:
    """How far the written distance is off, as a share of it: the median."""
    shares = [
        abs(_apart_m(packet.place, packet.home, order) - packet.apart_m) / packet.apart_m
        for packet in packets
        if packet.place and packet.home and packet.apart_m and packet.apart_m > FAR_M
    ]
    return statistics.median(shares) if len(shares) >= 3 else None


def _apart_m(a: Pair, b: Pair, order: Order) -> float:
    (lat_a, lon_a), (lat_b, lon_b) = placed(a, order), placed(b, order)
    east = (lon_a - lon_b) * math.cos(math.radians((lat_a + lat_b) / 2))
    return DEGREE_M * math.hypot(lat_a - lat_b, east)
