"""Airdata CSV: units by header, gimbal angles, and faults that name column and row."""

from datetime import UTC, datetime

import pytest

from morina.sense.aerial import Angles, Height, HeightDatum, TelemetryError
from morina.sense.aerial.sources.airdata import flight

HEADER = (
    "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),"
    "altitude_above_seaLevel(feet), compass_heading(degrees),isVideo,"
    "gimbal_heading(degrees),gimbal_pitch(degrees),gimbal_roll(degrees),speed(mph)"
)
ROWS = (
    "0,2031-02-03 04:05:06,12.345678,-41.234567,0,1000, 40.1,0,10.5,-45,0.5,0",
    "500,2031-02-03 04:05:06,12.345679,-41.234567,100,1100, 40.1,1,11.5,-46,0.5,1",
    "700,2031-02-03 04:05:07,12.345680,-41.234567,200,1200, 40.1,1,-1.5,-47,0.5,1",
)


def log(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows)).encode()


def test_feet_become_metres_above_take_off_whose_height_is_known() -> None:
    found = flight(log(*ROWS))
    assert [m.height for m in found.telemetry] == [
        Height(pytest.approx(30.48), HeightDatum.TAKEOFF),
        Height(pytest.approx(60.96), HeightDatum.TAKEOFF),
    ]
    assert found.takeoff == Height(pytest.approx(304.8), HeightDatum.EGM96)
    assert any("EGM96" in note for note in found.notes)


def test_metres_stay_metres_and_an_unknown_unit_is_refused() -> None:
    metric = flight(log(*ROWS, header=HEADER.replace("feet", "meters")))
    assert metric.telemetry[0].height.metres == 100
    with pytest.raises(TelemetryError, match="column height_above_takeoff: 'cubits'"):
        flight(log(*ROWS, header=HEADER.replace("feet", "cubits")))


def test_seconds_count_from_where_the_recording_began() -> None:
    found = flight(log(*ROWS))
    assert [m.at_s for m in found.telemetry] == pytest.approx([0.0, 0.2])
    assert "1 rows before the first recording passed over" in found.notes


def test_the_clock_is_utc_and_finer_than_its_whole_seconds() -> None:
    """The second row that says :07 came 700 ms after the first: the log began at :06.3."""
    wanted = datetime(2031, 2, 3, 4, 5, 6, 800_000, tzinfo=UTC)
    assert flight(log(*ROWS)).telemetry[0].at == wanted


def test_gimbal_angles_are_heading_pitch_roll() -> None:
    cameras = [m.camera for m in flight(log(*ROWS)).telemetry]
    assert cameras == [Angles(11.5, -46.0, 0.5), Angles(358.5, -47.0, 0.5)]


def test_without_gimbal_columns_it_is_said_to_lack_them() -> None:
    found = flight(log(*ROWS, header=HEADER.replace("gimbal_", "other_")))
    assert found.lacks == ("gimbal angles", "field of view")
    assert found.telemetry[0].camera is None


def test_a_log_that_never_filmed_counts_from_its_start() -> None:
    found = flight(log(*(row.replace(",1,", ",0,") for row in ROWS)))
    assert len(found.telemetry) == 3
    assert any("does not say when the video began" in note for note in found.notes)
    assert "when the video began" in found.lacks


def test_several_recordings_are_noted() -> None:
    third = ROWS[2].replace("700", "900")
    pause = ROWS[2].replace(",1,", ",0,")
    found = flight(log(*ROWS[:2], pause, third))
    said = "2 recordings in one log: seconds count from the first; they began at 0.0, 0.4 s"
    assert said in found.notes
    assert "when the video began" in found.lacks
    assert "when the video began" not in flight(log(*ROWS)).lacks


def test_a_byte_order_mark_and_blank_lines_change_nothing() -> None:
    plain = flight(log(*ROWS))
    assert flight(b"\xef\xbb\xbf" + log(ROWS[0], "", *ROWS[1:])) == plain


def test_rows_without_a_fix_are_passed_over() -> None:
    lost = (
        ROWS[0].replace("12.345678,-41.234567", ","),
        ROWS[0].replace("12.345678,-41.234567", "0,0"),
    )
    assert "2 rows without a position passed over" in flight(log(*lost, *ROWS)).notes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "row 1: no column time"),
        (log(*ROWS, header=HEADER.replace("longitude", "length")), "row 1: no column longitude"),
        (log(), "no row has a position"),
        (log(ROWS[0], ROWS[1].replace("-46", "north")), "row 3, column gimbal_pitch: 'north'"),
        (log(ROWS[0], ROWS[1].replace("100,", "nan,", 1)), "row 3, column height_above_takeoff"),
        (log(ROWS[0], "500,2031-02-03 04:05:06,12.3,-4"), "row 3, column height_above"),
        (log(ROWS[1], ROWS[0]), "row 3, column time: time goes backwards"),
        (log(ROWS[0].replace("12.345678", "92.345678")), "is no place"),
        (log(ROWS[0].replace("2031-02-03", "yesterday")), "row 2, column datetime"),
        (log(ROWS[0], ROWS[1] + "," + "x" * 200_000), "field larger"),
    ],
)  # fmt: skip
def test_a_fault_names_its_row_and_column(content: bytes, said: str) -> None:
    with pytest.raises(TelemetryError) as refused:
        flight(content)
    assert said in str(refused.value)
