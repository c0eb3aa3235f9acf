"""What is looked at before a flight is cleared."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.sense.aerial import RefusedSortieError
from morina.sense.aerial.fleet.area import inside, ring, share_ground
from morina.sense.aerial.fleet.checks import (
    TABLE,
    Check,
    Checked,
    CheckState,
    checks,
    stops,
    warns,
)
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Airspace,
    AirspaceKind,
    Battery,
    FleetState,
    Level,
    Limits,
    Over,
    Pilot,
    Plan,
)

NOW = datetime(2031, 5, 1, 8, tzinfo=UTC)
SQUARE = ((10.0, 40.0), (10.1, 40.0), (10.1, 40.1), (10.0, 40.1))
AIRFRAME = Airframe(
    name="M-1", type="quad", serial="s1", hours=110, serviced_hours=100, service_every_h=50,
    service_due_on=date(2031, 9, 1),
)  # fmt: skip
BATTERY = Battery(
    name="B-1", serial="b1", cycles=20, health=0.95, retire_cycles=200, retire_health=0.8
)
PILOT = Pilot(
    name="ana", competence="own training", valid_to=date(2031, 12, 1),
    last_flight_at=NOW - timedelta(days=5),
)  # fmt: skip
LIMITS = Limits(height_m=100, height_source="order 7", recent_days=30, recent_source="order 7")
AIRSPACE = Airspace(
    airspace_id=UUID(int=1), name="Dam", kind=AirspaceKind.FORBIDDEN, ring=SQUARE,
    reference="map sheet 3",
)  # fmt: skip
FLEET = FleetState(airframes=[AIRFRAME], batteries=[BATTERY], pilots=[PILOT], limits=LIMITS)
PLAN = Plan(
    area=((10.05, 40.05), (10.2, 40.05), (10.2, 40.2)), height_m=80, begins_at=NOW,
    ends_at=NOW + timedelta(hours=1), airframe="M-1", battery="B-1", pilot="ana",
)  # fmt: skip
OK, WARN, STOP = CheckState.OK, CheckState.WARN, CheckState.STOP


def of(what: Checked, plan: Plan = PLAN, fleet: FleetState = FLEET) -> list[Check]:
    return [one for one in checks(plan, fleet, NOW) if one.what is what]


def worst(found: list[Check]) -> CheckState:
    return max((one.state for one in found), key=[OK, WARN, STOP].index)


def test_a_flight_with_everything_in_order_is_told_what_was_looked_at() -> None:
    found = checks(PLAN, FLEET, NOW)
    assert [one.what for one in found] == [what for what, _ in TABLE] == list(Checked)
    assert not stops(found)
    assert not warns(found)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"hours": 144.0}, OK),
        ({"hours": 145.0}, WARN),
        ({"hours": 150.0}, STOP),
        ({"service_due_on": date(2031, 5, 10)}, WARN),
        ({"service_due_on": date(2031, 5, 1)}, WARN),
        ({"service_due_on": date(2031, 4, 30)}, STOP),
        ({"service_every_h": None}, OK),
        ({"service_every_h": None, "service_due_on": None}, WARN),
        ({"grounded": "cracked arm"}, STOP),
        ({"name": "M-2"}, STOP),
    ],
)  # fmt: skip
def test_an_airframe_flies_only_while_its_service_is_not_due(
    changed: dict[str, object], state: CheckState
) -> None:
    fleet = replace(FLEET, airframes=[replace(AIRFRAME, **changed)])
    assert worst(of(Checked.AIRFRAME, fleet=fleet)) is state


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"cycles": 179}, OK),
        ({"cycles": 180}, WARN),
        ({"cycles": 200}, STOP),
        ({"health": None}, WARN),
        ({"health": 0.8}, OK),
        ({"health": 0.79}, STOP),
        ({"retire_cycles": None, "retire_health": None}, WARN),
        ({"name": "B-2"}, STOP),
    ],
)  # fmt: skip
def test_a_worn_battery_does_not_fly(changed: dict[str, object], state: CheckState) -> None:
    fleet = replace(FLEET, batteries=[replace(BATTERY, **changed)])
    assert worst(of(Checked.BATTERY, fleet=fleet)) is state


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"valid_to": date(2031, 5, 15)}, OK),
        ({"valid_to": date(2031, 5, 14)}, WARN),
        ({"valid_to": date(2031, 5, 1)}, WARN),
        ({"valid_to": date(2031, 4, 30)}, STOP),
        ({"last_flight_at": NOW - timedelta(days=30)}, OK),
        ({"last_flight_at": NOW - timedelta(days=31)}, WARN),
        ({"last_flight_at": None}, WARN),
        ({"name": "ben"}, STOP),
    ],
)  # fmt: skip
def test_a_pilot_flies_while_competent_and_in_practice(
    changed: dict[str, object], state: CheckState
) -> None:
    fleet = replace(FLEET, pilots=[replace(PILOT, **changed)])
    assert worst(of(Checked.PILOT, fleet=fleet)) is state


def test_no_limit_of_height_is_taken_for_granted() -> None:
    none = replace(FLEET, limits=Limits())
    assert worst(of(Checked.HEIGHT, fleet=none)) is WARN
    assert worst(of(Checked.HEIGHT, replace(PLAN, height_m=100))) is OK
    (over,) = of(Checked.HEIGHT, replace(PLAN, height_m=101))
    assert over.state is STOP
    assert "order 7" in over.said


def test_a_time_that_is_over_is_not_flown() -> None:
    gone = replace(PLAN, begins_at=NOW - timedelta(hours=2), ends_at=NOW)
    assert worst(of(Checked.WINDOW, gone)) is STOP


def in_airspace(plan: Plan = PLAN, **changed: object) -> CheckState:
    fleet = replace(FLEET, airspace=[replace(AIRSPACE, **changed)])
    return worst(of(Checked.AIRSPACE, plan, fleet))


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, STOP),
        ({"kind": AirspaceKind.PERMISSION}, WARN),
        ({"ring": ((0, 0), (1, 0), (1, 1))}, OK),
        ({"ends_at": NOW}, OK),
        ({"ends_at": NOW + timedelta(minutes=1)}, STOP),
        ({"begins_at": NOW + timedelta(hours=1)}, OK),
        ({"begins_at": NOW + timedelta(minutes=59)}, STOP),
        ({"floor": Level(81, Over.GROUND)}, OK),
        ({"floor": Level(80, Over.GROUND)}, STOP),
        ({"ceiling": Level(0, Over.GROUND)}, STOP),
        ({"floor": Level(2000, Over.SEA)}, STOP),
    ],
)  # fmt: skip
def test_airspace_is_met_in_place_time_and_height(
    changed: dict[str, object], state: CheckState
) -> None:
    assert in_airspace(**changed) is state


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"floor": Level(580, Over.SEA)}, STOP),
        ({"floor": Level(581, Over.SEA)}, OK),
        ({"ceiling": Level(300, Over.SEA)}, STOP),
        ({"ceiling": Level(299, Over.SEA)}, OK),
    ],
)  # fmt: skip
def test_with_terrain_heights_over_the_sea_are_compared(
    changed: dict[str, object], state: CheckState
) -> None:
    """Ground from 300 to 500 m, flown up to 80 m over it."""
    assert in_airspace(replace(PLAN, ground_m=(300, 500)), **changed) is state


def test_without_terrain_airspace_over_the_sea_counts_as_met_and_says_why() -> None:
    fleet = replace(FLEET, airspace=[replace(AIRSPACE, floor=Level(2000, Over.SEA))])
    assert "cannot be compared without terrain" in of(Checked.AIRSPACE, fleet=fleet)[0].said


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: replace(PLAN, ends_at=NOW),
        lambda: replace(PLAN, height_m=0),
        lambda: replace(PLAN, height_m=float("nan")),
        lambda: replace(PLAN, area=((0, 0), (1, 1))),
        lambda: replace(AIRSPACE, reference=" "),
        lambda: replace(AIRSPACE, begins_at=NOW, ends_at=NOW),
        lambda: Limits(height_m=120),
        lambda: Limits(recent_days=3),
        lambda: replace(BATTERY, health=1.2),
        lambda: replace(AIRFRAME, hours=-1),
        lambda: replace(AIRFRAME, hours=float("nan")),
        lambda: replace(PILOT, name=""),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_is_made(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(RefusedSortieError):
        wrong()


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (1, 1), (1, 0), (0, 1)),
        ((0, 0), (1, 1), (2, 2)),
        ((0, 0), (0, 91), (1, 0)),
        ((0, 0), (30, 0), (1, 1)),
        ((0, 0), (1, 0), (0, 0)),
    ],
)
def test_corners_that_bound_no_area_are_refused(corners: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(RefusedSortieError):
        ring(corners)


def test_a_ring_that_is_closed_by_its_first_corner_is_the_same() -> None:
    assert ring((*SQUARE, SQUARE[0])) == SQUARE


def test_areas_share_ground_where_they_cross_touch_or_hold_one_another() -> None:
    within = ((10.04, 40.04), (10.06, 40.04), (10.05, 40.06))
    touching = ((10.1, 40.0), (10.2, 40.0), (10.2, 40.1))
    beside = ((10.11, 40.0), (10.2, 40.0), (10.2, 40.1))
    across = ((9.9, 40.04), (10.2, 40.04), (10.2, 40.06), (9.9, 40.06))
    assert share_ground(SQUARE, within)
    assert share_ground(within, SQUARE)
    assert share_ground(SQUARE, touching)
    assert share_ground(SQUARE, across)
    assert not share_ground(SQUARE, beside)


@given(st.floats(0, 2), st.floats(0, 2), st.floats(0.1, 1), st.floats(0.1, 1))
def test_boxes_share_ground_as_intervals_do(x: float, y: float, wide: float, high: float) -> None:
    box = ring(((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)))
    unit = ring(((0.7, 0.7), (1.3, 0.7), (1.3, 1.3), (0.7, 1.3)))
    wanted = x <= 1.3 and x + wide >= 0.7 and y <= 1.3 and y + high >= 0.7
    assert share_ground(box, unit) == wanted
    assert inside((x + wide / 2, y + high / 2), box)
