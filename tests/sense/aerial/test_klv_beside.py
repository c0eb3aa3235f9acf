"""The same packets read by another library give the same values, item by item."""

import random

import pytest
from stanag4609.st0601 import FieldDecodingMode, decode_uas_local_set

from klv_made import said
from morina.sense.aerial.sources.klv_packets import ITEMS, items_of, packets


def beside(packet: bytes) -> dict[int, float]:
    """What stanag4609 reads of the items Morina uses."""
    read = decode_uas_local_set(
        packet, require_version=False, field_decoding=FieldDecodingMode.PRESERVE
    )
    values = {tag: read.value(tag) for tag in ITEMS if read.get(tag) is not None}
    values[2] = read.misp_timestamp_microseconds
    return {tag: float(getattr(v, "value", v)) for tag, v in values.items() if v is not None}


def drawn(dice: random.Random) -> bytes:
    """A packet of values anywhere in their ranges."""
    wide = dice.random() < 0.5
    return said(
        dice.randrange(10_000),
        platform_heading_deg=dice.uniform(0, 360),
        platform_pitch_deg=None if wide else dice.uniform(-20, 20),
        platform_pitch_full_deg=dice.uniform(-90, 90) if wide else None,
        platform_roll_deg=None if wide else dice.uniform(-50, 50),
        platform_roll_full_deg=dice.uniform(-90, 90) if wide else None,
        sensor_lat_deg=dice.uniform(-90, 90), sensor_lon_deg=dice.uniform(-180, 180),
        sensor_alt_m=dice.uniform(-900, 19_000),
        sensor_ellipsoid_height_m=dice.uniform(-900, 19_000),
        sensor_ellipsoid_height_extended_m=dice.uniform(-900, 40_000) if wide else None,
        sensor_hfov_deg=dice.uniform(0, 180), sensor_vfov_deg=dice.uniform(0, 180),
        sensor_rel_az_deg=dice.uniform(0, 360), sensor_rel_el_deg=dice.uniform(-180, 180),
        sensor_rel_roll_deg=dice.uniform(0, 360), slant_range_m=dice.uniform(0, 5e6),
        frame_center_lat_deg=dice.uniform(-90, 90), frame_center_lon_deg=dice.uniform(-180, 180),
        leap_seconds=dice.randrange(60), correction_offset_us=dice.randrange(10**6),
    )  # fmt: skip


def test_two_libraries_read_the_same() -> None:
    dice = random.Random(601)
    for _ in range(300):
        packet = drawn(dice)
        mine, theirs = items_of(packet), beside(packet)
        assert mine.keys() == theirs.keys()
        for tag, value in mine.items():
            assert value == pytest.approx(theirs[tag], rel=1e-12, abs=1e-9), ITEMS[tag]


def test_a_place_nobody_knows_is_in_neither() -> None:
    """ST 0601 sends the lowest number where a value is an error: it is no place."""
    packet = said()
    start = packet.index(b"\x0d\x04")
    spoiled = packet[: start + 2] + b"\x80\0\0\0" + packet[start + 6 : -2]
    total = 0
    for at, byte in enumerate(spoiled):
        total += byte << (8 * ((at + 1) % 2))
    (found,) = packets([spoiled + (total & 0xFFFF).to_bytes(2, "big")])
    assert not found.fault and 13 not in found.items
