"""Accounts and roles by API: kept by administrators, seen by the data protection officer."""

from uuid import uuid4

import httpx
import pytest
from tests.desk.api.conftest import Desk

from morina.accountability import Role, User
from morina.accountability.trail import Act, Sought

ADMINISTRATOR = Role.ADMINISTRATOR
APPROVALS = "/api/v1/approvals"
REASON = "he takes over the office"
YES = {"approved": True, "reason": "the post is his"}
NEW = {"name": "dea", "full_name": "Dea Dushi", "roles": ["operator", "list_owner"]}


async def test_an_administrator_adds_a_person_who_can_then_sign_in(desk: Desk) -> None:
    async with desk.holding(ADMINISTRATOR) as client:
        answer = await client.post("/api/v1/people", json=NEW)
        assert answer.status_code == 201
        people = (await client.get("/api/v1/people")).json()
    [dea] = [one for one in people if one["name"] == "dea"]
    assert dea["roles"] == ["list_owner", "operator"]
    assert dea["signed_in_at"] is None and dea["closed_at"] is None
    user = await desk.services.users.user("dea")
    assert user == User(
        name="dea", full_name="Dea Dushi", roles=frozenset({Role.OPERATOR, Role.LIST_OWNER})
    )
    assert desk.services.trail
    [entry] = await desk.services.trail.read(Sought(object_id="dea", act=Act.CONFIGURATION))
    assert (entry.deed.who, entry.deed.what.step) == (ADMINISTRATOR, "added: list_owner, operator")


async def test_roles_given_hold_from_the_next_request(desk: Desk) -> None:
    async with desk.holding(ADMINISTRATOR) as client, desk.holding(Role.OPERATOR) as theirs:
        assert (await theirs.get("/api/v1/alerts")).status_code == 200
        given = await client.put(
            "/api/v1/people/operator/roles", json={"roles": ["camera_technician"]}
        )
        assert given.json() == ["camera_technician"]
        assert (await theirs.get("/api/v1/alerts")).status_code == 403
        await client.put("/api/v1/people/operator/roles", json={"roles": []})
        assert (await theirs.get("/api/v1/cameras")).status_code == 403
        assert (await theirs.get("/api/v1/me")).status_code == 200


async def test_a_closed_account_is_nobody_at_once(desk: Desk) -> None:
    async with desk.holding(ADMINISTRATOR) as client, desk.holding(Role.OPERATOR) as theirs:
        assert (await client.post("/api/v1/people/operator/close")).status_code == 204
        assert (await theirs.get("/api/v1/me")).status_code == 401
        assert (await client.post("/api/v1/people/operator/close")).status_code == 404


@pytest.mark.parametrize(
    ("route", "sent", "status", "said"),
    [
        ("POST people", NEW | {"name": "ana"}, 422, "there is a user 'ana' already"),
        ("POST people", NEW | {"roles": ["operator", "administrator"]}, 422, "one person"),
        ("POST people", NEW | {"roles": ["king"]}, 422, "roles"),
        ("PUT people/nobody/roles", {"roles": []}, 404, "there is no user 'nobody'"),
        ("PUT people/administrator/roles", {"roles": []}, 409, "the only administrator"),
        ("POST people/administrator/close", None, 409, "the only administrator"),
        ("POST people/nobody/close", None, 404, "there is no user 'nobody'"),
    ],
)
async def test_what_cannot_be_is_refused_and_says_what_to_do(
    desk: Desk, route: str, sent: object, status: int, said: str
) -> None:
    method, _, path = route.partition(" ")
    async with desk.holding(ADMINISTRATOR) as client:
        answer: httpx.Response = await client.request(method, f"/api/v1/{path}", json=sent)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    assert answer.json()["mend"]


async def test_the_overseer_sees_the_list_and_changes_nothing(desk: Desk) -> None:
    async with desk.holding(Role.DATA_PROTECTION_OFFICER) as client:
        people = await client.get("/api/v1/people")
        assert {one["name"] for one in people.json()} >= {"ana", "ben"}
        for route in ("POST people", "PUT people/ana/roles", "POST people/ana/close"):
            method, _, path = route.partition(" ")
            refused = await client.request(method, f"/api/v1/{path}", json=NEW)
            assert refused.status_code == 403
            assert "administrator" in refused.json()["detail"]


async def test_whoever_works_with_reads_sees_no_accounts(desk: Desk) -> None:
    assert (await desk.client.get("/api/v1/people")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("PUT", "people/ben/roles", {"roles": ["data_protection_officer"]}),
        ("POST", "people", NEW | {"name": "ben2", "roles": ["administrator"]}),
    ],
)
async def test_trusted_roles_wait_for_a_second_person_and_are_given_once(
    desk: Desk, method: str, path: str, sent: dict[str, object]
) -> None:
    path, sent = f"/api/v1/{path}", sent | {"reason": REASON}
    name = str(sent.get("name", "ben"))
    before = await desk.services.users.user(name)
    async with desk.holding(ADMINISTRATOR) as client, desk.holding(Role.SUPERVISOR) as second:
        needed = await client.request(method, path, json=sent)
        assert (needed.status_code, needed.json()["place"]) == (409, "approval_id")
        assert "second person" in needed.json()["detail"]
        one = needed.json()["approval_id"]
        assert (await client.request(method, path, json=sent)).json()["approval_id"] == one
        assert (await client.post(f"{APPROVALS}/{one}/decision", json=YES)).status_code == 403
        under = sent | {"approval_id": one}
        early = await client.request(method, path, json=under)
        assert (early.status_code, "nobody decided" in early.json()["detail"]) == (409, True)
        assert await desk.services.users.user(name) == before

        [listed] = (await second.get(APPROVALS)).json()
        assert (listed["kind"], listed["why"]) == ("roles", {"reason": REASON})
        decided = await second.post(f"{APPROVALS}/{one}/decision", json=YES)
        assert decided.json()["stage"] == "approved"
        for other in ({"reason": "he was here before"}, {"approval_id": str(uuid4())}):
            refused = await client.request(method, path, json=under | other)
            assert (refused.status_code, refused.json()["place"]) == (409, "approval_id")
        assert await desk.services.users.user(name) == before

        given = await client.request(method, path, json=under)
        assert given.status_code in (200, 201), given.text
        user = await desk.services.users.user(name)
        assert user and sorted(user.roles) == sent["roles"]
        [mine] = (await client.get(APPROVALS)).json()
        assert (mine["stage"], mine["used_for"]) == ("used", f"roles of {name}")
        again = await client.put(f"/api/v1/people/{name}/roles", json={
            "roles": sent["roles"], "reason": REASON, "approval_id": one,
        })  # fmt: skip
        assert again.status_code == 409


async def test_who_asked_does_not_approve_even_where_they_may_by_now(desk: Desk) -> None:
    sent = {"roles": ["data_protection_officer"], "reason": REASON}
    async with desk.holding(ADMINISTRATOR) as client, desk.holding(Role.SUPERVISOR) as second:
        one = (await client.put("/api/v1/people/ben/roles", json=sent)).json()["approval_id"]
        await desk.services.users.give_roles("ben", {ADMINISTRATOR})
        await desk.services.users.give_roles("administrator", {Role.SUPERVISOR})
        refused = await client.post(f"{APPROVALS}/{one}/decision", json=YES)
        assert (refused.status_code, "yourself" in refused.json()["detail"]) == (403, True)
        own = {"roles": ["administrator"], "reason": REASON}
        await desk.services.users.give_roles("administrator", {ADMINISTRATOR})
        two = (await client.put("/api/v1/people/supervisor/roles", json=own)).json()["approval_id"]
        refused = await second.post(f"{APPROVALS}/{two}/decision", json=YES)
        assert (refused.status_code, "your own roles" in refused.json()["detail"]) == (403, True)


async def test_a_reason_is_needed_before_anybody_is_asked(desk: Desk) -> None:
    async with desk.holding(ADMINISTRATOR) as client, desk.holding(Role.SUPERVISOR) as second:
        sent = {"roles": ["administrator"]}
        refused = await client.put("/api/v1/people/ben/roles", json=sent)
        assert (refused.status_code, "3 words" in refused.json()["detail"]) == (409, True)
        assert (await second.get(APPROVALS)).json() == []


async def test_roles_that_approve_or_search_patterns_are_told_to_the_overseer_who_closes_it(
    desk: Desk, overseer: httpx.AsyncClient
) -> None:
    where = "/api/v1/oversight/alarms"
    async with desk.holding(Role.ADMINISTRATOR) as admin:
        for name, role in (("puppet1", "analyst"), ("puppet2", "supervisor"), ("p3", "operator")):
            sent = {"name": name, "full_name": name, "roles": [role]}
            assert (await admin.post("/api/v1/people", json=sent)).status_code == 201
        more = {"roles": ["operator", "supervisor"], "reason": "leads the second shift"}
        assert (await admin.put("/api/v1/people/p3/roles", json=more)).is_success
        assert (await admin.put("/api/v1/people/p3/roles", json=more)).is_success
    found = (await overseer.get(where)).json()
    assert [(one["rule"], one["officer"]) for one in found] == [
        ("roles", "p3"), ("roles", "puppet2"), ("roles", "puppet1"),
    ]  # fmt: skip
    assert "administrator gave puppet1 the role of analyst" in found[-1]["said"]
    closing = {"found": "in_order", "words": "known to be a person"}
    close = f"{where}/{found[-1]['alarm_id']}/review"
    async with desk.holding(Role.SUPERVISOR) as supervisor:
        refused = await supervisor.post(close, json=closing)
        assert refused.status_code == 409
        assert "data protection officer" in refused.json()["detail"]
    assert (await overseer.post(close, json=closing)).status_code == 204
