"""What a person states of a flight, and the flight with it."""

import math
from dataclasses import replace

import pytest

from morina.sense.aerial import Angles, Flight, Height, HeightDatum, Spread, Telemetry
from morina.sense.aerial.sources.as_stated import as_stated
from morina.sense.aerial.stated import FilmKind, PlaceOrder, Stated, StatedError

SPREAD = Spread(horizontal_m=3, vertical_m=4, yaw_deg=3, pitch_deg=1, roll_deg=1)
SHAPE = (1600, 1200)


def moment(at_s: float, **changes: object) -> Telemetry:
    """Flies north at 20 m/s, turns 10 degrees a second."""
    plain = Telemetry(
        at_s=at_s, latitude=10 + at_s * 20 / 111_195, longitude=20.0, spread=SPREAD,
        height=Height(100.0, HeightDatum.UNKNOWN), camera=Angles((355 + 10 * at_s) % 360, -45.0),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def flight(**changes: object) -> Flight:
    lacks = ("field of view", "height above a known datum", "when the video began")
    moments = tuple(moment(n / 2) for n in range(9))
    return replace(Flight(source="made", telemetry=moments, lacks=lacks), **changes)  # type: ignore[arg-type]


def test_nothing_stated_changes_nothing() -> None:
    plain = flight(lacks=("field of view",))
    assert as_stated(plain, Stated(), SHAPE) == plain


def test_until_the_beginning_is_stated_a_note_says_what_to_look_for_in_the_video() -> None:
    waits = [replace(moment(0), at_s=float(n)) for n in range(5)]
    flies = [replace(moment(n), at_s=5.0 + n) for n in range(3)]
    made = as_stated(flight(telemetry=(*waits, *flies)), Stated(), SHAPE)
    assert made.notes[-1].startswith("the aircraft leaves its first place 6.0 s into the telemetry")
    assert as_stated(flight(telemetry=waits), Stated(), SHAPE).notes == ()
    assert as_stated(flight(), Stated(video_begins_s=0.0), SHAPE).notes == ()


def test_the_video_begins_where_it_is_stated_and_its_error_is_the_movement_of_half_a_second() -> (
    None
):
    made = as_stated(flight(), Stated(video_begins_s=1.5), SHAPE)
    assert [one.at_s for one in made.telemetry[:4]] == [-1.5, -1.0, -0.5, 0.0]
    assert "when the video began" not in made.lacks
    spread = made.telemetry[4].spread
    assert spread.horizontal_m == pytest.approx(math.hypot(3, 10), rel=1e-3)
    assert spread.yaw_deg == pytest.approx(math.hypot(3, 5))
    assert (spread.vertical_m, spread.pitch_deg) == (4, 1)


def test_telemetry_alone_lacks_no_beginning_of_a_video() -> None:
    made = as_stated(flight(), Stated(video_begins_s=1.5), None)
    assert [one.at_s for one in made.telemetry] == [n / 2 for n in range(9)]
    assert "when the video began" not in made.lacks


def test_a_stated_field_of_view_fills_what_the_source_leaves_open_alone() -> None:
    own = replace(flight().telemetry[0], view=(50.0, 40.0))
    made = as_stated(flight(telemetry=(own, moment(1))), Stated(view_across_deg=90.0), SHAPE)
    down = 2 * math.degrees(math.atan(0.75))
    assert made.telemetry[0].view == (50.0, 40.0)
    assert made.telemetry[1].view == pytest.approx((90.0, down))
    assert "field of view" not in made.lacks


def test_a_field_of_view_across_tells_none_down_where_there_is_no_picture() -> None:
    made = as_stated(flight(), Stated(view_across_deg=90.0), None)
    assert made.telemetry[0].view is None and "field of view" in made.lacks
    both = as_stated(flight(), Stated(view_across_deg=90.0, view_down_deg=60.0), None)
    assert both.telemetry[0].view == (90.0, 60.0)


def test_a_stated_datum_is_that_of_heights_nobody_knows() -> None:
    known = replace(moment(1), height=Height(7.0, HeightDatum.ELLIPSOID))
    stated = Stated(heights_from=HeightDatum.EGM96)
    made = as_stated(flight(telemetry=(moment(0), known)), stated, SHAPE)
    assert [one.height for one in made.telemetry] == [
        Height(100.0, HeightDatum.EGM96),
        known.height,
    ]
    assert "height above a known datum" not in made.lacks


def test_a_stated_take_off_counts_where_the_source_says_none_and_costs_its_error() -> None:
    stated = Stated(heights_from=HeightDatum.TAKEOFF, takeoff_m=612.0)
    made = as_stated(flight(), stated, SHAPE)
    assert made.takeoff == Height(612.0, HeightDatum.EGM96)
    assert made.telemetry[0].spread.vertical_m == pytest.approx(math.hypot(4, 5))
    own = flight(takeoff=Height(600.0, HeightDatum.EGM96))
    assert as_stated(own, stated, SHAPE).takeoff == own.takeoff
    assert as_stated(flight(), Stated(takeoff_here=True), SHAPE).takeoff_here


def test_what_is_stated_is_kept_as_plain_values() -> None:
    stated = Stated(
        video_begins_s=0.0, heights_from=HeightDatum.TAKEOFF, takeoff_here=True,
        view_across_deg=61.0, film=FilmKind.THERMAL, order=PlaceOrder.LAT_LON,
    )  # fmt: skip
    assert stated.said() == {
        "video_begins_s": 0.0, "heights_from": "above_takeoff", "takeoff_here": True,
        "view_across_deg": 61.0, "film": "thermal", "order": "lat_lon",
    }  # fmt: skip
    assert Stated.of(stated.said()) == stated
    assert Stated().said() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"video_begins_s": math.nan}, {"video_begins_s": 1e6}, {"view_across_deg": 180.0},
        {"view_across_deg": 0.0}, {"view_down_deg": 40.0}, {"takeoff_m": 20_000.0},
        {"takeoff_m": 600.0, "takeoff_here": True}, {"heights_from": "unknown"},
        {"heights_from": "the moon"}, {"film": "sepia"}, {"lens": 3.0},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong: dict[str, float | str | bool]) -> None:
    with pytest.raises(StatedError, match=r"state|stated|leave"):
        Stated.of(wrong)
