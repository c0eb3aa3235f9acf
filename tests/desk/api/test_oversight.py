"""Who looked at a plate and why, the state of the chain, its file, and what everybody may know."""

import json
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx
import pytest

from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.accountability.signing import PublicKey
from morina.accountability.trail_check import verify
from morina.accountability.trail_file import read_file
from morina.alerts import Alert, Step
from morina.desk.services import Services

PASSWORD = "a long enough password"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LOOK = {
    "plate": "ab12 cde",
    "case_number": "DPO-2026-4",
    "legal_basis": "Invented Act 5",
    "justification": "a complaint by the keeper",
}


class WithDesk(Protocol):
    """The desk of the conftest beside this file."""

    services: Services
    client: httpx.AsyncClient

    def browser(self) -> httpx.AsyncClient: ...


async def asked(desk: WithDesk, officer: str, plate: str, shown: int = 2) -> int:
    """A question of an officer, answered."""
    purpose = Purpose(
        officer=officer, code=PurposeCode.CRIME, case_number="C-7", legal_basis="Act 1",
        justification="seen near the mill",
    )  # fmt: skip
    log = desk.services.search.asking.consultations
    question = Asked(at=NOW, purpose=purpose, question=f"plate {plate}", plates=(plate,))
    number = await log.begin(question)
    await log.end(number, Outcome(at=NOW, shown=shown))
    return number


async def looked(client: httpx.AsyncClient, **changed: object) -> dict[str, Any]:
    answer = await client.post("/api/v1/trail/plates", json=LOOK | changed)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_looked_at_a_plate_and_why_and_that_itself_is_written_down(
    desk: WithDesk, overseer: httpx.AsyncClient, alert: Alert
) -> None:
    numbers = [await asked(desk, who, plate) for who, plate in (
        ("ana", "AB12CDE"), ("ben", "AB1?C*"), ("ben", "ZZ99ZZZ"), ("ben", "AB1?D*"))]  # fmt: skip
    await desk.services.alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", NOW)
    found = await looked(overseer)
    of = found["consultations"]
    assert [one["number"] for one in of] == [numbers[1], numbers[0]]
    assert (of[1]["officer"], of[1]["code"], of[1]["shown"]) == ("ana", "crime", 2)
    assert of[1]["justification"] == "seen near the mill"
    assert [one["who"] for one in found["alerts"]] == ["ana", "morina"]
    again = await looked(overseer, before=None)
    newest = again["consultations"][0]
    assert (newest["number"], newest["officer"]) == (found["number"], "dora")
    assert newest["code"] == "oversight"
    assert newest["shown"] == 4
    assert [one["number"] for one in (await looked(overseer, before=numbers[1]))["consultations"]]


async def test_a_look_without_a_reason_or_with_another_purpose_is_refused(
    overseer: httpx.AsyncClient,
) -> None:
    short = await overseer.post("/api/v1/trail/plates", json=LOOK | {"justification": "why"})
    assert (short.status_code, short.json()["place"]) == (422, "justification")
    coded = await overseer.post("/api/v1/trail/plates", json=LOOK | {"code": "crime"})
    assert coded.status_code == 422


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"case_number": "x"}, "case_number"),
        ({"case_number": "my own file"}, "case_number"),
        ({"legal_basis": "y"}, "legal_basis"),
        ({"justification": "aaa aaa aaa"}, "justification"),
        ({"justification": "ongoing police investigation case"}, "justification"),
    ],
)
async def test_the_overseers_own_purpose_is_judged_too(
    overseer: httpx.AsyncClient, changed: dict[str, str], place: str
) -> None:
    refused = await overseer.post("/api/v1/trail/plates", json=LOOK | changed)
    assert (refused.status_code, refused.json()["place"]) == (422, place)
    assert refused.json()["mend"]


async def test_an_overseer_writes_no_reason_twice(overseer: httpx.AsyncClient) -> None:
    await looked(overseer)
    copied = await overseer.post("/api/v1/trail/plates", json=LOOK | {"case_number": "DPO-9"})
    assert (copied.status_code, copied.json()["place"]) == (422, "justification")
    assert "DPO-2026-4" in copied.json()["detail"]


async def test_the_trail_goes_out_as_a_signed_file_that_says_so_itself(
    desk: WithDesk, overseer: httpx.AsyncClient
) -> None:
    await asked(desk, "ana", "AB12CDE")
    before = (await overseer.get("/api/v1/trail/chain")).json()
    assert before["checkpoint"] is None
    answer = await overseer.post("/api/v1/trail/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    entries, points = read_file(answer.content.splitlines())
    kept = list(entries)
    state = (await overseer.get("/api/v1/trail/chain")).json()
    assert verify(kept, points, PublicKey(state["key"])).found == ()
    last = kept[-1]
    assert last is not None
    assert (last.deed.act, last.deed.who, last.number) == ("export", "dora", points[-1].last)
    assert state["digest"] == points[-1].digest
    assert state["checked"] is None


async def test_months_tell_no_names_no_plates_and_no_small_counts(
    desk: WithDesk, overseer: httpx.AsyncClient
) -> None:
    for _ in range(6):
        await asked(desk, "ana", "AB12CDE")
    await looked(overseer)
    [month] = (await overseer.get("/api/v1/trail/months")).json()
    rows = {(one["what"], one["purpose"]): one for one in month["rows"]}
    assert rows["consultation", "crime"]["count"] == 6
    assert rows["consultation", "oversight"]["count"] is None
    assert rows["consultation", "oversight"]["shown"] == "fewer than 5"
    assert not month["over"]
    told = json.dumps(month)
    assert not any(word in told for word in ("ana", "dora", "AB12CDE", "C-7"))
