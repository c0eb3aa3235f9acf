"""The fleet in PostgreSQL, and the clearing of a flight."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool
from tests.sense.aerial.test_fleet_checks import (
    AIRFRAME,
    AIRSPACE,
    BATTERY,
    LIMITS,
    NOW,
    PILOT,
    PLAN,
)

from kept_sorties import kept_sorties
from morina.accountability import Role, User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.sense.aerial import RefusedSortieError, SortieState, SortieStep
from morina.sense.aerial.adapters.postgres_fleet import PostgresFleet
from morina.sense.aerial.fleet.area import Ring
from morina.sense.aerial.fleet.checks import Checked, CheckState
from morina.sense.aerial.fleet.fleet import AirspaceKind, Level, Limits, Over, RefusedFleetError
from morina.sense.aerial.fleet.refusing import ReasonNeededError
from morina.sense.aerial.fleet.roles import Item, ItemKind
from morina.sense.aerial.roles import NewSortie, UnknownSortieError

FLOOR = replace(AIRSPACE, floor=Level(50, Over.GROUND), ceiling=Level(900, Over.SEA), ends_at=NOW)


@pytest.fixture
def fleet(pool: AsyncConnectionPool) -> PostgresFleet:
    return PostgresFleet(pool, PostgresTrail())


async def stocked(fleet: PostgresFleet) -> None:
    ana = User(name="ana", full_name="Ana", roles=frozenset({Role.DRONE_PILOT}))
    await PostgresUsers(fleet.pool).add(ana, "a password of these tests")
    for item in (AIRFRAME, BATTERY, PILOT, LIMITS):
        await fleet.put(item, "ben", NOW)


async def planned(fleet: PostgresFleet, folder: Path) -> UUID:
    async with kept_sorties(fleet.pool, folder) as kept:
        wanted = NewSortie(name="Ridge", case_number="C-7", task="look", officer="ana")
        return (await kept.sorties.plan(wanted, NOW)).sortie_id


async def last_entries(fleet: PostgresFleet) -> AsyncIterator[tuple[str, str, str]]:
    async for one in PostgresTrailReader(fleet.pool).entries():
        yield one.deed.what.kind, one.deed.what.step, one.deed.why.get("justification", "")


async def test_what_is_put_is_kept_changed_and_taken_out(fleet: PostgresFleet) -> None:
    await stocked(fleet)
    await fleet.put(FLOOR, "ana", NOW)
    await fleet.put(replace(AIRFRAME, grounded="cracked arm"), "ana", NOW)
    state = await fleet.state()
    assert state.airframes == [replace(AIRFRAME, grounded="cracked arm")]
    assert (state.batteries, state.pilots) == ([BATTERY], [PILOT])
    assert (state.airspace, state.limits) == ([FLOOR], LIMITS)
    await fleet.remove(ItemKind.AIRSPACE, str(FLOOR.airspace_id), "ana", NOW)
    await fleet.remove(ItemKind.BATTERY, "B-1", "ana", NOW)
    await fleet.put(Limits(), "ana", NOW)
    state = await fleet.state()
    assert (state.airspace, state.batteries, state.limits) == ([], [], Limits())
    entered = [one async for one in last_entries(fleet)]
    assert ("fleet_airspace", "removed", "") in entered
    assert ("fleet_limits", "entered", "") in entered


async def test_a_pilot_has_an_account(fleet: PostgresFleet) -> None:
    with pytest.raises(RefusedFleetError, match="has no account"):
        await fleet.put(PILOT, "ben", NOW)


async def test_nobody_enters_what_they_may_fly_themselves(fleet: PostgresFleet) -> None:
    await stocked(fleet)
    with pytest.raises(RefusedFleetError, match="entered by somebody else"):
        await fleet.put(replace(PILOT, competence="all there is"), "ana", NOW)
    assert (await fleet.state()).pilots == [PILOT]


async def test_what_flies_is_not_cleared_for_two_flights_at_once(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    first, second = await planned(fleet, tmp_path), await planned(fleet, tmp_path)
    await fleet.clear(first, PLAN, "", "ana", NOW)
    half = timedelta(minutes=30)
    overlapping = replace(PLAN, begins_at=PLAN.begins_at + half, ends_at=PLAN.ends_at + half)
    with pytest.raises(RefusedSortieError, match="battery B-1 is cleared for another flight until"):
        await fleet.clear(second, overlapping, "we have to", "ana", NOW)
    hour = timedelta(hours=1)
    await fleet.clear(
        second, replace(PLAN, begins_at=PLAN.ends_at, ends_at=PLAN.ends_at + hour), "", "ana", NOW
    )


async def test_what_is_not_there_cannot_be_taken_out(fleet: PostgresFleet) -> None:
    with pytest.raises(RefusedFleetError, match="there is no pilot nobody"):
        await fleet.remove(ItemKind.PILOT, "nobody", "ana", NOW)


async def test_a_flight_in_order_is_cleared_and_what_was_looked_at_is_kept(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    sortie_id = await planned(fleet, tmp_path)
    sortie, found = await fleet.clear(sortie_id, PLAN, "", "ana", NOW)
    assert sortie.state is SortieState.CLEARED
    assert (sortie.airframe, sortie.pilot) == ("M-1", "ana")
    (kept,) = await fleet.clearances()
    assert (kept.sortie_id, kept.plan, kept.checks) == (sortie_id, PLAN, found)
    with pytest.raises(RefusedSortieError):
        await fleet.clear(sortie_id, PLAN, "", "ana", NOW)


async def test_a_stop_blocks_whatever_the_reason(fleet: PostgresFleet, tmp_path: Path) -> None:
    await stocked(fleet)
    await fleet.put(AIRSPACE, "ana", NOW)
    sortie_id = await planned(fleet, tmp_path)
    with pytest.raises(RefusedSortieError, match="the airspace Dam is forbidden"):
        await fleet.clear(sortie_id, PLAN, "we have to", "ana", NOW)
    assert await fleet.clearances() == []
    async with kept_sorties(fleet.pool, tmp_path) as kept:
        assert (await kept.sorties.sortie(sortie_id)).state is SortieState.PLANNED


async def test_a_warning_needs_a_reason_which_the_trail_keeps(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    await fleet.put(replace(AIRSPACE, kind=AirspaceKind.PERMISSION), "ana", NOW)
    sortie_id = await planned(fleet, tmp_path)
    with pytest.raises(RefusedSortieError, match="give a reason"):
        await fleet.clear(sortie_id, PLAN, "  ", "ana", NOW)
    with pytest.raises(RefusedSortieError, match="ask somebody else"):
        await fleet.clear(sortie_id, PLAN, "permission 12/31", "ana", NOW)
    cleared, found = await fleet.clear(sortie_id, PLAN, "permission 12/31", "bea", NOW)
    assert CheckState.WARN in {one.state for one in found if one.what is Checked.AIRSPACE}
    entered = [one async for one in last_entries(fleet)]
    assert entered[-1] == ("sortie", "clear", "permission 12/31")
    assert (cleared.cleared_by, cleared.fleet_checked) == ("bea", True)


async def cleared(fleet: PostgresFleet, folder: Path) -> UUID:
    """A flight in order, cleared for an hour from now."""
    await stocked(fleet)
    sortie_id = await planned(fleet, folder)
    await fleet.clear(sortie_id, PLAN, "", "ana", NOW)
    return sortie_id


async def test_a_flight_that_is_in_order_still_takes_off(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    sortie_id = await cleared(fleet, tmp_path)
    async with kept_sorties(fleet.pool, tmp_path) as kept:
        with pytest.raises(RefusedSortieError, match="checked again"):
            await kept.sorties.step(sortie_id, SortieStep.FLY, "ana", NOW)
    flies = await fleet.fly(sortie_id, "", "ana", NOW + timedelta(minutes=20))
    assert flies.state is SortieState.FLYING
    assert [one async for one in last_entries(fleet)][-1] == ("sortie", "fly", "")
    with pytest.raises(RefusedSortieError, match="takes no fly"):
        await fleet.fly(sortie_id, "", "ana", NOW)


@pytest.mark.parametrize(
    ("lapsed", "after", "said"),
    [
        (replace(AIRFRAME, grounded="cracked arm"), timedelta(0), "is grounded: cracked arm"),
        (replace(BATTERY, health=0.5), timedelta(0), "B-1 has 50% of its capacity"),
        (replace(PILOT, valid_to=NOW.date() - timedelta(days=1)), timedelta(0), "competence of"),
        (AIRSPACE, timedelta(0), "the airspace Dam is forbidden"),
        (LIMITS, timedelta(hours=1), "the time of the flight is over: plan it anew"),
    ],
)
async def test_what_cleared_a_flight_and_lapsed_since_keeps_it_on_the_ground(
    fleet: PostgresFleet, tmp_path: Path, lapsed: Item, after: timedelta, said: str
) -> None:
    sortie_id = await cleared(fleet, tmp_path)
    await fleet.put(lapsed, "ben", NOW)
    with pytest.raises(RefusedSortieError, match=said):
        await fleet.fly(sortie_id, "we have to", "ben", NOW + after)
    async with kept_sorties(fleet.pool, tmp_path) as kept:
        assert (await kept.sorties.sortie(sortie_id)).state is SortieState.CLEARED


async def test_a_warning_that_is_new_needs_a_reason_of_somebody_else_than_the_pilot(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    sortie_id = await cleared(fleet, tmp_path)
    await fleet.put(replace(BATTERY, cycles=190), "ben", NOW)
    with pytest.raises(ReasonNeededError, match="190 of 200 cycles; give a reason") as asked:
        await fleet.fly(sortie_id, " ", "ben", NOW)
    assert [one.what for one in asked.value.found] == [Checked.BATTERY]
    with pytest.raises(RefusedSortieError, match="a pilot gives no reason for their own flight"):
        await fleet.fly(sortie_id, "it will do", "ana", NOW)
    await fleet.fly(sortie_id, "somebody lies there", "ben", NOW)
    assert [one async for one in last_entries(fleet)][-1][1:] == ("fly", "somebody lies there")


async def test_a_warning_that_was_passed_when_it_was_cleared_is_not_asked_about_again(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    await fleet.put(replace(AIRSPACE, kind=AirspaceKind.PERMISSION), "ben", NOW)
    sortie_id = await planned(fleet, tmp_path)
    await fleet.clear(sortie_id, PLAN, "permission 12/31", "ben", NOW)
    assert (await fleet.fly(sortie_id, "", "ana", NOW)).state is SortieState.FLYING


async def test_a_flight_that_takes_off_early_needs_a_reason_and_meets_what_is_there_then(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    early, later = NOW - timedelta(hours=3), NOW - timedelta(hours=2)
    sortie_id = await planned(fleet, tmp_path)
    await fleet.clear(sortie_id, PLAN, "", "ben", early)
    with pytest.raises(ReasonNeededError, match="is cleared from 2031-05-01 08:00 UTC on"):
        await fleet.fly(sortie_id, "", "ben", early)
    await fleet.put(replace(AIRSPACE, begins_at=early, ends_at=later), "ben", NOW)
    with pytest.raises(RefusedSortieError, match="Dam is forbidden"):
        await fleet.fly(sortie_id, "somebody lies there", "ben", early)
    assert (await fleet.fly(sortie_id, "", "ana", NOW)).state is SortieState.FLYING


async def test_a_flown_flight_adds_hours_a_cycle_and_practice_once(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    await stocked(fleet)
    sortie_id = await planned(fleet, tmp_path)
    with pytest.raises(RefusedFleetError, match="not cleared"):
        await fleet.flew(sortie_id, 0.5, "ana", NOW)
    await fleet.clear(sortie_id, PLAN, "", "ana", NOW)
    with pytest.raises(RefusedFleetError, match="is no flight"):
        await fleet.flew(sortie_id, 0.0, "ana", NOW)
    later = NOW + timedelta(hours=2)
    results = await asyncio.gather(
        *(fleet.flew(sortie_id, 0.5, "ana", later) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(one, RefusedFleetError) for one in results) == 2
    state = await fleet.state()
    assert state.airframes[0].hours == AIRFRAME.hours + 0.5
    assert state.batteries[0].cycles == BATTERY.cycles + 1
    assert state.pilots[0].last_flight_at == NOW + timedelta(hours=0.5)
    assert (await fleet.clearances())[0].flown_h == 0.5


async def test_a_flight_that_is_not_there_is_not_cleared(fleet: PostgresFleet) -> None:
    with pytest.raises(UnknownSortieError):
        await fleet.clear(UUID(int=3), PLAN, "", "ana", NOW)


async def test_terrain_decides_whether_airspace_over_the_sea_is_met(
    fleet: PostgresFleet, tmp_path: Path
) -> None:
    async def ground(area: Ring) -> tuple[float, float]:
        assert area == PLAN.area
        return 300.0, 500.0

    await stocked(fleet)
    await fleet.put(replace(AIRSPACE, floor=Level(700, Over.SEA)), "ana", NOW)
    sortie_id = await planned(fleet, tmp_path)
    with pytest.raises(RefusedSortieError, match="without terrain"):
        await fleet.clear(sortie_id, PLAN, "", "ana", NOW)
    await replace(fleet, ground=ground).clear(sortie_id, PLAN, "", "ana", NOW)
    assert (await fleet.clearances())[0].plan.ground_m == (300.0, 500.0)


async def test_checks_can_be_asked_for_without_clearing(fleet: PostgresFleet) -> None:
    found = await fleet.checks(PLAN, NOW)
    assert [one.state for one in found if one.what is Checked.AIRFRAME] == [CheckState.STOP]
