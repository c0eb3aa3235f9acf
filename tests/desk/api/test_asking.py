"""The routes of questions to partners and follow-ups, with a partner that answers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from tests.desk.api.conftest import Desk

from asking_nodes import (
    NAME_TOLD,
    AskingNode,
    Pair,
    asking_agreement,
    asking_pair,
    details_agreement,
)
from guards import MARKS
from invented import EVIDENCE
from morina.accountability import Role
from morina.accountability.approvals import Verdict
from morina.desk import sessions
from morina.desk.api import serve
from morina.desk.exchange import ExchangeServices
from morina.desk.oversight import Oversight
from morina.plates import Plate
from morina.wiring.trail_chain import NodeChain, oversight_of
from seen_passages import JPEG

PREFIX = "/api/v1/exchange"
PURPOSE = {
    "code": "stolen_vehicle", "case_number": "C-2026-7", "legal_basis": "Memorandum, article 4",
    "justification": "a grey van left the ferry on Monday without papers, driver unknown",
}  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """The desk of GB, and of AL, over one API each."""

    pair: Pair
    officer: httpx.AsyncClient
    overseer: httpx.AsyncClient
    releasing: httpx.AsyncClient
    no_releasing: httpx.AsyncClient

    async def hit(self) -> str:
        """The id of a question AL answered with a hit."""
        now = datetime.now(UTC)
        await self.pair.al.list_vehicle(
            Plate.of("AA111BB", "AL"), valid_from=now - timedelta(1), valid_to=now + timedelta(1)
        )
        sent = {"partners": ["AL"], "plate": "AA 111 BB", "country": "al", "purpose": PURPOSE}
        asked = await self.officer.post(f"{PREFIX}/questions", json=sent)
        assert asked.status_code == 201, asked.text
        await self.pair.talk(datetime.now(UTC))
        return str(asked.json()[0]["question_id"])


def app_of(desk: Desk, pair: Pair, name: str) -> FastAPI:
    side = pair.gb if name == "GB" else pair.al
    services = ExchangeServices(
        node_id=name, partners=None, agreements=pair.agreements, enter=None,
        questions=side.questions, answers_given=side.answers, follow_ups=side.follow_ups,
    )  # type: ignore[arg-type]  # fmt: skip
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    with_exchange = replace(desk.services, exchange=services, oversight=oversight_over(desk, side))
    sessions.install(app, with_exchange)
    serve(app, with_exchange)
    return app


def oversight_over(desk: Desk, side: AskingNode) -> Oversight:
    """The desk's, over what this node of the pair keeps."""
    assert desk.services.oversight
    was, pool = desk.services.oversight, side.node.pool
    clearance = was.overseeing.clearance
    chain = replace(cast(NodeChain, was.chain), pool=pool)
    return oversight_of(pool, chain, was.authority, clearance, MARKS)


@pytest.fixture
async def asking(desk: Desk, engines: Any) -> AsyncIterator[Asking]:
    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(asking_pair(engines.postgres))
        now = datetime.now(UTC)
        dates = {"valid_from": now - timedelta(1), "valid_to": now + timedelta(9)}
        pair.agreements.known[:] = [asking_agreement(**dates), details_agreement(**dates)]
        gb, al = (app_of(desk, pair, name) for name in ("GB", "AL"))
        for app in (gb, al):
            await stack.enter_async_context(app.router.lifespan_context(app))
        clients = [
            await stack.enter_async_context(replace(desk, app=app).holding(role))
            for app, role in (
                (gb, Role.INVESTIGATOR), (al, Role.DATA_PROTECTION_OFFICER),
                (al, Role.LIAISON_OFFICER), (al, Role.INVESTIGATOR),
            )
        ]  # fmt: skip
        yield Asking(pair, *clients)


async def test_a_partner_is_asked_and_the_answer_is_the_askers_alone(asking: Asking) -> None:
    question_id = await asking.hit()
    told = (await asking.officer.get(f"{PREFIX}/questions/{question_id}")).json()
    assert told["state"] == "answered" and told["answer"]["result"] == "hit"
    assert told["answer"]["found"][0]["category"] == "stolen"
    assert [one["question_id"] for one in (await asking.officer.get(f"{PREFIX}/questions")).json()]
    other = await asking.no_releasing.get(f"{PREFIX}/questions/{question_id}")
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "place"),
    [
        ({"plate": "AA*", "country": "AL"}, 422, "plate"),
        ({"plate": "AA111BB"}, 422, "country"),
        ({"vin": "WVWZZZ1KZAW00000O"}, 422, "vin"),
        ({"plate": "AA111BB", "country": "AL", "partners": ["ME"]}, 409, "agreement"),
    ],
)
async def test_what_may_not_be_asked_is_refused_with_its_place(
    asking: Asking, sent: dict[str, Any], status: int, place: str
) -> None:
    body = {"partners": ["AL"], "purpose": PURPOSE} | sent
    answer = await asking.officer.post(f"{PREFIX}/questions", json=body)
    assert (answer.status_code, answer.json()["place"]) == (status, place), answer.text


async def test_who_looked_at_a_plate_names_the_partners_that_asked_and_why(
    asking: Asking,
) -> None:
    question_id = await asking.hit()
    look = {"plate": "aa 111 bb", "case_number": "DPO-2026-4", "legal_basis": "Data Act 9",
            "justification": "a complaint that somebody looked up a neighbour"}  # fmt: skip
    answer = await asking.overseer.post("/api/v1/trail/plates", json=look)
    assert answer.status_code == 200, answer.text
    [told] = answer.json()["partners"]
    assert (told["act"], told["with_whom"]) == ("consultation", "GB")
    assert (told["what"]["ids"], told["what"]["step"]) == ([question_id], "answered: hit")
    assert told["why"]["justification"] == PURPOSE["justification"]
    assert told["why"]["officer"].startswith("GB:")
    other = await asking.overseer.post("/api/v1/trail/plates", json=look | {"plate": "AA111BC"})
    assert other.json()["partners"] == []


async def test_a_sampled_answer_is_reviewed_over_the_api(asking: Asking) -> None:
    question_id = await asking.hit()
    [one] = (await asking.overseer.get(f"{PREFIX}/answers/sample")).json()
    assert one["question_id"] == question_id and one["officer"].startswith("GB:")
    review = f"{PREFIX}/answers/{question_id}/review"
    assert (await asking.overseer.post(review, json={"words": "fine"})).status_code == 422
    assert (await asking.overseer.post(review, json={"words": "it fits its case"})).is_success
    assert (await asking.overseer.post(review, json={"words": "it fits it"})).status_code == 404
    assert (await asking.officer.get(f"{PREFIX}/answers/sample")).status_code == 403


async def test_a_follow_up_goes_from_writing_to_release_over_the_api(asking: Asking) -> None:
    sent = {"partner": "AL", "about": await asking.hit(), "purpose": PURPOSE,
            "offence": "theft of a vehicle", "wanted": ["holder_name"]}  # fmt: skip
    made = await asking.officer.post(f"{PREFIX}/follow-ups", json=sent)
    assert made.status_code == 201, made.text
    one = f"{PREFIX}/follow-ups/{made.json()['follow_up_id']}"
    early = await asking.officer.post(f"{one}/steps", json={"step": "send"})
    assert early.status_code == 409 and early.json()["place"] == "approval_id"
    verdict = Verdict("sup", True, "it is needed for the case")
    approval = UUID(made.json()["approval_id"])
    await asking.pair.gb.approvals.decide(approval, verdict, datetime.now(UTC))
    assert (await asking.officer.post(f"{one}/steps", json={"step": "send"})).is_success
    await asking.pair.talk(datetime.now(UTC))

    own = await asking.officer.post(f"{one}/steps", json={"step": "grant"})
    assert own.status_code == 403
    hidden = await asking.no_releasing.get(one)
    assert hidden.status_code == 404
    [listed] = (await asking.releasing.get(f"{PREFIX}/follow-ups")).json()
    assert set(listed["due"]) == {"acknowledge", "answer"} and listed["may"] == [
        "acknowledge",
        "refuse",
    ]
    assert (await asking.releasing.post(f"{one}/steps", json={"step": "acknowledge"})).is_success
    agreed = asking.pair.agreements.known[-1]
    border, fields = frozenset({"border"}), agreed.fields | {"picture"}
    asking.pair.agreements.change(agreed, fields=fields, camera_groups=border)
    asking.pair.al.images.kept[EVIDENCE.overview] = JPEG
    await asking.pair.al.saw("AA111BB", "GB", UUID(sent["about"]), datetime.now(UTC))
    grant = {"step": "grant", "fields": {"holder_name": NAME_TOLD, "picture": True},
             "forget_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}  # fmt: skip
    unagreed = grant | {"fields": {"owner_name": "B"}}
    refused = await asking.releasing.post(f"{one}/steps", json=unagreed)
    assert (refused.status_code, refused.json()["place"]) == (422, "fields")
    done = await asking.releasing.post(f"{one}/steps", json=grant)
    assert done.is_success, done.text
    assert done.json()["released"] is None
    await asking.pair.talk(datetime.now(UTC))
    seen = (await asking.officer.get(one)).json()
    assert seen["released"]["fields"] == {"holder_name": NAME_TOLD, "picture": True}
    shown = await asking.officer.get(f"{one}/picture")
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")
    assert (await asking.no_releasing.get(f"{one}/picture")).status_code == 404
    assert (await asking.officer.get(f"{PREFIX}/follow-ups/{uuid4()}")).status_code == 404
