"""Joint operations over HTTP, and what a liaison officer of a partner is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import PASSWORD, Desk, client_of

from joined import Agreed
from morina.accountability import Role, User
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.desk.exchange import ExchangeServices
from morina.exchange import Draft, Message
from morina.exchange.adapters.operations_telling import Ways
from morina.exchange.adapters.postgres_operations import PostgresOperations
from morina.records.adapters.obstore import ObstoreImages

HERE = "/api/v1/operations"
NOW = datetime.now(UTC)


@dataclass
class Sent:
    """The role Outbox: remembers whom what was posted to."""

    posted: list[Draft]

    async def post(self, _connection: AsyncConnection, draft: Draft, _now: datetime) -> Message:
        self.posted.append(draft)
        return None  # type: ignore[return-value]  # nobody asks for it here


class Partners:
    """The role Partners, as far as the desk asks."""

    async def parties(self) -> list[object]:
        return []


@dataclass(frozen=True)
class Joint:
    """A desk of AL with a client each."""

    desk: Desk
    officer: httpx.AsyncClient
    liaison: httpx.AsyncClient
    sent: Sent


@asynccontextmanager
async def client(desk: Desk, user: User) -> AsyncIterator[httpx.AsyncClient]:
    await desk.services.users.add(user, PASSWORD)
    token = await desk.services.users.issue_token(user.name, "tests", NOW + timedelta(days=1))
    async with client_of(desk.app, {"Authorization": f"Bearer {token}"}) as made:
        yield made


@pytest.fixture
async def joint(desk: Desk, empty_dsn: str) -> AsyncIterator[Joint]:
    agreed, sent = Agreed(), Sent([])
    for receiver in ("GB", "XK"):
        agreed.add("AL", receiver, valid_from=NOW - timedelta(days=1),
                   valid_to=NOW + timedelta(days=1))  # fmt: skip
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=3, open=False) as pool:
        ways = Ways(
            node_id="AL", secret="s", outbox=sent, agreements=agreed, trail=PostgresTrail(),
            files=ObstoreImages.at("", desk.folder.parent / "attachments"),
        )  # fmt: skip
        exchange = ExchangeServices(
            node_id="AL", partners=Partners(), agreements=agreed,  # type: ignore[arg-type]
            enter=PostgresTrailReader(pool).enter, operations=PostgresOperations(pool, ways),
        )  # fmt: skip
        object.__setattr__(desk.services, "exchange", exchange)
        officer = User(name="ora", full_name="Ora", roles=frozenset({Role.OPERATOR}))
        lena = User(name="lena@GB", full_name="Lena", roles=frozenset({Role.LIAISON_OFFICER}),
                    authority="GB")  # fmt: skip
        async with client(desk, officer) as one, client(desk, lena) as two:
            yield Joint(desk, one, two, sent)


def case(**changed: Any) -> dict[str, Any]:
    fields = {
        "name": "Two crossings", "purpose": "finding stolen cars on their way out",
        "purpose_code": "serious_crime", "case_number": "C-7", "legal_basis": "Memorandum",
        "authorities": ["GB", "XK"], "begins_at": NOW.isoformat(),
        "ends_at": (NOW + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    return {"kind": "case", "fields": fields | changed, "addressed": ["GB", "XK"]}


async def begun(joint: Joint) -> str:
    made = await joint.officer.post(HERE, json=case())
    assert made.status_code == 201, made.text
    return str(made.json()["item_id"])


def note(words: str, *to: str) -> dict[str, Any]:
    return {"kind": "note", "fields": {"words": words}, "addressed": list(to)}


async def test_an_operation_is_worked_over_http(joint: Joint) -> None:
    one = await begun(joint)
    check = {"kind": "check", "fields": {"title": "Lorries", "crossing": "North"},
             "addressed": ["GB"]}  # fmt: skip
    task = (await joint.officer.post(f"{HERE}/{one}/items", json=check)).json()
    assert (task["fields"]["state"], task["told"]) == ("open", {"GB": "revision 1"})
    steps = f"{HERE}/items/{task['item_id']}/steps"
    taken = await joint.officer.post(steps, json={"step": "take"})
    assert taken.json()["fields"] | {"state": "taken", "taken_by": "AL"} == taken.json()["fields"]
    again = await joint.officer.post(steps, json={"step": "take"})
    assert (again.status_code, again.json()["place"]) == (409, "step")
    for vehicles in (3, 4):
        fields = {"task": task["item_id"], "vehicles_checked": vehicles, "stopped": ["goods:1"]}
        result = {"kind": "result", "fields": fields}
        assert (await joint.officer.post(f"{HERE}/{one}/items", json=result)).status_code == 201
    view = (await joint.officer.get(f"{HERE}/{one}")).json()
    assert view["counted"] == [
        {"task": task["item_id"], "vehicles_checked": 7, "hits": 0, "stopped": {"goods": 2}}
    ]
    assert [(d.to, d.kind.value) for d in joint.sent.posted][2:] == [("GB", "operation.item")] * 2
    back = await joint.officer.post(f"{HERE}/items/{task['item_id']}/withdrawal")
    assert back.json()["fields"]["state"] == "withdrawn"
    assert joint.sent.posted[-1].kind.value == "operation.withdraw"


async def test_a_file_is_what_its_content_says_and_comes_as_a_download(joint: Joint) -> None:
    one = await begun(joint)
    where = f"{HERE}/{one}/attachments"
    page = {"file": ("plan.png", b"<html><script>alert(1)</script></html>", "image/png")}
    kept = (await joint.officer.post(where, files=page, data={"addressed": "GB, XK"})).json()
    assert (kept["fields"]["media_type"], kept["addressed"]) == ("text/plain", ["GB", "XK"])
    assert kept["fields"]["name"] == "plan.png.txt"
    program = {"file": ("a.pdf", b"MZ\x90\x00" + bytes(50), "application/pdf")}
    refused = await joint.officer.post(where, files=program)
    assert (refused.status_code, refused.json()["place"]) == (422, "content")
    got = await joint.officer.get(f"{HERE}/items/{kept['item_id']}/content")
    assert got.content == page["file"][1]
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")


async def test_a_liaison_officer_has_their_own_identity_and_sees_their_authoritys_part(
    joint: Joint,
) -> None:
    one = await begun(joint)
    for words, to in (("ours", ()), ("for XK", ("XK",)), ("for GB", ("GB",))):
        await joint.officer.post(f"{HERE}/{one}/items", json=note(words, *to))
    me = (await joint.liaison.get("/api/v1/me")).json()
    assert (me["name"], me["authority"]) == ("lena@GB", "GB")
    theirs = (await joint.liaison.get(f"{HERE}/{one}")).json()["items"]
    assert [item["fields"]["words"] for item in theirs] == ["for GB"]
    own = (await joint.liaison.post(f"{HERE}/{one}/items", json=note("by lena"))).json()
    assert own["by"] == "lena@GB"
    all_of_it = (await joint.officer.get(f"{HERE}/{one}")).json()["items"]
    assert len(all_of_it) == 4
    hidden = next(item for item in all_of_it if item["fields"]["words"] == "ours")
    back = await joint.liaison.post(f"{HERE}/items/{hidden['item_id']}/withdrawal")
    assert back.status_code == 404
    seen = next(item for item in all_of_it if item["fields"]["words"] == "for GB")
    kept = await joint.liaison.put(f"{HERE}/items/{seen['item_id']}", json=note("other"))
    assert (kept.status_code, kept.json()["place"]) == (409, "owner")
    assert (await joint.liaison.post(HERE, json=case())).status_code == 409
    assert (await joint.liaison.get("/api/v1/alerts")).status_code == 200
    assert (await joint.liaison.get("/api/v1/records/questions")).status_code == 403
    async with joint.desk.holding(Role.DATA_PROTECTION_OFFICER) as overseer:
        entries = (await overseer.get("/api/v1/trail", params={"who": "lena@GB"})).json()
    assert "note added" in str(entries)


async def test_without_an_agreement_it_is_said_who_may_not_be_told(joint: Joint) -> None:
    one = await begun(joint)
    assert joint.desk.services.exchange
    joint.desk.services.exchange.agreements.end("AL", "XK")  # type: ignore[attr-defined]
    refused = await joint.officer.post(f"{HERE}/{one}/items", json=note("for both", "GB", "XK"))
    assert (refused.status_code, refused.json()["detail"][:4]) == (409, "XK: ")
    assert (await joint.officer.get(f"{HERE}/{one}")).json()["items"] == []


async def test_what_is_not_so_is_named(joint: Joint) -> None:
    one = await begun(joint)
    ends = (NOW - timedelta(days=1)).isoformat()
    for sent, place in (
        (note(""), "words"), (note("x", "ME"), "addressed"),
        (note("x" * 4001), "body.fields.words"),
        ({"kind": "note", "fields": {"plate": "AA"}}, "plate"),
        ({"kind": "case", "fields": {}}, "kind"),
    ):  # fmt: skip
        refused = await joint.officer.post(f"{HERE}/{one}/items", json=sent)
        assert refused.status_code == 422, sent
        assert refused.json()["place"].startswith(place), refused.text
    late = await joint.officer.post(HERE, json=case(ends_at=ends))
    assert (late.status_code, late.json()["place"]) == (422, "ends_at")
    for missing in ("x", "AL.7", f"{one[:-1]}0"):
        assert (await joint.officer.get(f"{HERE}/{missing}")).status_code == 404


async def test_who_has_no_part_in_operations_is_refused(joint: Joint) -> None:
    one = await begun(joint)
    async with joint.desk.holding(Role.ANALYST) as analyst:
        assert (await analyst.get(f"{HERE}/{one}")).status_code == 200
        assert (await analyst.post(f"{HERE}/{one}/items", json=note("x"))).status_code == 403
    async with joint.desk.holding(Role.LIST_OWNER) as owner:
        assert (await owner.get(HERE)).status_code == 403


async def test_a_node_that_exchanges_with_nobody_says_so(joint: Joint) -> None:
    exchange = joint.desk.services.exchange
    assert exchange
    object.__setattr__(joint.desk.services, "exchange", replace(exchange, operations=None))
    assert (await joint.officer.get(HERE)).status_code == 404
