"""MISB ST 0601 packets become a flight; what is damaged is passed over and said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tstrans.klv import VmtiLs, encode_vmti_standalone

from klv_made import BEGAN, said
from morina.sense.aerial import Angles, Height, HeightDatum, Spread, TelemetryError
from morina.sense.aerial.sources.klv import flight


def test_a_packet_says_where_the_camera_is_and_which_way_it_looks() -> None:
    (one,) = flight([said(platform_pitch_deg=0.0, platform_roll_deg=0.0)]).telemetry
    assert (one.latitude, one.longitude) == pytest.approx((42.1, 20.4), abs=1e-7)
    assert one.at == BEGAN and one.at_s == 0.0
    assert one.height.datum is HeightDatum.EGM96
    assert one.height.metres == pytest.approx(1500.0, abs=0.2)
    assert one.camera is not None and (one.camera.yaw, one.camera.pitch) == pytest.approx(
        (135.0, -30.0), abs=0.01
    )
    assert one.view == pytest.approx((30.0, 20.0), abs=0.01)
    assert one.told_centre == pytest.approx((42.105, 20.41), abs=1e-6)
    assert one.told_slant_m == pytest.approx(900.0, abs=0.01)


def test_pieces_of_any_size_make_the_same_flight() -> None:
    data = b"\x00\x06\x0e" + b"".join(said(number) for number in range(20))
    whole = flight([data])
    assert len(whole.telemetry) == 20 and whole.telemetry[-1].at_s == pytest.approx(0.76)
    for size in (1, 7, 16, 100):
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert flight(pieces) == whole


@pytest.mark.parametrize(
    ("changes", "height"),
    [
        ({}, Height(1500.0, HeightDatum.EGM96)),
        ({"sensor_ellipsoid_height_m": 1540.0}, Height(1540.0, HeightDatum.ELLIPSOID)),
        (
            {"sensor_ellipsoid_height_m": 1540.0, "sensor_ellipsoid_height_extended_m": 1540.7},
            Height(1540.7, HeightDatum.ELLIPSOID),
        ),
    ],
)
def test_the_height_names_what_it_is_counted_from(
    changes: dict[str, float], height: Height
) -> None:
    (one,) = flight([said(**changes)]).telemetry
    assert one.height.datum is height.datum
    assert one.height.metres == pytest.approx(height.metres, abs=0.2)


def test_full_angles_are_taken_where_the_narrow_ones_end() -> None:
    (one,) = flight([
        said(platform_pitch_deg=None, platform_pitch_full_deg=-60.0, platform_roll_deg=0.0,
             sensor_rel_az_deg=0.0, sensor_rel_el_deg=0.0)
    ]).telemetry  # fmt: skip
    assert one.camera is not None and one.camera.pitch == pytest.approx(-60.0, abs=1e-6)


@pytest.mark.parametrize(
    "missing",
    ["platform_heading_deg", "platform_pitch_deg", "sensor_rel_az_deg", "sensor_rel_roll_deg"],
)
def test_one_angle_missing_and_the_camera_is_not_guessed(missing: str) -> None:
    made = flight([said(**{missing: None})])
    assert made.telemetry[0].camera is None and made.lacks[0] == "camera angles"


def test_a_field_of_view_of_nothing_is_none() -> None:
    made = flight([said(sensor_hfov_deg=0.0)])
    assert made.telemetry[0].view is None and made.lacks[0] == "field of view"


def test_leap_seconds_and_correction_make_the_clock_utc() -> None:
    (one,) = flight([said(leap_seconds=29, correction_offset_us=500_000)]).telemetry
    assert one.at == BEGAN - timedelta(seconds=28.5)
    plain = flight([said()])
    assert plain.telemetry[0].at == BEGAN and "taken for UTC" in plain.notes[-1]


def broken(packet: bytes) -> bytes:
    return packet[:-5] + bytes([packet[-5] ^ 1]) + packet[-4:]


DAMAGE: list[tuple[Callable[[bytes], bytes], str]] = [
    (broken, "checksum mismatch"),
    (lambda packet: packet[:16] + b"\x84\x7f\xff\xff\xff" + packet[18:], "truncated set"),
    (lambda packet: packet[:-30], ""),
    (lambda _: said(sensor_lat_deg=None), "no latitude (item 13)"),
    (lambda _: said(timestamp_us=None), "no time (item 2)"),
    (lambda _: said(sensor_alt_m=None), "no height (items 15, 75, 104)"),
    (lambda _: said(timestamp_us=2**64 - 1), "its time is no time"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGE)
def test_a_damaged_packet_is_passed_over_and_its_byte_is_named(
    damage: Callable[[bytes], bytes], why: str
) -> None:
    before = b"".join(said(number) for number in range(3))
    made = flight([before + damage(said(3)) + said(4) + said(5)])
    assert [round(one.at_s * 25) for one in made.telemetry] == [0, 1, 2, 4, 5]
    assert any(f"at byte {len(before)}" in note and why in note for note in made.notes)


def test_many_damaged_packets_are_counted_and_five_are_placed() -> None:
    made = flight([said()] + [broken(said(number)) for number in range(8)])
    assert made.notes[0].startswith("8 packets passed over, checksum mismatch: at byte ")
    assert made.notes[0].endswith("and more") and made.notes[0].count("byte") == 5


def test_a_cut_end_is_said() -> None:
    made = flight([said() + said(1)[:-1]])
    assert len(made.telemetry) == 1 and len(made.notes) == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"\x47", b"1\n00:00:00 --> ", broken(said()), said()[5:], bytes(5000),
     encode_vmti_standalone(VmtiLs(version_number=6, num_targets_reported=0))],
)  # fmt: skip
def test_nothing_usable_is_an_error_that_says_what_to_do(data: bytes) -> None:
    with pytest.raises(TelemetryError, match="ground station"):
        flight([data])


def test_the_spread_is_the_one_given() -> None:
    spread = Spread(horizontal_m=1, vertical_m=2, yaw_deg=3, pitch_deg=4, roll_deg=5)
    assert flight([said()], spread).telemetry[0].spread is spread


def test_packets_out_of_order_are_put_in_order() -> None:
    made = flight([said(5) + said(2) + said(9)])
    assert [round(one.at_s * 25) for one in made.telemetry] == [0, 3, 7]


def test_a_camera_straight_down_has_a_way() -> None:
    (one,) = flight([
        said(platform_pitch_deg=0.0, platform_roll_deg=0.0, sensor_rel_az_deg=0.0,
             sensor_rel_el_deg=-90.0)
    ]).telemetry  # fmt: skip
    assert one.camera is not None
    assert one.camera.pitch == pytest.approx(-90.0, abs=1e-3)
    assert Angles(one.camera.yaw, 0).yaw == pytest.approx(90.0, abs=0.1)
