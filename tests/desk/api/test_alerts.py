from uuid import uuid4

import pytest
from tests.desk.api.conftest import Desk

from morina.alerts import Alert

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
