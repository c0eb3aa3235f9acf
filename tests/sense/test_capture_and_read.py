from datetime import UTC, datetime
from uuid import uuid4

import pytest

from morina.plates import Plate
from morina.sense import Capture, NaiveTimeError, OutOfRangeError, Read

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_read(at: datetime = NOON, camera_id: str = "c", confidence: float = 1.0) -> Read:
    return Read(
        read_id=uuid4(),
        camera_id=camera_id,
        captured_at=at,
        received_at=NOON,
        plate=Plate("AB12CDE"),
        confidence=confidence,
    )


def a_capture(at: datetime = NOON, camera_id: str = "c") -> Capture:
    return Capture(
        capture_id=uuid4(), camera_id=camera_id, captured_at=at, received_at=NOON, image="0" * 64
    )


@pytest.mark.parametrize("make", [a_read, a_capture])
def test_a_time_without_zone_is_refused(make: type) -> None:
    with pytest.raises(NaiveTimeError, match=r"add one, such as \+00:00"):
        make(datetime(2026, 11, 21, 12))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("make", [a_read, a_capture])
@pytest.mark.parametrize("year", [1970, 1999, 2100, 9999])
def test_a_clock_of_another_century_is_refused(make: type, year: int) -> None:
    with pytest.raises(OutOfRangeError, match="mend the clock"):
        make(NOON.replace(year=year))


@pytest.mark.parametrize("make", [a_read, a_capture])
@pytest.mark.parametrize("camera_id", ["", "a\0b", "a\nb", "c" * 65])
def test_a_camera_id_nobody_can_store_is_refused(make: type, camera_id: str) -> None:
    with pytest.raises(OutOfRangeError, match="camera_id"):
        make(camera_id=camera_id)


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        a_read(confidence=confidence)
