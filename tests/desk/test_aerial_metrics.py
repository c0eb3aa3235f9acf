"""Drone flights at /metrics."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from flown import DISTRESS, fly
from kept_sorties import NOW, Kept, kept_sorties
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.desk.aerial import AerialServices
from morina.desk.aerial_metrics import OF_AERIAL, aerial_now
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.sense.aerial.reviewing import CalledTo, PlacedBy, TaskStep
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.sortie import SortieStep

HERE = CalledTo(latitude=42.1, longitude=20.4, ce90_m=5.0, placed=PlacedBy.COMPUTED)


@pytest.fixture
async def kept(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_sorties(pool, tmp_path) as kept:
        yield kept


async def test_flights_are_counted_by_state_and_those_overdue(kept: Kept) -> None:
    for number in range(3):
        wanted = NewSortie(name=f"N{number}", case_number="C-7", task="look", officer="ana")
        sortie = await kept.sorties.plan(wanted, NOW)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "ana", NOW)
    services = AerialServices(sorties=kept.sorties)
    for days, overdue in ((0, 0.0), (31, 3.0)):
        families = list(await aerial_now(services, NOW + timedelta(days=days)))
        assert tuple(one.name for one in families) == OF_AERIAL[:2]
        values = {one.labels["state"]: one.value for one in families[0].samples}
        assert (values["planned"], values["cleared"], values["ready"]) == (2, 1, 0)
        assert families[1].samples[0].value == overdue
    assert list(await aerial_now(None, NOW)) == []


async def test_the_rescue_that_waits_longest_is_timed(kept: Kept, dsn: str) -> None:
    tasks = PostgresTasks(kept.pool, PostgresTrail())
    services = AerialServices(sorties=kept.sorties, tasks=tasks)
    [none] = list(await aerial_now(services, NOW))[2:]
    assert (none.name, none.samples[0].value) == (OF_AERIAL[2], 0.0)
    made = await tasks.at_place(fly(dsn), HERE, DISTRESS, "waves")
    await tasks.at_place(fly(dsn), HERE, DISTRESS, "lies there")
    [one] = list(await aerial_now(services, made.made_at + timedelta(minutes=7)))[2:]
    assert one.samples[0].value == 420.0
    await tasks.step(made.task_id, TaskStep.TAKE, "besa", NOW)
    [next_one] = list(await aerial_now(services, made.made_at + timedelta(minutes=7)))[2:]
    assert next_one.samples[0].value < 420.0
