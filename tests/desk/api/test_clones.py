import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.desk.api.conftest import Desk

from morina.alerts import Alert
from morina.desk.cloned import WARNING
from morina.desk.live import AlertChanged

HERE = "/api/v1/suspected-clones"
REASON = "a van at noon, a car a minute later"


def sent(**changed: object) -> dict[str, object]:
    review = datetime.now(UTC).date() + timedelta(days=90)
    return {
        "text": "ab12 cde",
        "country": "GB",
        "reason": REASON,
        "review_on": review.isoformat(),
        "passages": [str(uuid4())],
    } | changed


async def test_a_label_protects_the_keeper_on_later_alerts(desk: Desk, alert: Alert) -> None:
    alert_at = f"/api/v1/alerts/{alert.alert_id}"
    before = (await desk.client.get(alert_at)).json()
    assert (before["suspected_clone"], before["clone"]) == ("", None)

    labelled = await desk.client.post(HERE, json=sent())
    assert labelled.status_code == 201, labelled.text
    assert labelled.json()["labelled_by"] == "ana"

    withheld = await desk.client.get(alert_at)
    assert withheld.json()["suspected_clone"] == WARNING
    assert withheld.json()["clone"] is None
    assert REASON not in withheld.text and "AB12CDE" not in withheld.text
    [listed] = (await desk.client.get("/api/v1/alerts")).json()
    assert listed["suspected_clone"] == WARNING
    await desk.client.post(f"{alert_at}/steps", json={"step": "acknowledge"})
    typed = await desk.client.post(f"{alert_at}/transcription", json={"text": "AB12CDE"})
    assert typed.json()["clone"]["reason"] == REASON

    label_id = labelled.json()["label_id"]
    why = {"reason": "both were one van"}
    withdrawn = await desk.client.post(f"{HERE}/{label_id}/withdrawal", json=why)
    assert withdrawn.json()["withdrawn_by"] == "ana"
    assert (await desk.client.get(alert_at)).json()["suspected_clone"] == ""
    assert (await desk.client.get(HERE)).json() == []
    assert len((await desk.client.get(f"{HERE}?standing=false")).json()) == 1


async def test_a_change_that_is_shown_carries_the_label(desk: Desk, alert: Alert) -> None:
    await desk.client.post(HERE, json=sent(country=None))
    events = desk.services.live.events()
    next_event = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    await desk.client.post(f"/api/v1/alerts/{alert.alert_id}/steps", json={"step": "acknowledge"})
    event = await asyncio.wait_for(next_event, 120)
    await events.aclose()
    assert isinstance(event, AlertChanged) and event.alert.clone is not None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reason": "a clone"}, "3 words"),
        ({"text": "AB#1"}, "'#'"),
        ({"review_on": "2020-01-01"}, "after today"),
        ({"passages": []}, "passages"),
        ({"country": "gb"}, "country"),
    ],
)
async def test_a_label_that_says_too_little_is_refused(
    desk: Desk, changed: dict[str, object], says: str
) -> None:
    refused = await desk.client.post(HERE, json=sent(**changed))
    assert refused.status_code == 422
    assert says in refused.text


async def test_an_unknown_label_is_not_found(desk: Desk) -> None:
    why = {"reason": "it was one van"}
    answer = await desk.client.post(f"{HERE}/{uuid4()}/withdrawal", json=why)
    assert answer.status_code == 404
