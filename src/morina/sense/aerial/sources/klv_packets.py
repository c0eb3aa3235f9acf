"""MISB ST 0601 packets in bytes: found, checked and read item by item, through tstrans.

Nothing else of Morina knows that library's names for items; here they are numbered as in the
standard. Items it cannot read are left out of a packet, and the rest of the packet is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from tstrans.exceptions import KlvError
from tstrans.klv import ST_0601_UL, UasDatalinkLs, decode_uas_datalink

LONGEST = 65_535
"""Bytes of the longest packet believed. A greater length is a damaged one."""

_OF_KEY = len(ST_0601_UL)

ITEMS = {
    2: "timestamp_us",
    5: "platform_heading_deg",
    6: "platform_pitch_deg",
    7: "platform_roll_deg",
    13: "sensor_lat_deg",
    14: "sensor_lon_deg",
    15: "sensor_alt_m",
    16: "sensor_hfov_deg",
    17: "sensor_vfov_deg",
    18: "sensor_rel_az_deg",
    19: "sensor_rel_el_deg",
    20: "sensor_rel_roll_deg",
    21: "slant_range_m",
    23: "frame_center_lat_deg",
    24: "frame_center_lon_deg",
    75: "sensor_ellipsoid_height_m",
    90: "platform_pitch_full_deg",
    91: "platform_roll_full_deg",
    104: "sensor_ellipsoid_height_extended_m",
    136: "leap_seconds",
    137: "correction_offset_us",
}
"""Item of ST 0601.19 to its name in the library; degrees, metres, microseconds, seconds."""


@dataclass(frozen=True, slots=True)
class Packet:
    """``place``: its first byte. ``items`` of ``ITEMS`` that it holds and that have a value.

    ``fault`` says why nothing of it is believed; ``items`` is empty then.
    """

    place: int
    items: Mapping[int, float] = field(default_factory=dict)
    fault: str = ""


def packets(chunks: Iterable[bytes]) -> Iterator[Packet]:
    """All packets in bytes that come in pieces of any size, damaged ones too, in their order.

    After a damaged packet the next key is looked for from just behind its own, as its length may
    be what is damaged. Bytes between packets, and other sets, are passed over.
    """
    held, place = b"", 0
    for chunk in chain(chunks, (None,)):
        held, used = held + (chunk or b""), 0
        while (start := held.find(ST_0601_UL, used)) >= 0:
            end = _end(held, start)
            if chunk is not None and (end is None or end > len(held)):
                break
            packet = _read(held[start:end], place + start)
            yield packet
            used = start + _OF_KEY if packet.fault or end is None else end
        used = start if start >= 0 else max(used, len(held) - _OF_KEY + 1)
        held, place = held[used:], place + used


def items_of(packet: bytes) -> Mapping[int, float]:
    """Of one packet with its key. KlvError where it is damaged: structure, length, checksum."""
    said = decode_uas_datalink(packet)
    found = ((tag, _value(said, name)) for tag, name in ITEMS.items())
    return {tag: value for tag, value in found if value is not None}


def _value(said: UasDatalinkLs, name: str) -> float | None:
    value: float | None = getattr(said, name)
    return value


def _read(packet: bytes, place: int) -> Packet:
    try:
        return Packet(place, items_of(packet))
    except KlvError as error:
        return Packet(place, fault=error.kind.value.replace("_", " "))


def _end(held: bytes, start: int) -> int | None:
    """Where the packet whose key is at ``start`` ends; None while its length is not all there.

    A length by BER (SMPTE ST 336), short or long. One that cannot be is taken for none, so that
    the packet ends there and is found damaged.
    """
    at = start + _OF_KEY
    if at >= len(held):
        return None
    if held[at] < 0x80:
        return at + 1 + held[at]
    begins = at + 1 + (held[at] & 0x7F)
    if begins > at + 5:
        return at + 1
    if begins > len(held):
        return None
    length = int.from_bytes(held[at + 1 : begins], "big")
    return begins + length if length <= LONGEST else begins
