"""MAVLink logs of a ground station."""

import math
from datetime import UTC, datetime

import pytest
from pymavlink.dialects.v20 import common

from mavlink_made import attitude, gimbal, log, mount, place
from morina.sense.aerial import Angles, Height, HeightDatum, TelemetryError
from morina.sense.aerial.sources.mavlink import flight
from morina.sense.aerial.sources.mavlink_packets import is_stamped


def near(camera: Angles | None, yaw: float, pitch: float, roll: float) -> bool:
    assert camera is not None
    return [camera.yaw, camera.pitch, camera.roll] == pytest.approx([yaw, pitch, roll], abs=1e-3)


def test_a_position_has_its_time_its_height_above_the_sea_and_its_take_off() -> None:
    found = flight(log(place(0.0), place(0.25)))
    one = found.telemetry[1]
    assert (one.latitude, one.longitude, one.at_s) == (-41.5, 112.25, 0.25)
    assert one.at == datetime(2031, 2, 3, 4, 5, 6, 250_000, tzinfo=UTC)
    assert one.height == Height(530.0, HeightDatum.EGM96)
    assert found.takeoff == Height(500.0, HeightDatum.EGM96)
    assert found.lacks == ("gimbal angles", "field of view", "when the video began")


def test_a_mount_that_says_its_yaw_from_north_is_taken_at_its_word() -> None:
    found = flight(log(place(0.0), attitude(0.0, 90), mount(0.1, 20, 300)))
    assert near(found.telemetry[0].camera, 300, -30, 0.5)


def test_a_mount_that_does_not_has_the_heading_added() -> None:
    found = flight(log(place(0.0), attitude(0.0, 350), mount(0.1, 20, math.nan)))
    assert near(found.telemetry[0].camera, 10, -30, 0.5)


@pytest.mark.parametrize(
    ("flags", "yaw"),
    [
        (common.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME, 40),
        (common.GIMBAL_DEVICE_FLAGS_YAW_LOCK, 40),
        (common.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME, 130),
        (
            common.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME | common.GIMBAL_DEVICE_FLAGS_YAW_LOCK,
            130,
        ),
        (0, 130),
    ],
)
def test_a_gimbals_yaw_counts_from_what_its_flags_say(flags: int, yaw: float) -> None:
    found = flight(log(place(0.0), attitude(0.0, 90), gimbal(0.1, flags, 40, -35)))
    assert near(found.telemetry[0].camera, yaw, -35, 0)


def test_without_the_heading_it_needs_there_is_no_camera() -> None:
    found = flight(log(place(0.0), gimbal(0.1, 0, 40, -35)))
    assert found.telemetry[0].camera is None
    assert "gimbal angles" in found.lacks


def test_the_older_protocol_is_read() -> None:
    found = flight(log(place(0.0), place(0.25), v1=True))
    assert [m.latitude for m in found.telemetry] == [-41.5, -41.5]


def test_an_old_word_of_the_gimbal_says_nothing_of_now() -> None:
    found = flight(log(gimbal(0.0, 64, 40, -35), place(0.4), place(0.6)))
    assert [m.camera is None for m in found.telemetry] == [False, True]


def test_the_camera_says_its_field_of_view() -> None:
    status = common.MAVLink_camera_fov_status_message(
        0, 0, 0, 0, 0, 0, 0, [1.0, 0.0, 0.0, 0.0], 60.0, 35.0
    )
    found = flight(log((0.0, status), place(0.1)))
    assert found.telemetry[0].view == (60.0, 35.0)


def test_other_aircraft_are_passed_over_and_counted() -> None:
    found = flight(log(place(0.0)) + log(place(0.1, lat=12.0), system=2) + log(place(0.2)))
    assert [m.latitude for m in found.telemetry] == [-41.5, -41.5]
    assert "1 positions of other aircraft passed over" in found.notes


def test_damage_costs_what_is_damaged_alone() -> None:
    good, other = log(place(0.0)), log(place(0.3))
    torn = bytearray(log(place(0.1)))
    torn[25] ^= 0xFF
    assert len(flight(good + torn + b"\x00noise\xfd" + other).telemetry) == 2


def test_a_log_without_a_fix_is_refused() -> None:
    with pytest.raises(TelemetryError, match="no GLOBAL_POSITION_INT with a fix"):
        flight(log(attitude(0.0, 10)))
    unfixed = common.MAVLink_global_position_int_message(0, 0, 0, 0, 0, 0, 0, 0, 0)
    with pytest.raises(TelemetryError):
        flight(log((0.0, unfixed)))


def test_a_log_is_known_by_its_stamps() -> None:
    assert is_stamped(log(place(0.0)))
    assert not is_stamped(b"1\n00:00:00,000 --> 00:00:01,000\n" * 4)
    assert not is_stamped(b"")
