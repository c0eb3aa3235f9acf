"""Breaches with their clock, requests of persons, what is due and the papers, by API."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest

from invented import read
from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.accountability.trail import Sought
from morina.desk.services import Services
from morina.records.finding import FindPassages, Found
from morina.records.kinds import Kind
from morina.records.questions import Answer, Coverage
from morina.records.running import Running
from morina.records.texts import Exact
from morina.watch import Hotlist, VehicleOfInterest

BREACH = {"what": "a laptop was stolen from a car", "whose": "drivers passing the north crossing"}
REQUEST = {"right": "rectification", "plate": "ab12cde", "person": "letter 2026-114"}


class WithDesk(Protocol):
    """The desk of the conftest beside this file."""

    services: Services
    client: httpx.AsyncClient


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


async def posted(client: httpx.AsyncClient, path: str, sent: object, status: int = 201) -> Any:
    answer = await client.post(f"/api/v1/duties{path}", json=sent)
    assert answer.status_code == status, answer.text
    return answer.json()


async def step(
    client: httpx.AsyncClient, matter: dict[str, Any], kind: str, status: int = 200, **said: str
) -> dict[str, Any]:
    concern = "requests" if "right" in matter["said"] else "breaches"
    sent = {"kind": kind, "after": len(matter["steps"]), "said": said}
    path = f"/{concern}/{matter['matter_id']}/steps"
    found: dict[str, Any] = await posted(client, path, sent, status)
    return found


def knowing_passages(desk: WithDesk) -> list[FindPassages]:
    """Let the desk find one passage of any plate; the questions it was asked."""
    asked: list[FindPassages] = []

    async def answer(question: FindPassages, _running: Running) -> Answer[Found]:
        asked.append(question)
        period = question.scope.period
        found = (Found(read=read("AB12CDE"), text="AB12CDE"),)
        return Answer(found=found, coverage=Coverage(asked=period, covered=period))

    asking = desk.services.search.asking
    asking.kinds = (*asking.kinds, Kind("passages", FindPassages, Found, answer))
    return asked


async def test_a_breach_has_a_clock_that_runs_until_it_is_reported(overseer: Any) -> None:
    noticed = datetime.now(UTC) - timedelta(hours=71)
    sent = {"noticed_at": noticed.isoformat(), "said": BREACH}
    breach = await posted(overseer, "/breaches", sent)
    assert datetime.fromisoformat(breach["due_at"]) == noticed + timedelta(hours=72)
    assert 0 < breach["left_s"] <= 3600
    early = await step(overseer, breach, "close", 422, summary="done")
    assert "nobody reported it" in early["detail"]
    breach = await step(overseer, breach, "report", to_whom="the supervisory authority")
    early = await step(overseer, breach, "close", 422, summary="done")
    assert "whether the persons are told" in early["detail"]
    breach = await step(overseer, breach, "no_telling", reason="the disk was encrypted")
    breach = await step(overseer, breach, "close", summary="the laptop was found")
    assert (breach["settled"], breach["closed"]) == (True, True)
    assert (await overseer.get("/api/v1/duties")).json()["breaches"] == []


async def test_a_late_report_needs_the_reasons_for_the_delay(overseer: Any) -> None:
    breach = await posted(overseer, "/breaches", {"noticed_at": ago(hours=80), "said": BREACH})
    assert breach["left_s"] < 0
    refused = await step(overseer, breach, "report", 422, to_whom="the supervisory authority")
    assert refused["place"] == "late_reason"
    told = await step(overseer, breach, "report", to_whom="the authority", late_reason="a holiday")
    assert told["steps"][0]["said"]["late_reason"] == "a holiday"


async def test_nothing_is_noticed_or_received_ahead_of_now(overseer: Any) -> None:
    ahead = {"noticed_at": ago(hours=-2), "said": BREACH}
    assert (await posted(overseer, "/breaches", ahead, 422))["place"] == "noticed_at"
    ahead = {"received_at": ago(hours=-2), "said": REQUEST}
    assert (await posted(overseer, "/requests", ahead, 422))["place"] == "received_at"


async def test_two_people_cannot_take_the_same_step(overseer: Any) -> None:
    breach = await posted(overseer, "/breaches", {"noticed_at": ago(hours=1), "said": BREACH})
    await step(overseer, breach, "add", what="it held 30 pictures")
    refused = await step(overseer, breach, "add", 422, what="it held 40 pictures")
    assert "somebody else" in refused["detail"]


async def test_nobody_looks_for_a_plate_before_the_person_is_known(
    desk: WithDesk, overseer: Any
) -> None:
    made = await posted(overseer, "/requests", {"received_at": ago(days=1), "said": REQUEST})
    assert made["said"]["plate"] == "AB12CDE"
    looked = knowing_passages(desk)
    path = f"/requests/{made['matter_id']}/search"
    refused = await posted(overseer, path, None, 422)
    assert refused["place"] == "identity"
    assert looked == []
    made = await step(overseer, made, "identity", how="passport seen by desk 4")
    answer = await posted(overseer, path, None, 200)
    [look] = await desk.services.search.asking.consultations.newest(plate="AB12CDE")
    assert (look.number, look.purpose.code) == (answer["consultation"], PurposeCode.OVERSIGHT)
    assert look.outcome is not None and look.outcome.shown == 1
    assert [one["text"] for one in answer["passages"]] == ["AB12CDE"]
    assert [question.text for question in looked] == [Exact("AB12CDE")]


async def test_past_recipients_are_found_and_told_before_a_rectification_is_closed(
    desk: WithDesk, overseer: Any
) -> None:
    now = datetime.now(UTC)
    why = Purpose(
        officer="ben", code=PurposeCode.CRIME, case_number="C-7", legal_basis="Act 1",
        justification="evidence for the court",
    )  # fmt: skip
    log = desk.services.search.asking.consultations
    for act, plate in (("export", "AB12CDE"), ("consultation", "AB12CDE"), ("export", "ZZ99ZZZ")):
        asked = Asked(at=now, purpose=why, question=f"plate {plate}", plates=(plate,), act=act)
        await log.end(await log.begin(asked), Outcome(at=now, shown=1))
    made = await posted(overseer, "/requests", {"received_at": ago(days=1), "said": REQUEST})
    answer = await overseer.get(f"/api/v1/duties/requests/{made['matter_id']}/recipients")
    [given] = answer.json()
    assert (given["officer"], given["case_number"], given["act"]) == ("ben", "C-7", "export")
    made = await step(overseer, made, "identity", how="passport seen")
    made = await step(overseer, made, "rectify", what="the read of 3 March stands as AB12CDF")
    made = await step(overseer, made, "answer", how="letter", outcome="given")
    refused = await step(overseer, made, "close", 422, summary="done")
    assert "recipients were not told" in refused["detail"]
    made = await step(overseer, made, "notify", recipients="case C-7, by letter")
    assert (await step(overseer, made, "close", summary="done"))["closed"]


async def test_a_refusal_needs_its_reasons(overseer: Any) -> None:
    said = REQUEST | {"right": "access"}
    made = await posted(overseer, "/requests", {"received_at": ago(days=1), "said": said})
    made = await step(overseer, made, "identity", how="passport seen")
    refused = await step(overseer, made, "answer", 422, how="letter", outcome="refused")
    assert refused["place"] == "reason"


async def test_each_step_is_in_the_trail_with_a_digest_and_none_of_its_text(
    desk: WithDesk, overseer: Any
) -> None:
    breach = await posted(overseer, "/breaches", {"noticed_at": ago(hours=1), "said": BREACH})
    await step(overseer, breach, "add", what="it held 30 pictures")
    assert desk.services.trail is not None
    found = await desk.services.trail.read(Sought(object_id=breach["matter_id"]))
    assert [(one.deed.act, one.deed.what.step, one.deed.who) for one in found] == [
        ("duty", "add", "dora"), ("duty", "opened", "dora"),
    ]  # fmt: skip
    assert all(len(one.deed.what.digest) == 64 for one in found)
    assert "laptop" not in str(found)


async def test_what_is_due_for_review_is_listed_without_a_plate(
    overseer: Any, hotlist: Hotlist, a_listed: VehicleOfInterest
) -> None:
    found = (await overseer.get("/api/v1/duties")).json()
    due = {(one["kind"], one["name"], one["count"]) for one in found["reviews"]}
    assert due == {("hotlist", "Stolen", 1), ("entries", "Stolen", 1)}
    assert date.fromisoformat(found["reviews"][0]["day"]) == a_listed.review_at
    assert a_listed.plate.text not in str(found)
    assert hotlist.name == "Stolen"


@pytest.mark.parametrize("name", ["processing", "assessment", "controls"])
async def test_papers_say_of_each_line_where_it_is_from_and_what_is_missing(
    name: str, overseer: Any
) -> None:
    paper = (await overseer.get(f"/api/v1/duties/papers/{name}")).json()
    sources = {line["from"] for part in paper["parts"] for line in part["lines"]}
    assert "missing" in sources
    assert paper["missing"] > 0
    assert "node" in sources
    if name == "controls":
        assert [part["article"] for part in paper["parts"]] == [f"29(2)({c})" for c in "abcdefghij"]


async def test_what_is_no_breach_is_not_found_as_one(overseer: Any) -> None:
    made = await posted(overseer, "/requests", {"received_at": ago(days=1), "said": REQUEST})
    sent = {"kind": "add", "after": 0, "said": {"what": "x"}}
    for matter_id in (made["matter_id"], str(UUID(int=5))):
        await posted(overseer, f"/breaches/{matter_id}/steps", sent, 404)
