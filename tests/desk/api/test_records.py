"""The records asked over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from tests.desk.api.conftest import Desk, a_listing, client_of
from tests.desk.api.malformed import Sent
from tests.desk.api.test_malformed import check_refused

from morina.accountability import Action
from morina.desk import permits
from morina.sense.cameras import Camera
from morina.watch import Hotlist

NOW = datetime.now(UTC)
ASK = "/api/v1/records/questions"
WAIT = {"wait_s": "20"}
LOG = "/api/v1/records/consultations"
SEED = 20261122


@pytest.fixture(autouse=True)
def a_kind_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked here is a kind that no node has."""
    monkeypatch.setattr(permits, "KINDS", {**permits.KINDS, "where": Action.SEARCH})


def asks(**question: Any) -> dict[str, Any]:
    period = {"begins_at": (NOW - timedelta(days=1)).isoformat(), "ends_at": NOW.isoformat()}
    return {
        "kind": "where",
        "purpose": {
            "code": "stolen_vehicle",
            "case_number": "C-7",
            "legal_basis": "Police Act 12",
            "justification": "stolen on Monday evening",
        },
        "question": {"plate": "AA123BC", "scope": {"period": period}} | question,
    }


async def ended(desk: Desk, sent: dict[str, Any]) -> dict[str, Any]:
    return await settled(desk, (await desk.client.post(ASK, json=sent)).json())


async def settled(desk: Desk, state: dict[str, Any]) -> dict[str, Any]:
    while state["stage"] in ("waiting", "running"):
        state = (await desk.client.get(f"{ASK}/{state['question_id']}", params=WAIT)).json()
    return state


async def test_a_question_is_asked_answered_and_in_the_officers_log(desk: Desk) -> None:
    state = await ended(desk, asks())
    assert (state["stage"], state["share"], state["found"]) == ("answered", 1.0, 1)
    assert (state["question"], state["has_more"]) == ("where was AA123BC", True)
    answer = (await desk.client.get(f"{ASK}/{state['question_id']}/answer")).json()
    assert (answer["count"], answer["found"], answer["has_more"]) == (1, ["AA123BC"], True)
    assert answer["coverage"]["covered"] == answer["coverage"]["asked"]
    [one] = (await desk.client.get(LOG)).json()
    assert one["number"] == state["consultation"]
    assert (one["officer"], one["case_number"], one["shown"]) == ("ana", "C-7", 1)
    assert one["plates"] == ["AA123BC"]
    assert (await desk.client.get(LOG, params={"plate": "aa123bc"})).json() == [one]
    assert (await desk.client.get(LOG, params={"plate": "AB12CDE"})).json() == []


async def test_an_answer_tells_the_labels_of_the_plates_asked_for(desk: Desk) -> None:
    review = (NOW + timedelta(days=90)).date().isoformat()
    label = {"reason": "seen red and seen blue", "review_on": review, "passages": [str(uuid4())]}
    for text in ("AA123BC", "AB456CD"):
        made = await desk.client.post("/api/v1/suspected-clones", json=label | {"text": text})
        assert made.status_code == 201, made.text
    state = await ended(desk, asks())
    answer = (await desk.client.get(f"{ASK}/{state['question_id']}/answer")).json()
    assert [one["plate"]["text"] for one in answer["suspected_clones"]] == ["AA123BC"]
    assert answer["suspected_clones"][0]["reason"] == "seen red and seen blue"
    assert answer["pinned"] == []


async def test_an_answer_pages_through_and_goes_on(desk: Desk) -> None:
    state = await ended(desk, asks())
    here = f"{ASK}/{state['question_id']}"
    past = (await desk.client.get(f"{here}/answer", params={"offset": 1})).json()
    assert (past["count"], past["offset"], past["found"]) == (1, 1, [])
    more = await settled(desk, (await desk.client.post(f"{here}/more")).json())
    answer = await desk.client.get(f"{ASK}/{more['question_id']}/answer")
    assert answer.json()["found"] == ["AA123BC2"]
    refused = await desk.client.post(f"{ASK}/{more['question_id']}/more")
    assert refused.status_code == 422
    assert len((await desk.client.get(ASK)).json()) == 2


async def test_nobody_else_sees_a_question_or_its_log(desk: Desk) -> None:
    state = await ended(desk, asks())
    until = NOW + timedelta(days=1)
    token = await desk.services.users.issue_token("ben", "tests", until)
    here = f"{ASK}/{state['question_id']}"
    async with client_of(desk.app, {"Authorization": f"Bearer {token}"}) as ben:
        for method, path in (("GET", here), ("GET", f"{here}/answer"), ("DELETE", here),
                             ("POST", f"{here}/more")):  # fmt: skip
            assert (await ben.request(method, path)).status_code == 404
        assert (await ben.get(ASK)).json() == []
        assert (await ben.get(LOG)).json() == []
    async with desk.browser() as nobody:
        assert (await nobody.get(here)).status_code == 401
        assert (await nobody.post(ASK, json=asks())).status_code == 401


async def test_what_was_answered_cannot_be_cancelled(desk: Desk) -> None:
    state = await ended(desk, asks())
    after = await desk.client.delete(f"{ASK}/{state['question_id']}")
    assert after.json() == state


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no purpose", {"purpose": None}, "purpose"),
    ("an officer in the purpose", {"purpose": asks()["purpose"] | {"officer": "ben"}}, "officer"),
    ("too few words", {"purpose": asks()["purpose"] | {"justification": "work"}}, "justification"),
    ("no basis", {"purpose": asks()["purpose"] | {"legal_basis": " "}}, "legal_basis"),
    ("an unknown code", {"purpose": asks()["purpose"] | {"code": "curiosity"}}, "code"),
    ("an unknown kind", {"kind": "who"}, "kind"),
    ("an empty plate", asks(plate=""), "plate"),
    ("a control character", asks(plate="AA\x00"), "question"),
    ("a long text", asks(plate="A" * 201), "question"),
    ("an unknown field", asks(camera="north-1"), "camera"),
    ("a misspelt field inside", asks(scope=asks()["question"]["scope"] | {"camera": []}), "camera"),
    ("a time without a zone", asks(scope={"period": {
        "begins_at": "2026-01-01T00:00:00", "ends_at": "2026-01-02T00:00:00"}}), "zone"),
    ("a period of the year 1", asks(scope={"period": {
        "begins_at": "0001-01-01T00:00:00+14:00", "ends_at": "2026-01-02T00:00:00Z"}}), "period"),
    ("a period that ends in 9999", asks(scope={"period": {
        "begins_at": NOW.isoformat(), "ends_at": "9999-12-31T23:59:59-12:00"}}), "period"),
    ("an unknown zone", asks(scope=asks()["question"]["scope"] | {
        "hours": {"zone": "Mars/Base"}}), "zone"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "changed", "place"), WRONG, ids=[one[0] for one in WRONG])
async def test_a_bad_question_is_refused_with_its_place_and_not_written_down(
    desk: Desk, wrong: str, changed: dict[str, Any], place: str
) -> None:
    answer = await desk.client.post(ASK, json=asks() | changed)
    check_refused(Sent(wrong, b""), answer)
    assert answer.status_code == 422
    problem = answer.json()
    assert place in problem["place"] + problem["detail"], problem
    assert (await desk.client.get(LOG)).json() == []


async def test_200_random_bodies_are_refused(desk: Desk) -> None:
    random, whole = Random(SEED), asks()
    for _ in range(200):
        part: dict[str, Any] = whole
        while isinstance(inner := part[random.choice(list(part))], dict) and random.random() < 0.7:
            part = inner
        name = random.choice(list(part))
        kept, part[name] = part[name], random.choice([None, [], 10**30, {"\ud800": 1}])
        headers = {"Content-Type": "application/json"}
        answer = await desk.client.post(ASK, content=json.dumps(whole), headers=headers)
        check_refused(Sent(f"{name} is {part[name]!r}", b""), answer)
        part[name] = kept
    assert (await desk.client.get(LOG)).json() == []


async def test_a_new_listing_is_looked_for_under_its_own_purpose(
    desk: Desk, hotlist: Hotlist
) -> None:
    listing = a_listing()
    await desk.services.hotlists.add(hotlist.hotlist_id, listing, "ana")
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/listings"
    asked = await desk.client.post(f"{here}/{listing.listing_id}/past-reads")
    assert asked.status_code == 201
    [one] = (await desk.client.get(LOG)).json()
    assert one["number"] == asked.json()["consultation"]
    assert (one["code"], one["legal_basis"]) == ("stolen_vehicle", "Police Act 12")
    assert one["case_number"] == f"listing {listing.listing_id}"
    assert "hotlist Stolen (stolen) by ana" in one["justification"]
    assert one["plates"] == ["AB12CDE"]
    assert (await desk.client.get("/api/v1/alerts")).json() == []
    gone = await desk.client.post(f"{here}/{hotlist.hotlist_id}/past-reads")
    assert gone.status_code == 404


async def test_a_place_is_named_instead_of_cameras(desk: Desk, camera: Camera) -> None:
    scope = asks()["question"]["scope"]
    ring = [{"latitude": lat, "longitude": lon} for lat, lon in ((42, 20), (42, 21), (43, 20.5))]
    for place in ({"sites": [camera.site]}, {"area": ring},
                  {"corridor": {"line": ring[:2], "within_m": 20_000}}):  # fmt: skip
        state = await ended(desk, asks(scope=scope | {"place": place}))
        assert state["stage"] == "answered"
    for place, said in (
        ({"sites": ["Nowhere"]}, "no camera stands at 'Nowhere'"),
        ({"groups": ["border"]}, "there is no group 'border'"),
        ({"corridor": {"line": ring[1:], "within_m": 10}}, "holds no camera"),
        ({"area": ring[:2]}, "2 corners"),
        ({"sites": ["North"], "groups": ["border"]}, "just one of"),
        ({"sites": ["North"], "village": "x"}, "village"),
    ):
        refused = await desk.client.post(ASK, json=asks(scope=scope | {"place": place}))
        assert refused.status_code == 422
        assert said in refused.text
    assert len((await desk.client.get(LOG)).json()) == 3
