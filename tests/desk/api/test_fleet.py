"""The fleet over HTTP, kept in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Desk, client_of

from kept_sorties import kept_sorties
from morina.accountability import Role, User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.desk import sessions
from morina.desk.aerial import AerialServices
from morina.desk.api import serve
from morina.sense.aerial.adapters.postgres_fleet import PostgresFleet

F = "/api/v1/fleet"
SOON = datetime.now(UTC) + timedelta(days=2)
"""Ahead for as long as all tests take."""
SQUARE = [[10.0, 40.0], [10.1, 40.0], [10.1, 40.1], [10.0, 40.1]]
PLAN = {
    "area": SQUARE, "height_m": 80, "begins_at": SOON.isoformat(),
    "ends_at": (SOON + timedelta(hours=1)).isoformat(), "airframe": "M-1", "battery": "B-1",
    "pilot": "ben",
}  # fmt: skip
FORBIDDEN = {"name": "Dam", "kind": "forbidden", "ring": SQUARE, "reference": "sheet 3"}


@asynccontextmanager
async def node_with(
    desk: Desk, pool: AsyncConnectionPool, folder: Path, keeps: bool
) -> AsyncIterator[httpx.AsyncClient]:
    async with kept_sorties(pool, folder / "sorties") as kept:
        fleet = PostgresFleet(pool, PostgresTrail()) if keeps else None
        services = replace(desk.services, aerial=AerialServices(sorties=kept.sorties, fleet=fleet))
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        serve(app, services)
        headers = dict(desk.client.headers)
        async with app.router.lifespan_context(app), client_of(app, headers) as client:
            yield client


@pytest.fixture
async def client(
    desk: Desk, pool: AsyncConnectionPool, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    pilot = User(name="ben", full_name="Ben", roles=frozenset({Role.DRONE_PILOT}))
    await PostgresUsers(pool).add(pilot, "a password of these tests")
    async with node_with(desk, pool, tmp_path, True) as made:
        yield made


async def stock(client: httpx.AsyncClient) -> None:
    day = (SOON + timedelta(days=300)).date().isoformat()
    sent = {
        "airframes/M-1": {"type": "quad", "serial": "1", "service_due_on": day},
        "batteries/B-1": {"serial": "2", "health": 0.9, "retire_cycles": 200},
        "pilots/ben": {
            "competence": "own training", "valid_to": day,
            "last_flight_at": (SOON - timedelta(days=2)).isoformat(),
        },
        "limits": {"height_m": 100, "height_source": "order 7"},
    }  # fmt: skip
    for path, body in sent.items():
        answer = await client.put(f"{F}/{path}", json=body)
        assert answer.status_code == 204, answer.text


async def planned(client: httpx.AsyncClient) -> str:
    wanted = {"name": "Ridge", "case_number": "C-7", "task": "look for a walker"}
    answer = await client.post("/api/v1/aerial/sorties", json=wanted)
    return str(answer.json()["sortie_id"])


async def test_what_is_entered_is_shown_and_taken_out(client: httpx.AsyncClient) -> None:
    await stock(client)
    volume = uuid4()
    at_100 = {"floor": {"metres": 100, "over": "sea"}}
    assert (await client.put(f"{F}/airspace/{volume}", json=FORBIDDEN | at_100)).is_success
    shown = (await client.get(F)).json()
    assert shown["airspace"][0]["floor"] == {"metres": 100, "over": "sea"}
    assert shown["airspace"][0]["ring"] == SQUARE
    assert [one["name"] for one in shown["pilots"]] == ["ben"]
    assert (await client.delete(f"{F}/airspace/{volume}")).status_code == 204
    gone = await client.delete(f"{F}/airspace/{volume}")
    assert (gone.status_code, gone.json()["mend"]) == (409, "look at the list")
    assert (await client.get(F)).json()["airspace"] == []


async def test_a_flight_is_cleared_flown_and_its_hours_entered(client: httpx.AsyncClient) -> None:
    await stock(client)
    sortie = await planned(client)
    found = (await client.post(f"{F}/checks", json=PLAN)).json()
    assert {one["state"] for one in found} == {"ok"}
    done = await client.post(f"{F}/sorties/{sortie}/clearance", json={"plan": PLAN})
    assert (done.status_code, done.json()["sortie"]["state"]) == (200, "cleared")
    hours = await client.post(f"{F}/sorties/{sortie}/flown", json={"hours": 0.75})
    assert hours.json()["flown_h"] == 0.75
    assert (await client.get(F)).json()["airframes"][0]["hours"] == 0.75
    assert (await client.get(f"{F}/clearances")).json()[0]["sortie_id"] == sortie
    again = await client.post(f"{F}/sorties/{sortie}/flown", json={"hours": 0.75})
    assert again.status_code == 409


async def test_a_stop_blocks_and_no_other_route_goes_round_it(client: httpx.AsyncClient) -> None:
    await stock(client)
    await client.put(f"{F}/airspace/{uuid4()}", json=FORBIDDEN)
    sortie = await planned(client)
    sent = {"plan": PLAN, "reason": "we have to"}
    stopped = await client.post(f"{F}/sorties/{sortie}/clearance", json=sent)
    assert stopped.status_code == 409
    assert "the airspace Dam is forbidden (sheet 3)" in stopped.json()["detail"]
    round_it = await client.post(f"/api/v1/aerial/sorties/{sortie}/steps", json={"step": "clear"})
    assert (round_it.status_code, round_it.json()["place"]) == (409, "step")


async def test_a_warning_needs_a_reason(client: httpx.AsyncClient) -> None:
    await stock(client)
    await client.put(f"{F}/airspace/{uuid4()}", json=FORBIDDEN | {"kind": "permission"})
    sortie = await planned(client)
    without = await client.post(f"{F}/sorties/{sortie}/clearance", json={"plan": PLAN})
    assert (without.status_code, without.json()["mend"]) == (
        409, "give a reason to fly all the same",
    )  # fmt: skip
    sent = {"plan": PLAN, "reason": "permission 12/31"}
    assert (await client.post(f"{F}/sorties/{sortie}/clearance", json=sent)).is_success
    assert (await client.get(f"{F}/clearances")).json()[0]["reason"] == "permission 12/31"


async def test_what_lapsed_since_it_was_cleared_is_told_at_take_off(
    client: httpx.AsyncClient,
) -> None:
    await stock(client)
    sortie = await planned(client)
    there = f"/api/v1/aerial/sorties/{sortie}"
    assert (await client.post(f"{F}/sorties/{sortie}/clearance", json={"plan": PLAN})).is_success
    early = await client.post(f"{there}/steps", json={"step": "fly"})
    assert (early.status_code, early.json()["place"]) == (409, "reason")
    assert early.json()["mend"] == "give a reason to fly all the same"
    await client.put(f"{F}/batteries/B-1", json={"serial": "2", "cycles": 200, "health": 0.9,
                                                 "retire_cycles": 200})  # fmt: skip
    why = {"step": "fly", "reason": "somebody lies there"}
    worn = await client.post(f"{there}/steps", json=why)
    assert (worn.status_code, worn.json()["place"]) == (409, "step")
    assert "the battery B-1 has 200 of 200 cycles" in worn.json()["detail"]
    await client.put(f"{F}/batteries/B-1", json={"serial": "2", "cycles": 1, "health": 0.9,
                                                 "retire_cycles": 200})  # fmt: skip
    flies = await client.post(f"{there}/steps", json=why)
    assert (flies.status_code, flies.json()["state"]) == (200, "flying")
    unrecorded = "no live source is set for this airframe; hand in the recording after landing"
    assert flies.json()["notes"] == [unrecorded]
    assert (await client.get(there)).json()["notes"] == [unrecorded]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("pilots/nobody", {"competence": "x", "valid_to": "2031-01-01"}, 409),
        ("limits", {"height_m": 120}, 422),
        ("batteries/B", {"serial": "1", "health": 1.5}, 422),
        (f"airspace/{UUID(int=1)}", FORBIDDEN | {"ring": [[0, 0], [1, 1], [1, 0], [0, 1]]}, 422),
        (f"airspace/{UUID(int=2)}", FORBIDDEN | {"reference": ""}, 422),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_do(
    client: httpx.AsyncClient, path: str, body: dict[str, object], status: int
) -> None:
    refused = await client.put(f"{F}/{path}", json=body)
    assert refused.status_code == status
    assert refused.json()["mend"]


async def test_a_flight_that_ends_before_it_begins_is_no_plan(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{F}/checks", json=PLAN | {"ends_at": PLAN["begins_at"]})
    assert (answer.status_code, answer.json()["mend"]) == (422, "put the times right")


async def test_a_node_without_a_fleet_says_so(
    desk: Desk, pool: AsyncConnectionPool, tmp_path: Path
) -> None:
    async with node_with(desk, pool, tmp_path, False) as client:
        answer = await client.get(F)
        assert (answer.status_code, answer.json()["detail"]) == (404, "this node keeps no fleet")
