"""What somebody opens without asking is in the trail; a hotlist leaves the node with a purpose."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.desk.api.conftest import Desk, a_listing, a_picture, a_read

from morina.accountability.policy import Role
from morina.alerts import Alert
from morina.sense.cameras import Camera
from morina.watch import Hit, Hotlist, Hotlists, Listed

WHY = {"code": "stolen_vehicle", "case_number": "C-7", "legal_basis": "Police Act 12",
       "justification": "the neighbouring region compares its list with ours"}  # fmt: skip


async def entered(overseer: httpx.AsyncClient, who: str) -> list[dict[str, Any]]:
    answer = await overseer.get("/api/v1/trail", params={"who": who, "limit": "100"})
    found: list[dict[str, Any]] = answer.json()
    return found


async def looks(overseer: httpx.AsyncClient, who: str, kind: str) -> list[dict[str, Any]]:
    return [
        one["what"]
        for one in await entered(overseer, who)
        if (one["act"], one["what"]["kind"]) == ("consultation", kind)
    ]


@pytest.fixture
async def an_alert(desk: Desk, hotlist: Hotlist, camera: Camera) -> Alert:  # noqa: ARG001 - stands
    read = a_read()
    hits: list[tuple[Any, Hit]] = [
        (read, hit) for hit in Hotlists([Listed(hotlist, a_listing())]).match(read)
    ]
    [alert] = await desk.services.alerts.raise_for(hits, datetime.now(UTC))
    return alert


async def test_an_alert_that_is_opened_is_entered_once_an_hour(
    desk: Desk, overseer: httpx.AsyncClient, an_alert: Alert
) -> None:
    for _ in range(3):
        answer = await desk.client.get(f"/api/v1/alerts/{an_alert.alert_id}")
        assert answer.status_code == 200
    [look] = await looks(overseer, "ana", "alert")
    assert (look["ids"], look["step"]) == ([str(an_alert.alert_id)], "shown")
    async with desk.holding(Role.LIST_OWNER) as other:
        await other.get(f"/api/v1/alerts/{an_alert.alert_id}")
    assert len(await looks(overseer, "list_owner", "alert")) == 1


async def test_alerts_in_a_list_are_entered_where_they_are_told(
    desk: Desk, overseer: httpx.AsyncClient, an_alert: Alert
) -> None:
    await desk.client.get("/api/v1/alerts")
    assert await looks(overseer, "ana", "alert") == []
    here = f"/api/v1/alerts/{an_alert.alert_id}"
    await desk.client.post(f"{here}/steps", json={"step": "acknowledge"})
    await desk.client.post(f"{here}/transcription", json={"text": "AB12CDE"})
    await desk.client.get("/api/v1/alerts")
    [look] = await looks(overseer, "ana", "alert")
    assert look["ids"] == [str(an_alert.alert_id)]


async def test_who_looked_at_a_plate_finds_who_opened_its_alert(
    desk: Desk, overseer: httpx.AsyncClient, an_alert: Alert
) -> None:
    await desk.client.get(f"/api/v1/alerts/{an_alert.alert_id}")
    asked = {"plate": "AB12CDE", "case_number": "DPO-2026-4", "legal_basis": "Data Act 9",
             "justification": "a complaint that somebody looked up a neighbour"}  # fmt: skip
    told = (await overseer.post("/api/v1/trail/plates", json=asked)).json()
    assert ("ana", "shown") in [(one["who"], one["what"]["step"]) for one in told["alerts"]]


async def test_listings_passing_reads_and_pictures_are_entered(
    desk: Desk, overseer: httpx.AsyncClient, hotlist: Hotlist
) -> None:
    sha256 = await desk.services.images.put(a_picture("JPEG"))
    for _ in range(2):
        assert (await desk.client.get(f"/api/v1/hotlists/{hotlist.hotlist_id}")).is_success
        assert (await desk.client.get("/api/v1/reads")).is_success
        assert (await desk.client.get(f"/api/v1/images/{sha256}")).is_success
    for kind, ids in (("hotlist", [str(hotlist.hotlist_id)]), ("reads", []), ("pictures", [])):
        [look] = await looks(overseer, "ana", kind)
        assert (look["ids"], look["step"]) == (ids, "shown")


async def test_a_hotlist_leaves_with_a_purpose_and_as_an_export(
    desk: Desk, overseer: httpx.AsyncClient, hotlist: Hotlist
) -> None:
    await desk.services.hotlists.replace(hotlist.hotlist_id, [a_listing()], "ana")
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/export"
    assert (await desk.client.get(here)).status_code in (404, 405)
    assert (await desk.client.post(here, json={"format": "csv"})).status_code == 422
    for role in (Role.OPERATOR, Role.LIAISON_OFFICER, Role.SUPERVISOR):
        async with desk.holding(role) as other:
            assert (await other.post(here, json=WHY)).status_code == 403
    file = await desk.client.post(here, json=WHY)
    assert file.status_code == 200 and b"AB12CDE" in file.content
    [begun] = [one for one in await entered(overseer, "ana") if one["act"] == "export"]
    assert begun["why"]["justification"] == WHY["justification"]
    [asked] = (await desk.client.get("/api/v1/records/consultations")).json()
    assert (asked["shown"], "csv" in asked["question"]) == (1, True)
    assert str(hotlist.hotlist_id) in asked["question"]
