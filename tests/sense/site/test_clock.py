from datetime import UTC, datetime, timedelta

from morina.sense.site import CameraClocks, Offset, OffsetMeter, offset_of

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_an_offset_is_taken_at_the_middle_of_the_trip() -> None:
    assert offset_of(NOON, NOON + seconds(31), NOON + seconds(2)) == Offset(30.0, 2.0)


def test_the_shortest_trip_is_believed() -> None:
    meter = OffsetMeter()
    assert meter.best is None
    for sample in (Offset(5.0, 4.0), Offset(3.0, 0.1), Offset(9.0, 8.0)):
        meter.put(sample)
    assert meter.best == Offset(3.0, 0.1)
    meter.forget()
    assert meter.best is None


def test_an_old_measurement_gives_way() -> None:
    """A clock that is set must show, however short the trip was before."""
    meter = OffsetMeter()
    meter.put(Offset(600.0, 0.001))
    for _ in range(8):
        meter.put(Offset(0.0, 0.01))
    assert meter.best == Offset(0.0, 0.01)


def test_a_camera_behind_or_ahead_is_flagged_and_a_slow_one_is_not() -> None:
    clocks = CameraClocks(within_s=2.0)
    for late in (0.4, 30.0, 90.0):
        clocks.put("slow now and then", NOON, NOON + seconds(late))
        clocks.put("behind", NOON, NOON + seconds(60 + late))
        clocks.put("ahead", NOON + seconds(100), NOON + seconds(late))
    assert clocks.wrong() == {"behind": 60.4, "ahead": -99.6}
    assert not clocks.is_wrong("slow now and then")
    assert not clocks.is_wrong("never seen")


def test_two_reads_are_not_enough_to_flag_a_camera() -> None:
    clocks = CameraClocks(within_s=2.0)
    for _ in range(2):
        clocks.put("c", NOON, NOON + seconds(60))
    assert clocks.behind_s("c") is None
    assert not clocks.is_wrong("c")


def test_a_camera_whose_clock_was_mended_is_cleared() -> None:
    clocks = CameraClocks(within_s=2.0)
    for _ in range(20):
        clocks.put("c", NOON, NOON + seconds(60))
    assert clocks.is_wrong("c")
    clocks.put("c", NOON, NOON + seconds(0.5))
    assert not clocks.is_wrong("c")
