from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from morina.sense.aerial import Angles, Flight, Height, HeightDatum, Spread, Telemetry
from morina.sense.aerial.looking.times import Timeline

SPREAD = Spread(horizontal_m=3, vertical_m=3, yaw_deg=1, pitch_deg=1, roll_deg=1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Telemetry(
    at_s=10.0, latitude=42.0, longitude=179.9999, height=Height(100, HeightDatum.EGM96),
    spread=SPREAD, at=NOON, camera=Angles(350, -30, -2), view=(60, 36), told_slant_m=200,
)  # fmt: skip
OTHER = replace(
    ONE, at_s=11.0, latitude=42.001, longitude=-179.9999, height=Height(110, HeightDatum.EGM96),
    at=NOON + timedelta(seconds=1), camera=Angles(10, -50, 2), view=(30, 18),
)  # fmt: skip


def _at(at_s: float, *said: Telemetry, most_gap_s: float = 2.0) -> Telemetry | None:
    return Timeline(Flight(source="invented", telemetry=said), most_gap_s).at(at_s)


def test_between_two_sayings_all_goes_in_proportion_and_the_short_way_round() -> None:
    found = _at(10.25, OTHER, ONE)
    assert found is not None
    assert (found.at_s, found.latitude, found.longitude) == pytest.approx(
        (10.25, 42.00025, 179.99995)
    )
    assert found.height == Height(102.5, HeightDatum.EGM96)
    assert found.camera == Angles(355, -35, -1)
    assert found.view == (52.5, 31.5)
    assert found.at == NOON + timedelta(seconds=0.25)
    assert found.told_slant_m is None


def test_angles_that_one_of_the_two_lacks_are_not_guessed() -> None:
    found = _at(10.1, ONE, replace(OTHER, camera=None, view=None))
    assert found is not None
    assert found.camera is None and found.view is None


def test_heights_of_two_datums_are_not_mixed() -> None:
    other = replace(OTHER, height=Height(150, HeightDatum.ELLIPSOID))
    near, far = _at(10.4, ONE, other), _at(10.6, ONE, other)
    assert near is not None and near.height == ONE.height
    assert far is not None and far.height == other.height


@pytest.mark.parametrize(
    ("at_s", "there"), [(7.9, False), (8.1, True), (12.9, True), (13.1, False), (11.0, True)]
)
def test_before_the_first_and_after_the_last_it_is_said_for_two_seconds(
    at_s: float, there: bool
) -> None:
    assert (_at(at_s, ONE, OTHER) is not None) is there


def test_in_a_longer_gap_nothing_is_said() -> None:
    late = replace(OTHER, at_s=12.5)
    assert _at(11.0, ONE, late) is None
    assert _at(12.5, ONE, late) is not None
    assert _at(1.0) is None
