from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.desk.api.conftest import Desk

from morina.alerts import Alert
from morina.records.asking import TOO_LONG
from morina.records.questions import Stop
from morina.records.roads import Link, Roads
from morina.records.running import Running, StoppedError

LOG = "/api/v1/records/consultations"
SECRET = ("read", "listed", "differences")


async def test_the_listing_is_withheld_until_the_officer_typed_what_they_see(
    desk: Desk, alert: Alert
) -> None:
    here = f"/api/v1/alerts/{alert.alert_id}"
    await desk.client.post(f"{here}/steps", json={"step": "acknowledge"})

    before = await desk.client.get(here)
    assert before.json()["withheld"] is True
    assert [before.json()[name] for name in SECRET] == [None] * 3
    assert "AB12CDE" not in before.text and "stolen" not in before.text.lower()
    assert before.json()["evidence"]["patch"] == "b" * 64

    after = await desk.client.post(f"{here}/transcription", json={"text": "ab12 cde"})
    assert after.status_code == 200
    assert after.json()["withheld"] is False
    assert after.json()["read"]["plate"]["text"] == "AB12CDE"
    assert after.json()["listed"]["listing"]["reason_code"] == "stolen"


async def test_what_one_officer_typed_is_no_help_to_another(desk: Desk, alert: Alert) -> None:
    here = f"/api/v1/alerts/{alert.alert_id}"
    await desk.client.post(f"{here}/steps", json={"step": "acknowledge"})
    now = alert.raised_at
    await desk.services.alerts.transcribe(alert.alert_id, "ben", "AB12CDE", now)

    seen = await desk.client.get(here)

    assert seen.json()["withheld"] is True
    assert [act["text"] for act in seen.json()["acts"]] == [None] * len(seen.json()["acts"])
    assert "AB12CDE" not in seen.text
    [listed] = (await desk.client.get("/api/v1/alerts")).json()
    assert listed == seen.json()


async def test_a_step_that_is_not_due_says_what_is_missing(desk: Desk, alert: Alert) -> None:
    here = f"/api/v1/alerts/{alert.alert_id}/steps"
    refused = await desk.client.post(here, json={"step": "dispatch"})
    assert refused.status_code == 409
    assert "acknowledge" in refused.json()["detail"]
    assert refused.json()["mend"]


async def test_an_alert_goes_its_way_to_closed(desk: Desk, alert: Alert) -> None:
    here = f"/api/v1/alerts/{alert.alert_id}"
    await desk.client.post(f"{here}/steps", json={"step": "acknowledge"})
    await desk.client.post(f"{here}/transcription", json={"text": "AB12CDE"})
    for step in ("confirm", "dispatch", "close"):
        taken = await desk.client.post(f"{here}/steps", json={"step": step, "reason": "seen"})
        assert taken.status_code == 200, taken.text
    assert taken.json()["state"] == "closed"
    assert {act["by"] for act in taken.json()["acts"]} == {"ana", "morina"}


async def test_alerts_are_found_by_state_and_lateness(desk: Desk, alert: Alert) -> None:
    async def found(query: str) -> list[str]:
        listed = await desk.client.get(f"/api/v1/alerts?{query}")
        return [one["alert_id"] for one in listed.json()]

    this = [str(alert.alert_id)]
    assert await found("state=raised&state=closed&late=false") == this
    assert await found("state=closed") == []
    assert await found("late=true") == []


@pytest.mark.parametrize("path", ["", "/steps", "/transcription"])
async def test_an_unknown_alert_is_not_found(desk: Desk, path: str) -> None:
    here = f"/api/v1/alerts/{uuid4()}{path}"
    bodies = {"/steps": {"step": "confirm"}, "/transcription": {"text": "A1"}}
    answer = await desk.client.request("POST" if path else "GET", here, json=bodies.get(path))
    assert answer.status_code == 404
    assert answer.json()["place"] == "alert_id"


async def test_nobody_expires_an_alert_by_hand(desk: Desk, alert: Alert) -> None:
    here = f"/api/v1/alerts/{alert.alert_id}/steps"
    assert (await desk.client.post(here, json={"step": "expire"})).status_code == 422


def set_roads(desk: Desk, roads: Callable[[Running], Awaitable[Roads]]) -> None:
    """What ClickHouse learns is tested where it is; the frozen services are this test's alone."""
    object.__setattr__(desk.services, "search", replace(desk.services.search, roads=roads))


async def decided(desk: Desk, alert: Alert, *steps: str) -> str:
    here = f"/api/v1/alerts/{alert.alert_id}"
    await desk.client.post(f"{here}/steps", json={"step": "acknowledge"})
    await desk.client.post(f"{here}/transcription", json={"text": "AB12CDE"})
    for step in steps:
        taken = await desk.client.post(f"{here}/steps", json={"step": step, "reason": "seen"})
        assert taken.status_code == 200, taken.text
    return f"{here}/way-ahead"


async def test_what_lies_ahead_is_told_once_confirmed_and_written_down(
    desk: Desk, alert: Alert
) -> None:
    way = f"/api/v1/alerts/{alert.alert_id}/way-ahead"
    refused = await desk.client.get(way)
    assert refused.status_code == 409
    assert "once a person has confirmed it" in refused.json()["detail"]
    assert (await desk.client.get(LOG)).json() == []

    told = (await desk.client.get(await decided(desk, alert, "confirm"))).json()

    assert (told["known"], told["cameras"]) == (False, [])
    assert "nothing about a person" in told["says"]
    [one] = (await desk.client.get(LOG)).json()
    assert (one["number"], one["code"]) == (told["consultation"], "alert_handling")
    assert (one["officer"], one["shown"], one["failed"]) == ("ana", 0, "")
    assert one["legal_basis"] == alert.listed.listing.legal_basis
    assert str(alert.alert_id) in one["question"] and "north-1" in one["question"]
    for step in ("dispatch", "close"):
        await desk.client.post(f"/api/v1/alerts/{alert.alert_id}/steps", json={"step": step})
    assert (await desk.client.get(way)).status_code == 409


async def test_what_follows_a_camera_is_told_with_its_support(desk: Desk, alert: Alert) -> None:
    async def roads(_running: Running) -> Roads:
        return Roads.of([Link("north-1", "south-1", 60, 600, 900)], {"north-1": 100})

    way = await decided(desk, alert, "confirm", "dispatch")
    set_roads(desk, roads)
    told = (await desk.client.get(way)).json()
    [camera] = told["cameras"]
    assert (camera["camera_id"], camera["travels"], camera["passed"]) == ("south-1", 60, 100)
    assert (camera["share"], camera["over"], told["known"]) == (0.6, False, True)
    [one] = (await desk.client.get(LOG)).json()
    assert one["shown"] == 1


async def test_where_it_takes_too_long_the_log_says_so(desk: Desk, alert: Alert) -> None:
    async def roads(_running: Running) -> Roads:
        raise StoppedError(Stop.TIME)

    way = await decided(desk, alert, "confirm")
    set_roads(desk, roads)
    assert (await desk.client.get(way)).status_code == 503
    [one] = (await desk.client.get(LOG)).json()
    assert (one["shown"], one["failed"]) == (None, TOO_LONG)
