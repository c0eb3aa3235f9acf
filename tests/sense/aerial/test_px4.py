"""PX4 logs of an aircraft."""

import math
from datetime import UTC, datetime

import pytest

from morina.sense.aerial import Height, HeightDatum, TelemetryError
from morina.sense.aerial.sources.px4 import flight
from px4_made import log, place, turn


def test_a_position_has_its_own_accuracy_and_the_height_above_the_sea() -> None:
    found = flight(log(place(5_000_000), place(5_200_000)))
    one = found.telemetry[1]
    assert (one.latitude, one.longitude) == (-41.5, 112.25)
    assert one.at_s == pytest.approx(0.2)
    assert one.height == Height(530.0, HeightDatum.EGM96)
    assert one.spread.horizontal_m == pytest.approx(1.2)
    assert one.spread.vertical_m == pytest.approx(2.5)
    assert found.lacks[0] == "gimbal angles"
    assert "mean sea level taken as EGM96: the log does not say which" in found.notes


def test_a_height_above_the_ellipsoid_is_preferred_where_it_is_filled() -> None:
    found = flight(log(place(0, ellipsoid=572.5), place(1, ellipsoid=530.0)))
    assert [m.height for m in found.telemetry] == [
        Height(572.5, HeightDatum.ELLIPSOID),
        Height(530.0, HeightDatum.EGM96),
    ]


@pytest.mark.parametrize(("flags", "yaw"), [(64, 40.0), (16, 40.0), (32, 130.0), (0, 130.0)])
def test_the_gimbals_yaw_counts_from_what_its_flags_say(flags: int, yaw: float) -> None:
    found = flight(
        log(
            place(1_000_000),
            ("vehicle_attitude", (1_010_000, *turn(90, 3))),
            ("gimbal_device_attitude_status", (1_020_000, *turn(40, -35), flags)),
        )
    )
    camera = found.telemetry[0].camera
    assert camera is not None
    assert [camera.yaw, camera.pitch, camera.roll] == pytest.approx([yaw, -35, 0], abs=0.01)


def test_without_the_heading_or_near_in_time_there_is_no_camera() -> None:
    far = log(place(1_000_000), ("gimbal_device_attitude_status", (1_600_000, *turn(40, -35), 64)))
    headless = log(
        place(1_000_000), ("gimbal_device_attitude_status", (1_000_000, *turn(40, -35), 0))
    )
    assert flight(far).telemetry[0].camera is None
    assert flight(headless).telemetry[0].camera is None


def test_the_gps_sets_the_clock() -> None:
    utc = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
    gps = ("vehicle_gps_position", (2_000_000, int(utc.timestamp() * 1e6)))
    unset = ("vehicle_gps_position", (1_000_000, 0))
    found = flight(log(unset, gps, place(2_500_000)))
    assert found.telemetry[0].at == datetime(2031, 2, 3, 4, 5, 6, 500_000, tzinfo=UTC)
    assert "clock with a zone" not in found.lacks


def test_a_mount_whose_yaw_counts_from_what_nobody_says_is_passed_over() -> None:
    found = flight(log(place(0), ("mount_orientation", (0, 0.0, -0.5, 0.3))))
    assert found.telemetry[0].camera is None
    assert any("mount_orientation passed over" in note for note in found.notes)


def test_positions_without_a_fix_are_passed_over() -> None:
    found = flight(log(place(0), place(1, lat=math.nan), place(2, lat=95.0)))
    assert "2 positions without a fix passed over" in found.notes


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ULog\x01\x12\x35\x01",
        log(),
        log(("vehicle_attitude", (0, *turn(0, 0)))),
        log(place(0, lat=math.nan)),
        log(place(0))[:-20],
        log(place(0))[:80],
        log(place(0))[:70] + bytes(300),
        b"ULog\x01\x12\x35\x01" + bytes(range(256)) * 8,
    ],
)
def test_what_is_broken_or_has_no_position_is_refused(content: bytes) -> None:
    with pytest.raises(TelemetryError):
        flight(content)
