from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.desk.api.conftest import Desk, a_listing
from tests.desk.api.test_looks import WHY

from morina.watch import Hotlist, dump_hotlist


def listing_sent(**changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "plate": "ab12 cde",
        "country": "GB",
        "reason_code": "stolen",
        "subject_category": "other",
        "action": "stop",
        "owner_unit": "Unit 4",
        "contact_24h": "+000 1",
        "legal_basis": "Police Act 12",
        "valid_from": now.isoformat(),
        "valid_to": (now + timedelta(days=9)).isoformat(),
        "review_at": str(now.date() + timedelta(days=5)),
    } | changed


async def test_a_hotlist_is_made_filled_and_emptied_one_by_one(desk: Desk) -> None:
    sent = {
        "name": "Stolen",
        "owner": "Border police",
        "purpose": "finding stolen vehicles",
        "legal_basis": "Police Act 12",
        "review_at": "2030-01-01",
    }
    made = await desk.client.post("/api/v1/hotlists", json=sent)
    assert made.status_code == 201
    here = f"/api/v1/hotlists/{made.json()['hotlist_id']}"
    assert (await desk.client.get("/api/v1/hotlists")).json() == [made.json()]
    assert (await desk.client.post("/api/v1/hotlists", json=sent)).status_code == 409

    added = await desk.client.post(f"{here}/listings", json=listing_sent())
    assert added.status_code == 201
    assert added.json()["plate"] == {"text": "AB12CDE", "country": "GB"}
    assert added.json()["created_by"] == "ana"
    assert (await desk.client.get(here)).json()["listings"] == [added.json()]
    assert (await desk.client.post(f"{here}/listings", json=listing_sent())).status_code == 409

    listing = f"{here}/listings/{added.json()['listing_id']}"
    assert (await desk.client.delete(listing)).json()["version"] == 3
    assert (await desk.client.get(here)).json()["count"] == 0
    assert (await desk.client.delete(listing)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"plate": "A?B"}, "plate"),
        ({"country": "QQ"}, "country"),
        ({"make": "=1+1"}, "make"),
        ({"valid_to": "2001-01-01T00:00:00Z"}, "valid_to"),
        ({"valid_from": "2026-01-01T00:00:00"}, "body.valid_from"),
        ({"valid_to": "9999-12-31T23:59:59-12:00"}, "body.valid_to"),
        ({"priority": 101}, "body.priority"),
        ({"owner_unit": " "}, "body.owner_unit"),
        ({"instruction": "a\x00b"}, "instruction"),
        ({"unheard_of": 1}, "body.unheard_of"),
    ],
)
async def test_a_bad_listing_names_its_field(
    desk: Desk, hotlist: Hotlist, changed: dict[str, Any], place: str
) -> None:
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/listings"
    refused = await desk.client.post(here, json=listing_sent(**changed))
    assert refused.status_code == 422, refused.text
    assert refused.json()["place"] == place
    assert refused.json()["mend"]
    assert await desk.services.hotlists.listings(hotlist.hotlist_id) == []


async def test_entries_are_found_by_a_part_of_them(desk: Desk, hotlist: Hotlist) -> None:
    listings = [a_listing(text) for text in ("AB12CDE", "BD51SMR", "BD52SMR")]
    await desk.services.hotlists.replace(hotlist.hotlist_id, listings, "ana")
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}"
    for asked, count, plates in (
        ({"part": "bd5"}, 2, ["BD51SMR", "BD52SMR"]),
        ({"part": "bd5", "offset": 1, "limit": 1}, 2, ["BD52SMR"]),
        ({"part": "ZZ"}, 0, []),
    ):
        found = (await desk.client.get(here, params=asked)).json()
        assert found["count"] == count
        assert [one["plate"]["text"] for one in found["listings"]] == plates
    for asked in ({"part": "a\x00"}, {"part": "A" * 201}, {"limit": -1}):
        refused = await desk.client.get(here, params=asked)
        assert refused.status_code == 422, refused.text
        assert next(iter(asked)) in refused.json()["place"]


@pytest.mark.parametrize("file_format", ["csv", "json"])
async def test_an_exported_file_is_imported_unchanged(
    desk: Desk, hotlist: Hotlist, file_format: str
) -> None:
    listings = [a_listing("AB12CDE"), a_listing("BD51SMR")]
    await desk.services.hotlists.replace(hotlist.hotlist_id, listings, "ana")
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}"

    file = await desk.client.post(f"{here}/export", json=WHY | {"format": file_format})
    assert file.status_code == 200
    await desk.services.hotlists.replace(hotlist.hotlist_id, [], "ana")
    again = await desk.client.post(
        f"{here}/import", files={"file": (f"list.{file_format}", file.content)}
    )

    assert again.status_code == 200, again.text
    assert again.json()["count"] == 2
    again = await desk.client.post(f"{here}/export", json=WHY | {"format": file_format})
    assert again.content == file.content


async def test_an_import_is_all_or_nothing_and_names_every_bad_row(
    desk: Desk, hotlist: Hotlist
) -> None:
    await desk.services.hotlists.add(hotlist.hotlist_id, a_listing("KEEP1"), "ana")
    file = dump_hotlist([a_listing(f"AB1{n}CDE") for n in range(4)], "json")
    file = file.replace(b"AB11CDE", b"??").replace(b"AB13CDE", b"")
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/import"

    refused = await desk.client.post(here, files={"file": ("new.json", file)})

    assert refused.status_code == 422
    assert refused.json()["place"] == "file new.json"
    faults = refused.json()["faults"]
    assert [fault["line"] for fault in faults] == [3, 5]
    assert all(fault["field"] and fault["mend"] for fault in faults)
    [kept] = await desk.services.hotlists.listings(hotlist.hotlist_id)
    assert kept.plate.text == "KEEP1"


async def test_a_file_that_is_neither_csv_nor_json_is_refused(desk: Desk, hotlist: Hotlist) -> None:
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/import"
    refused = await desk.client.post(here, files={"file": ("list.xlsx", b"PK\x03\x04")})
    assert refused.status_code == 415
    assert refused.json()["place"] == "file list.xlsx"


async def test_an_unknown_hotlist_is_not_found(desk: Desk) -> None:
    here = f"/api/v1/hotlists/{uuid4()}"
    for answer in (
        await desk.client.get(here),
        await desk.client.post(f"{here}/export", json=WHY),
        await desk.client.post(f"{here}/import", files={"file": ("a.csv", b"")}),
        await desk.client.post(f"{here}/listings", json=listing_sent()),
        await desk.client.delete(f"{here}/listings/{uuid4()}"),
    ):
        assert answer.status_code == 404
        assert answer.json()["place"] == "hotlist_id"


@pytest.mark.parametrize("as_file", [False, True])
async def test_a_sensitive_plate_put_on_a_list_raises_a_notice(
    desk: Desk, hotlist: Hotlist, overseer: httpx.AsyncClient, as_file: bool
) -> None:
    watched = {"watch": "sensitive", "plate": "AB12CDE", "note": "car of our own staff"}
    assert (await overseer.post("/api/v1/oversight/plates", json=watched)).status_code == 201
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}"
    if as_file:
        file = dump_hotlist([a_listing(), a_listing("BD51SMR")], "json")
        sent = await desk.client.post(f"{here}/import", files={"file": ("list.json", file)})
    else:
        sent = await desk.client.post(f"{here}/listings", json=listing_sent())
    assert sent.is_success, sent.text
    [alarm] = (await overseer.get("/api/v1/oversight/alarms")).json()
    assert (alarm["rule"], alarm["officer"]) == ("sensitive", "ana")
    assert "put a plate on the sensitive list on a hotlist" in alarm["said"]
