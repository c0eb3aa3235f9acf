"""The routes of the exchange, on two real nodes that exchange over HTTPS."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from tests.desk.api.conftest import Desk

from desk_exchange import DeskNodes, agreement, desk_nodes
from exchanging import until
from morina.accountability import Role
from morina.accountability.approvals import Verdict
from morina.desk import sessions
from morina.desk.api import serve
from morina.exchange import Category, Item, Kind
from morina.exchange.delivering import SoughtMessages
from morina.exchange.transport import RefusedAtDoorError

PREFIX = "/api/v1/exchange"


@dataclass(frozen=True)
class Exchanging:
    """The desk of GB, its partner AL, and a client for each role that sees the exchange."""

    desk: Desk
    nodes: DeskNodes
    liaison: httpx.AsyncClient
    overseer: httpx.AsyncClient
    supervisor: httpx.AsyncClient

    async def trail(self, step: str) -> list[tuple[Any, ...]]:
        """Who, act and ids of the entries of that step."""
        return await self.nodes["GB"].node.rows(
            "SELECT who, act, what -> 'ids' FROM trail WHERE what ->> 'step' = %s ORDER BY number",
            step,
        )


@pytest.fixture
async def gb(desk: Desk, engines: Any, empty_dsn: str, tmp_path: Path) -> AsyncIterator[Exchanging]:
    """As above; nothing agreed and nothing sent yet."""
    async with AsyncExitStack() as stack:
        found = desk_nodes(engines.postgres, tmp_path, {"GB": empty_dsn})
        nodes = await stack.enter_async_context(found)
        services = replace(desk.services, exchange=nodes["GB"].services)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        serve(app, services)
        await stack.enter_async_context(app.router.lifespan_context(app))
        with_app = replace(desk, app=app, services=services)
        clients = [
            await stack.enter_async_context(with_app.holding(role))
            for role in (Role.LIAISON_OFFICER, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR)
        ]
        yield Exchanging(with_app, nodes, *clients)


def draft(**changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "giver": "GB", "receiver": "AL", "category": "hotlist", "purposes": ["stolen_vehicle"],
        "fields": ["plate", "make"], "legal_basis": "Memorandum of the tests", "keep_days": 90,
        "valid_from": (now - timedelta(days=1)).isoformat(),
        "valid_to": (now + timedelta(days=30)).isoformat(),
    } | changed  # fmt: skip


async def test_a_node_that_exchanges_with_nobody_says_so(desk: Desk) -> None:
    async with desk.holding(Role.LIAISON_OFFICER) as client:
        answer = await client.get(f"{PREFIX}/partners")
    assert answer.status_code == 404
    assert answer.json()["mend"] == "set exchange.node_id, see docs/exchange.md"


async def test_partners_are_listed_with_what_to_compare_over_the_telephone(gb: Exchanging) -> None:
    told = (await gb.overseer.get(f"{PREFIX}/partners")).json()
    partners = {one["node_id"]: one for one in told["partners"]}
    al = await gb.nodes["GB"].services.partners.party("AL")
    assert partners["AL"]["fingerprint"] == al.fingerprint
    assert (partners["GB"]["is_this_node"], partners["AL"]["is_this_node"]) == (True, False)
    assert datetime.fromisoformat(told["until"]) > datetime.now(UTC)


async def test_an_agreement_is_drafted_approved_by_another_and_signed(gb: Exchanging) -> None:
    agreement_id = uuid4()
    kept = await gb.liaison.put(f"{PREFIX}/drafts/{agreement_id}", json=draft())
    assert kept.status_code == 200, kept.text
    [listed] = (await gb.liaison.get(f"{PREFIX}/drafts")).json()
    assert listed == kept.json()
    signs = f"{PREFIX}/agreements/{agreement_id}/signature"
    said = {"reason": "agreed at the meeting"}
    asked = await gb.liaison.post(signs, json=said)
    assert asked.status_code == 409
    approval_id = UUID(asked.json()["approval_id"])
    guard = gb.desk.services.guard
    assert guard
    verdict = Verdict("supervisor", True, "read and compared")
    await guard.four_eyes.decide(approval_id, verdict, datetime.now(UTC))
    signed = await gb.liaison.post(signs, json=said | {"approval_id": str(approval_id)})
    assert signed.status_code == 200, signed.text
    assert set(signed.json()["signed_by"]) == {"GB"}
    al = gb.nodes["AL"]
    await until(lambda: al.services.agreements.versions(agreement_id))
    [at_partner] = await al.services.agreements.versions(agreement_id)
    assert at_partner.agreement.said() == kept.json()
    assert (await gb.liaison.get(f"{PREFIX}/drafts")).json() == []


async def test_nobody_signs_without_a_second_person_or_for_another_text(gb: Exchanging) -> None:
    agreement_id = uuid4()
    await gb.liaison.put(f"{PREFIX}/drafts/{agreement_id}", json=draft())
    signs = f"{PREFIX}/agreements/{agreement_id}/signature"
    said = {"reason": "agreed at the meeting"}
    approval_id = (await gb.liaison.post(signs, json=said)).json()["approval_id"]
    early = await gb.liaison.post(signs, json=said | {"approval_id": approval_id})
    assert early.status_code == 409 and "nobody decided it yet" in early.json()["detail"]
    guard = gb.desk.services.guard
    assert guard
    verdict = Verdict("supervisor", True, "read and compared")
    await guard.four_eyes.decide(UUID(approval_id), verdict, datetime.now(UTC))
    wider = draft(fields=["plate", "make", "colour"])
    await gb.liaison.put(f"{PREFIX}/drafts/{agreement_id}", json=wider)
    refused = await gb.liaison.post(signs, json=said | {"approval_id": approval_id})
    assert refused.status_code == 409 and "another request" in refused.json()["detail"]
    assert (await gb.liaison.get(f"{PREFIX}/agreements")).json() == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"valid_to": "2020-01-01T00:00:00Z"}, 422), ({"giver": "AL"}, 422),
     ({"fields": ["shoe_size"]}, 409), ({"receiver": "FR"}, 409), ({"keep_days": 0}, 422),
     ({"valid_from": "2026-01-01T00:00:00"}, 422), ({"colour": "red"}, 422)],
)  # fmt: skip
async def test_a_draft_that_no_agreement_can_be_is_refused(
    gb: Exchanging, changed: dict[str, Any], status: int
) -> None:
    answer = await gb.liaison.put(f"{PREFIX}/drafts/{uuid4()}", json=draft(**changed))
    assert answer.status_code == status, answer.text
    assert answer.json()["mend"]


async def test_an_end_is_told_to_the_partner_and_needs_no_second_person(gb: Exchanging) -> None:
    text = await gb.nodes.agree(agreement("GB", "AL", Category.HOTLIST))
    [listed] = (await gb.supervisor.get(f"{PREFIX}/agreements")).json()
    assert set(listed["signed_by"]) == {"GB", "AL"}
    ends = f"{PREFIX}/agreements/{text.agreement_id}/end"
    assert (
        await gb.supervisor.post(ends, json={"reason": "the case is closed"})
    ).status_code == 403
    ended = await gb.liaison.post(ends, json={"reason": "the case is closed"})
    assert ended.json()["agreement"]["ended"] is True
    al = gb.nodes["AL"].services.agreements

    async def told() -> bool:
        return not await al.in_force("GB", "AL", datetime.now(UTC))

    await until(told)
    [last, first] = (await gb.overseer.get(f"{PREFIX}/agreements/{text.agreement_id}")).json()
    assert (last["agreement"]["version"], first["agreement"]["version"]) == (2, 1)
    nowhere = await gb.liaison.post(
        f"{PREFIX}/agreements/{uuid4()}/end", json={"reason": "so it is"}
    )
    assert nowhere.status_code == 404


async def a_sighting(gb: Exchanging) -> UUID:
    """AL told GB of a passing vehicle; the id of the message."""
    text = await gb.nodes.agree(agreement("AL", "GB", Category.SIGHTING))
    items = (Item(fields={"plate": "LN67KTE"}, at=datetime.now(UTC)),)
    told = await gb.nodes.pass_on("AL", "GB", Kind.SIGHTING, text, items=items)
    return told.message_id


async def test_who_oversees_sees_that_a_message_passed_and_never_what_it_says(
    gb: Exchanging,
) -> None:
    message_id = await a_sighting(gb)
    listed = await gb.overseer.get(f"{PREFIX}/messages", params={"kind": "sighting"})
    [one] = listed.json()
    assert (one["message_id"], one["state"]) == (str(message_id), "handled")
    assert "LN67KTE" not in listed.text
    refused = await gb.overseer.get(f"{PREFIX}/messages/{message_id}")
    assert refused.status_code == 403 and "LN67KTE" not in refused.text
    proof = f"{PREFIX}/conversations/{one['conversation']}/evidence"
    assert (await gb.overseer.get(proof)).status_code == 403
    [(who, act, ids)] = await gb.trail("read")
    assert (who, act, ids) == ("data_protection_officer", "consultation", [str(message_id)])


async def test_what_a_message_says_is_shown_to_who_may_and_the_look_is_in_the_trail(
    gb: Exchanging,
) -> None:
    message_id = await a_sighting(gb)
    answer = await gb.supervisor.get(f"{PREFIX}/messages/{message_id}")
    assert answer.json()["items"][0]["fields"] == {"plate": "LN67KTE"}
    assert await gb.trail("content") == [("supervisor", "consultation", [str(message_id)])]
    nothing = await gb.supervisor.get(f"{PREFIX}/messages/{uuid4()}")
    assert nothing.status_code == 404


async def test_filters_find_just_what_they_say(gb: Exchanging) -> None:
    await a_sighting(gb)

    async def kinds(**asked: str) -> set[str]:
        found = await gb.liaison.get(f"{PREFIX}/messages", params=asked)
        return {one["kind"] for one in found.json()}

    assert await kinds() == {"agreement", "sighting"}
    assert await kinds(kind="sighting") == {"sighting"}
    assert await kinds(partner="XK") == set()
    assert await kinds(state="waiting") == set()
    assert (await gb.liaison.get(f"{PREFIX}/messages?kind=gossip")).status_code == 422
    assert (await gb.liaison.get(f"{PREFIX}/messages?limit=100000")).status_code == 422


async def test_what_both_sides_have_is_compared_and_the_comparison_is_shown(
    gb: Exchanging,
) -> None:
    await a_sighting(gb)
    assert (await gb.supervisor.post(f"{PREFIX}/partners/AL/comparison")).status_code == 403
    assert (await gb.liaison.post(f"{PREFIX}/partners/AL/comparison")).status_code == 204
    al = gb.nodes["AL"].services.deliveries
    assert al
    await until(lambda: al.reports("GB"))
    await al.compare_now("GB", datetime.now(UTC))
    here = gb.nodes["GB"].services.deliveries
    assert here
    await until(lambda: here.reports("AL"))
    reports = (await gb.overseer.get(f"{PREFIX}/comparisons", params={"partner": "AL"})).json()
    assert {one["verdict"] for one in reports} == {"agrees"}
    assert all(one["theirs"] == one["ours"] for one in reports)
    assert (await gb.liaison.post(f"{PREFIX}/partners/FR/comparison")).status_code == 404


async def test_what_waits_is_tried_at_once_on_asking(gb: Exchanging) -> None:
    text = await gb.nodes.agree(agreement("GB", "AL", Category.SIGHTING))
    al, node = gb.nodes["AL"].node, gb.nodes["GB"].node
    await al.stop()
    await node.post("AL", Kind.SIGHTING, text, items=())
    here = gb.nodes["GB"].services.deliveries
    assert here

    async def tried() -> bool:
        [queue] = [one for one in await here.queues() if one.partner == "AL"]
        return queue.waiting == 1 and queue.next_try_at is not None

    await until(tried)
    told = (await gb.liaison.get(f"{PREFIX}/partners")).json()["partners"]
    [link] = [one["link"] for one in told if one["node_id"] == "AL"]
    assert link["waiting"] == 1 and link["why"]
    await al.start()
    assert (await gb.liaison.post(f"{PREFIX}/partners/AL/retry")).status_code == 204

    async def gone() -> bool:
        sought = SoughtMessages(partner="AL", kind=Kind.SIGHTING)
        return [one.done_at is not None for one in await here.messages(sought)] == [True]

    await until(gone)


async def test_what_a_person_has_to_see_is_in_the_inbox_until_it_is_done(gb: Exchanging) -> None:
    text = agreement("AL", "GB", Category.SIGHTING)
    await gb.nodes["AL"].signs(text)
    here = gb.nodes["GB"].services.agreements
    await until(lambda: here.versions(text.agreement_id))
    [one] = (await gb.supervisor.get(f"{PREFIX}/inbox")).json()
    assert (one["sort"], one["to_do"], one["partner"]) == ("proposal", True, "AL")
    assert one["page"] == f"/agreements/{text.agreement_id}"
    await gb.nodes["GB"].signs(text)
    assert (await gb.supervisor.get(f"{PREFIX}/inbox")).json() == []


async def test_what_was_refused_at_the_door_is_listed_and_to_be_known(gb: Exchanging) -> None:
    inbox = gb.nodes["GB"].node.on.delivery.inbox
    with pytest.raises(RefusedAtDoorError):
        await inbox.accept(b"no envelope", "AL", datetime.now(UTC))
    [attack] = (await gb.overseer.get(f"{PREFIX}/attacks")).json()
    assert attack["peer"] == "AL" and attack["said"]
    found = (await gb.overseer.get(f"{PREFIX}/inbox")).json()
    assert [one["to_do"] for one in found if one["sort"] == "attack"] == [False]


async def test_evidence_that_cannot_be_made_is_said_and_its_taking_is_in_the_trail(
    gb: Exchanging,
) -> None:
    missing = await gb.liaison.get(f"{PREFIX}/conversations/{uuid4()}/evidence")
    assert missing.status_code == 404
    [(who, act, _)] = await gb.trail("evidence")
    assert (who, act) == ("liaison_officer", "export")
    assert json.loads(missing.text)["place"] == "conversation"
