"""Shared lists and sightings over the API, on two real nodes that exchange over HTTPS."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from tests.desk.api.conftest import Desk

from exchanging import Agreed, ExchangeNodes, Known, give_back, new_node, until
from invented import EVIDENCE, hotlist, listing, read
from morina.accountability import Role
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.alerts import Step
from morina.desk import sessions
from morina.desk.api import serve
from morina.desk.exchange import ExchangeServices
from morina.exchange import Category
from morina.exchange.fields import FIELDS
from morina.exchange.listing_fields import TELLABLE
from told_lists import Told, telling
from two_nodes import sharing

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))
PLATE = "AA11AAA"


@dataclass
class Telling:
    """The desk of one node, both nodes, and clients by role."""

    desk: Desk
    nodes: ExchangeNodes
    here: Told
    there: Told
    clients: dict[Role, httpx.AsyncClient]

    def __getitem__(self, role: Role) -> httpx.AsyncClient:
        return self.clients[role]

    async def trail(self, kind: str) -> list[tuple[Any, ...]]:
        """Who did which step with something of that kind."""
        return await self.here.node.rows(
            "SELECT who, what ->> 'step' FROM trail WHERE what ->> 'kind' = %s ORDER BY number",
            kind,
        )


@asynccontextmanager
async def desk_of(
    desk: Desk, postgres: str, folder: Path, here: tuple[str, str]
) -> AsyncIterator[Telling]:
    """The desk's node under that name, on the desk's own database, and the other beside it."""
    name, dsn = here
    other = "AL" if name == "GB" else "GB"
    agreed = Agreed()
    made = {
        name: await new_node(postgres, folder, name, agreed, dsn),
        other: await new_node(postgres, folder, other, agreed),
    }
    await made[name].rows("CREATE TABLE IF NOT EXISTS took (message_id uuid PRIMARY KEY)")
    nodes = ExchangeNodes(made, agreed)
    async with AsyncExitStack() as stack:
        for one in made.values():
            one.known = Known({each.name: each.party for each in made.values()})
            await one.start()
            stack.push_async_callback(one.stop)
        ours = await stack.enter_async_context(telling(nodes, name))
        theirs = await stack.enter_async_context(telling(nodes, other))
        shown = ours.made.shown
        exchange = ExchangeServices(
            node_id=name, partners=ours.node.known, agreements=agreed,
            enter=PostgresTrailReader(ours.node.on.ground.pool).enter, **shown,
        )  # fmt: skip
        services = replace(desk.services, exchange=exchange)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        serve(app, services)
        await stack.enter_async_context(app.router.lifespan_context(app))
        with_app = replace(desk, app=app, services=services)
        roles = (Role.LIST_OWNER, Role.OPERATOR, Role.SUPERVISOR, Role.CAMERA_TECHNICIAN)
        clients = {one: await stack.enter_async_context(with_app.holding(one)) for one in roles}
        yield Telling(with_app, nodes, ours, theirs, clients)
    await give_back(postgres, made[other].dsn)


@pytest.fixture
async def gb(desk: Desk, engines: Any, empty_dsn: str, tmp_path: Path) -> AsyncIterator[Telling]:
    """GB owns the lists; AL's cameras see."""
    async with desk_of(desk, engines.postgres, tmp_path, ("GB", empty_dsn)) as made:
        yield made


@pytest.fixture
async def al(desk: Desk, engines: Any, empty_dsn: str, tmp_path: Path) -> AsyncIterator[Telling]:
    """AL's cameras see what GB listed."""
    async with desk_of(desk, engines.postgres, tmp_path, ("AL", empty_dsn)) as made:
        yield made


def tells_lists(one: Telling, **changed: Any) -> UUID:
    fields = changed.pop("fields", frozenset(TELLABLE))
    made = one.nodes.agree("GB", "AL", Category.HOTLIST, fields=fields, **changed)
    return made.agreement_id


async def listed_by(owner: Told) -> tuple[UUID, UUID]:
    """A list of the owner's with one entry; their ids."""
    made = await owner.hotlists.create(hotlist())
    entry = replace(listing(PLATE), valid_to=datetime.now(UTC) + timedelta(days=9))
    await owner.hotlists.add(made.hotlist_id, entry, "a.owner")
    return made.hotlist_id, entry.listing_id


def wanted(agreement_id: UUID, **changed: str) -> dict[str, str]:
    return {
        "partner": "AL", "agreement_id": str(agreement_id), "purpose": "stolen_vehicle",
        "case_number": "L-7", "justification": "stolen vehicles are taken over the sea",
    } | changed  # fmt: skip


async def confirmed(seer: Told, *steps: Step) -> UUID:
    """An alert on the partner's entry as soon as it is here, confirmed by an officer."""
    now = datetime.now(UTC)
    one = read(PLATE, captured_at=now, received_at=now)

    async def hits() -> list[Any]:
        return (await seer.matched()).match(one)

    [hit] = await until(hits)
    [alert] = await seer.alerts.raise_for([(one, hit)], now)
    await seer.alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "an.officer", now)
    await seer.alerts.transcribe(alert.alert_id, "an.officer", PLATE, now)
    for step in (Step.CONFIRM, *steps):
        await seer.alerts.take(alert.alert_id, step, "an.officer", now, "seen by eye")
    return alert.alert_id


async def test_a_list_is_shared_told_of_and_shared_no_longer(gb: Telling) -> None:
    hotlist_id, _ = await listed_by(gb.here)
    agreement_id = tells_lists(gb)
    owner, path = gb[Role.LIST_OWNER], f"/api/v1/hotlists/{hotlist_id}/shares"
    answer = await owner.post(path, json=wanted(agreement_id))
    assert answer.status_code == 201, answer.text
    assert answer.json()["share"]["officer"] == "list_owner"
    again = await owner.post(path, json=wanted(agreement_id))
    assert (again.status_code, again.json()["mend"]) == (409, "do what the message says")

    async def current() -> bool:
        [one] = (await owner.get("/api/v1/exchange/lists")).json()["shared"]
        return bool(one["stage"] == "current" and one["entries"] == 1)

    await until(current)
    assert (await owner.get("/api/v1/exchange/lists?partner=XK")).json() == {
        "shared": [], "heard": [],
    }  # fmt: skip
    await until(gb.there.made.lists.heard)
    stopped = await owner.delete(f"{path}/AL")
    assert (stopped.status_code, stopped.json()["stage"]) == (200, "stopped")

    async def gone() -> bool:
        return len(await gb.there.matched()) == 0

    await until(gone)
    assert (await owner.delete(f"{path}/AL")).status_code == 404
    said = await gb.trail("hotlist")
    assert ("list_owner", "shared") in said and ("list_owner", "shared no longer") in said


async def test_what_no_agreement_allows_is_not_shared(gb: Telling) -> None:
    hotlist_id, _ = await listed_by(gb.here)
    owner, path = gb[Role.LIST_OWNER], f"/api/v1/hotlists/{hotlist_id}/shares"
    none = await owner.post(path, json=wanted(uuid4()))
    assert none.status_code == 409 and "no agreement of that id" in none.json()["detail"]
    narrow = tells_lists(gb, fields=frozenset({"plate"}))
    lacking = await owner.post(path, json=wanted(narrow))
    assert lacking.status_code == 409 and "does not name country" in lacking.json()["detail"]
    whole = tells_lists(gb)
    other = await owner.post(path, json=wanted(whole, purpose="crime"))
    assert other.status_code == 409 and "not among the purposes" in other.json()["detail"]
    missing = await owner.post(f"/api/v1/hotlists/{uuid4()}/shares", json=wanted(whole))
    assert missing.status_code == 404
    assert (await owner.get("/api/v1/exchange/lists")).json()["shared"] == []


async def test_lists_are_shared_by_who_owns_them_and_seen_by_who_may(gb: Telling) -> None:
    hotlist_id, _ = await listed_by(gb.here)
    path = f"/api/v1/hotlists/{hotlist_id}/shares"
    refused = await gb[Role.OPERATOR].post(path, json=wanted(tells_lists(gb)))
    assert refused.status_code == 403
    assert (await gb[Role.OPERATOR].delete(f"{path}/AL")).status_code == 403
    for place in ("/api/v1/exchange/lists", "/api/v1/sightings"):
        assert (await gb[Role.CAMERA_TECHNICIAN].get(place)).status_code == 403


async def test_the_owner_reads_sightings_with_their_pictures(gb: Telling) -> None:
    hotlist_id, listing_id = await listed_by(gb.here)
    gb.nodes.agree("AL", "GB", Category.SIGHTING, fields=frozenset(FIELDS[Category.SIGHTING]))
    await gb.here.made.lists.share(sharing(hotlist_id, _agreement(gb)), datetime.now(UTC))
    await confirmed(gb.there)
    operator = gb[Role.OPERATOR]

    async def heard() -> list[dict[str, Any]]:
        return list((await operator.get("/api/v1/sightings")).json())

    [one] = await until(heard)
    assert (one["told_by"], one["listing_id"], one["state"]) == ("AL", str(listing_id), 3)
    assert one["fields"]["plate"] == PLATE and "picture" not in one["fields"]
    assert one["picture"] is None and one["officer"].startswith("AL:")
    at = f"/api/v1/sightings/AL/{one['sighting_id']}/picture"
    assert (await operator.get(at)).status_code == 404
    await gb.here.node.rows(
        "UPDATE sighting SET fields = fields || jsonb_build_object('picture', %s::text)",
        b64encode(JPEG).decode(),
    )
    [with_picture] = await heard()
    assert with_picture["picture"] == at and "picture" not in with_picture["fields"]
    picture = await operator.get(at)
    assert (picture.status_code, picture.content) == (200, JPEG)
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert (await operator.get(f"/api/v1/sightings/XK/{one['sighting_id']}/picture")
            ).status_code == 404  # fmt: skip
    assert ("operator", "picture") in await gb.trail("sighting")
    assert ("operator", "read") in await gb.trail("sighting")
    for query, count in (
        (f"hotlist_id={hotlist_id}", 1), (f"hotlist_id={uuid4()}", 0),
        (f"listing_id={listing_id}", 1), (f"listing_id={uuid4()}", 0),
    ):  # fmt: skip
        assert len((await operator.get(f"/api/v1/sightings?{query}")).json()) == count
    assert (await operator.get("/api/v1/sightings?limit=0")).status_code == 422


async def test_what_was_denied_is_told_when_it_is_asked_for(al: Telling) -> None:
    assert EVIDENCE is not None
    hotlist_id, _ = await listed_by(al.there)
    tells_lists(al)
    await al.there.made.lists.share(sharing(hotlist_id, _agreement(al)), datetime.now(UTC))
    alert_id = await confirmed(al.here)
    operator, path = al[Role.OPERATOR], f"/api/v1/alerts/{alert_id}/told"

    async def told() -> list[dict[str, Any]]:
        return list((await operator.get(path)).json())

    [one] = await until(told)
    assert (one["partner"], one["state"]) == ("GB", 3)
    assert one["denied"] == "no agreement about sightings with GB is in force"
    al.nodes.agree("AL", "GB", Category.SIGHTING, fields=frozenset({"plate"}))
    assert (await al[Role.LIST_OWNER].post(path)).status_code == 403
    assert (await operator.post(path)).status_code == 204

    async def gone() -> bool:
        return [one["denied"] for one in await told()] == [""]

    await until(gone)
    [heard] = await until(al.there.made.sightings.heard)
    assert heard.fields == {"plate": PLATE}
    again = await operator.post(path)
    assert again.status_code == 404 and "nothing of that alert waits" in again.json()["detail"]
    assert ("operator", "to be told again") in await al.trail("sighting")
    [kept] = (await operator.get("/api/v1/exchange/lists?partner=GB")).json()["heard"]
    assert (kept["hotlist"]["owner_node"], kept["entries"]) == ("GB", 1)
    missing = f"/api/v1/alerts/{uuid4()}/told"
    assert (await operator.get(missing)).status_code == 404
    assert (await operator.post(missing)).status_code == 404


async def test_a_node_that_exchanges_with_nobody_says_so(desk: Desk) -> None:
    for path in ("/sightings", "/exchange/lists"):
        answer = await desk.client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["place"]) == (404, "node")


def _agreement(one: Telling) -> Any:
    found = [each for each in one.nodes.agreed.kept if each.category is Category.HOTLIST]
    if not found:
        tells_lists(one)
    return next(each for each in one.nodes.agreed.kept if each.category is Category.HOTLIST)
