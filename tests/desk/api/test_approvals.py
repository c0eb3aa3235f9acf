"""Second persons, alarms and samples over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import PASSWORD, Desk, client_of
from tests.desk.api.test_records import ASK, LOG, asks

from guards import clearing_of, roles_of_users
from morina.accountability import Action, User
from morina.accountability.policy import Role
from morina.desk import permits

NOW = datetime.now(UTC)
HERE = "/api/v1/approvals"
OVER = "/api/v1/oversight"
OLD = {"period": {"begins_at": (NOW - timedelta(days=200)).isoformat(),
                  "ends_at": NOW.isoformat()}}  # fmt: skip
WORDS = "the case needs it"


@dataclass(frozen=True)
class Office:
    """A desk whose questions are judged, and one client a person."""

    desk: Desk
    analyst: httpx.AsyncClient
    supervisor: httpx.AsyncClient
    second: httpx.AsyncClient


async def client(desk: Desk, name: str, role: Role) -> httpx.AsyncClient:
    user = User(name=name, full_name=name.title(), roles=frozenset({role}))
    await desk.services.users.add(user, PASSWORD)
    token = await desk.services.users.issue_token(name, "tests", NOW + timedelta(days=1))
    return client_of(desk.app, {"Authorization": f"Bearer {token}"})


@pytest.fixture
async def office(
    desk: Desk, empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr(permits, "KINDS", {**permits.KINDS, "where": Action.SEARCH})
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=2, open=False) as pool:
        asking = desk.services.search.asking
        clearing = clearing_of(pool, roles_of=roles_of_users(desk.services.users))
        asking.rules = replace(asking.rules, clearance=clearing)
        async with (
            await client(desk, "eva", Role.ANALYST) as analyst,
            await client(desk, "sup", Role.SUPERVISOR) as supervisor,
            await client(desk, "dpo", Role.DATA_PROTECTION_OFFICER) as second,
        ):
            yield Office(desk, analyst, supervisor, second)


def old(**changed: Any) -> dict[str, Any]:
    sent = asks(scope=OLD)
    return sent | {"purpose": sent["purpose"] | {"code": "serious_crime"}} | changed


async def test_an_old_question_waits_for_a_second_person_and_is_asked_once(
    office: Office,
) -> None:
    needed = await office.analyst.post(ASK, json=old())
    assert needed.status_code == 409
    problem = needed.json()
    assert problem["place"] == "approval_id" and "last 90 days" in problem["detail"]
    one = problem["approval_id"]
    again = (await office.analyst.post(ASK, json=old())).json()
    assert again["approval_id"] == one
    assert (await office.analyst.get(LOG)).json() == []
    early = await office.analyst.post(ASK, json=old(approval_id=one))
    assert (early.status_code, "nobody decided" in early.json()["detail"]) == (409, True)

    [listed] = (await office.supervisor.get(HERE)).json()
    assert (listed["stage"], listed["requester"], listed["kind"]) == ("open", "eva", "question")
    assert listed["words"] == "where was AA123BC"
    assert listed["why"]["case_number"] == "C-7"
    decision = {"approved": True, "reason": WORDS}
    decided = await office.supervisor.post(f"{HERE}/{one}/decision", json=decision)
    assert (decided.json()["stage"], decided.json()["decided_by"]) == ("approved", "sup")

    told = (await office.analyst.post(ASK, json=old())).json()
    assert "the request is approved" in told["detail"] and told["approval_id"] == one
    other = old(approval_id=one)
    other["question"] = other["question"] | {"plate": "AB12CDE"}
    assert (await office.analyst.post(ASK, json=other)).status_code == 409
    asked = await office.analyst.post(ASK, json=old(approval_id=one))
    assert asked.status_code == 201, asked.text
    used = await office.analyst.post(ASK, json=old(approval_id=one))
    assert (used.status_code, "was used" in used.json()["detail"]) == (409, True)
    [mine] = (await office.analyst.get(HERE)).json()
    assert (mine["stage"], mine["reason"]) == ("used", WORDS)
    assert mine["used_for"] == f"consultation {asked.json()['consultation']}"


async def test_a_refusal_is_told_with_its_reason(office: Office) -> None:
    one = (await office.analyst.post(ASK, json=old())).json()["approval_id"]
    decision = {"approved": False, "reason": "the case is about a lorry"}
    await office.supervisor.post(f"{HERE}/{one}/decision", json=decision)
    refused = await office.analyst.post(ASK, json=old(approval_id=one))
    assert "the case is about a lorry" in refused.json()["detail"]
    twice = await office.supervisor.post(f"{HERE}/{one}/decision", json=decision)
    assert twice.status_code == 409


async def test_who_may_not_approve_neither_decides_nor_sees_anothers(office: Office) -> None:
    one = (await office.analyst.post(ASK, json=old())).json()["approval_id"]
    decision = {"approved": True, "reason": WORDS}
    for who in (office.analyst, office.second):
        assert (await who.post(f"{HERE}/{one}/decision", json=decision)).status_code == 403
    assert (await office.second.get(f"{HERE}/{one}")).status_code == 404
    assert (await office.second.get(HERE)).json() == []
    assert (await office.supervisor.get(f"{HERE}/{uuid4()}")).status_code == 404
    short = await office.supervisor.post(
        f"{HERE}/{one}/decision", json={"approved": True, "reason": "ok"}
    )
    assert (short.status_code, "3 words" in short.json()["detail"]) == (409, True)


async def test_vague_reasons_and_missing_rights_are_refused_with_what_to_do(
    office: Office,
) -> None:
    vague = asks()
    vague["purpose"] = vague["purpose"] | {"justification": "ongoing police investigation case"}
    answer = await office.analyst.post(ASK, json=vague)
    assert (answer.status_code, answer.json()["place"]) == (422, "purpose.justification")
    assert "which vehicle or person" in answer.json()["mend"]
    crime = await office.analyst.post(ASK, json=asks(scope=OLD))
    assert (crime.status_code, crime.json()["place"]) == (403, "purpose.code")
    assert (await office.analyst.get(LOG)).json() == []
    assert (await office.supervisor.get(HERE)).json() == []


async def test_a_watched_plate_raises_an_alarm_the_officer_does_not_see(office: Office) -> None:
    watch = {"watch": "sensitive", "plate": "AA 123 BC", "note": "vehicle of the press"}
    put = await office.second.post(f"{OVER}/plates", json=watch)
    assert put.status_code == 201 and "AA123BC" not in put.text
    answer = await office.analyst.post(ASK, json=asks())
    assert answer.status_code == 201
    assert "press" not in answer.text and "sensitive" not in answer.text
    assert (await office.analyst.get(f"{OVER}/alarms")).status_code == 403
    [alarm] = (await office.supervisor.get(f"{OVER}/alarms")).json()
    assert (alarm["rule"], alarm["officer"]) == ("sensitive", "eva")
    assert alarm["consultations"] == [answer.json()["consultation"]]
    review = {"found": "in_order", "words": "her case is about that car"}
    here = f"{OVER}/alarms/{alarm['alarm_id']}/review"
    assert (await office.supervisor.post(here, json=review)).status_code == 204
    assert (await office.supervisor.post(here, json=review)).status_code == 409
    assert (await office.supervisor.get(f"{OVER}/alarms")).json() == []
    [closed] = (await office.second.get(f"{OVER}/alarms", params={"open_only": False})).json()
    assert closed["review"]["by"] == "sup"
    [listed] = (await office.supervisor.get(f"{OVER}/plates")).json()
    gone = f"{OVER}/plates/sensitive/{listed['mark']}"
    assert (await office.supervisor.delete(gone)).status_code == 204
    assert (await office.supervisor.delete(gone)).status_code == 404


async def test_the_plate_stays_out_of_the_note_and_a_household_has_an_officer(
    office: Office,
) -> None:
    wrong = {"watch": "sensitive", "plate": "AA123BC", "note": "it is aa-123-bc"}
    answer = await office.supervisor.post(f"{OVER}/plates", json=wrong)
    assert (answer.status_code, answer.json()["place"]) == (422, "note")
    nobody = {"watch": "household", "plate": "AA123BC", "note": "partner"}
    answer = await office.supervisor.post(f"{OVER}/plates", json=nobody)
    assert answer.status_code == 422 and "officer" in answer.json()["detail"]


async def test_a_sampled_question_is_judged(office: Office) -> None:
    await office.analyst.post(ASK, json=asks())
    assert office.desk.services.guard is not None
    overseer = replace(office.desk.services.guard.overseer, sample_share=1.0)
    await overseer.look(datetime.now(UTC), NOW - timedelta(hours=1))
    [one] = (await office.supervisor.get(f"{OVER}/sample")).json()
    number = one["consultation"]["number"]
    review = {"found": "ask_officer", "words": "why was this plate needed"}
    here = f"{OVER}/sample/{number}/review"
    assert (await office.supervisor.post(here, json=review)).status_code == 204
    assert (await office.supervisor.post(here, json=review)).status_code == 409
    missing = f"{OVER}/sample/{number + 1}/review"
    assert (await office.supervisor.post(missing, json=review)).status_code == 404
    [judged] = (await office.supervisor.get(f"{OVER}/sample", params={"open_only": False})).json()
    assert judged["review"]["found"] == "ask_officer"


async def test_nobody_keeps_the_list_of_their_own_household(office: Office) -> None:
    own = {"watch": "household", "plate": "AB12CDE", "note": "second car", "officer": "sup"}
    refused = await office.supervisor.post(f"{OVER}/plates", json=own)
    assert (refused.status_code, refused.json()["place"]) == (403, "officer")
    put = await office.second.post(f"{OVER}/plates", json=own)
    assert put.status_code == 201, put.text
    assert (await office.supervisor.get(f"{OVER}/plates")).json() == []
    gone = f"{OVER}/plates/household/{put.json()['mark']}?of=sup"
    assert (await office.supervisor.delete(gone)).status_code == 403
    again = await office.supervisor.post(f"{OVER}/plates", json=own | {"officer": " sup "})
    assert again.status_code == 403
    [listed] = (await office.second.get(f"{OVER}/plates")).json()
    assert listed["note"] == "second car"
    assert (await office.second.delete(gone)).status_code == 204
