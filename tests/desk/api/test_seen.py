from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.api.conftest import Desk, a_picture, a_read


async def test_the_latest_reads_are_shown_newest_first(desk: Desk) -> None:
    old = a_read()
    new = replace(a_read(), captured_at=old.captured_at + timedelta(seconds=1))
    await desk.reads.keep([old, new], new.received_at)

    assert [one["read_id"] for one in (await desk.client.get("/api/v1/reads")).json()] == [
        str(new.read_id),
        str(old.read_id),
    ]
    since = (old.captured_at + timedelta(microseconds=1)).isoformat()
    [only] = (await desk.client.get("/api/v1/reads", params={"since": since})).json()
    assert only["read_id"] == str(new.read_id)
    assert only["plate"] == {"text": "AB12CDE", "country": "GB"}


async def test_what_passed_more_than_a_day_ago_is_asked_for_not_watched(desk: Desk) -> None:
    now = datetime.now(UTC)
    old = [replace(a_read(), captured_at=now - timedelta(hours=24, minutes=1)),
           replace(a_read(), captured_at=now - timedelta(days=200))]  # fmt: skip
    recent = replace(a_read(), captured_at=now - timedelta(hours=23))
    await desk.reads.keep([*old, recent], now)
    for since in (None, (now - timedelta(days=300)).isoformat()):
        asked = {"limit": "1000"} | ({"since": since} if since else {})
        [only] = (await desk.client.get("/api/v1/reads", params=asked)).json()
        assert only["read_id"] == str(recent.read_id)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=100000", "since=2026-01-01T00:00:00", "since=9999-12-31T23:59-23:00"],
)
async def test_a_bad_query_names_its_field(desk: Desk, query: str) -> None:
    refused = await desk.client.get(f"/api/v1/reads?{query}")
    assert refused.status_code == 422
    assert refused.json()["place"] == f"query.{query.partition('=')[0]}"


async def test_a_camera_is_added_changed_and_removed(desk: Desk) -> None:
    sent = {"name": "North 1", "site": "North", "latitude": 42.1, "longitude": 20.4}
    made = await desk.client.put("/api/v1/cameras/north.1", json=sent)
    assert made.status_code == 200
    await desk.client.put("/api/v1/cameras/north.1", json=sent | {"bearing": 90})
    [camera] = (await desk.client.get("/api/v1/cameras")).json()
    assert (camera["camera_id"], camera["bearing"]) == ("north.1", 90)
    assert (await desk.client.delete("/api/v1/cameras/north.1")).status_code == 204
    assert (await desk.client.delete("/api/v1/cameras/north.1")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"latitude": 91}, "body.latitude"),
        ({"source": "ftp://x"}, "source"),
        ({"name": ""}, "body.name"),
    ],
)
async def test_a_camera_that_cannot_be_is_refused(
    desk: Desk, changed: dict[str, object], place: str
) -> None:
    sent = {"name": "N", "site": "S", "latitude": 42.1, "longitude": 20.4} | changed
    refused = await desk.client.put("/api/v1/cameras/n", json=sent)
    assert refused.status_code == 422
    assert refused.json()["place"] == place


@pytest.mark.parametrize("camera_id", ["north 1", "north!", "x" * 65, "%20", "-n", "ë"])
async def test_an_id_that_cannot_be_is_refused(desk: Desk, camera_id: str) -> None:
    sent = {"name": "N", "site": "S", "latitude": 42.1, "longitude": 20.4}
    refused = await desk.client.put(f"/api/v1/cameras/{camera_id}", json=sent)
    assert refused.status_code == 422
    assert refused.json()["place"].endswith("camera_id")
    assert refused.json()["mend"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_comes_back_with_its_type_and_stays_private(desk: Desk, kind: str) -> None:
    picture = a_picture(kind)
    sha256 = await desk.services.images.put(picture)
    answer = await desk.client.get(f"/api/v1/images/{sha256}")
    assert answer.content == picture
    assert answer.headers["content-type"] == f"image/{kind.lower()}"
    assert answer.headers["cache-control"].startswith("private")


async def test_what_is_not_a_kept_picture_is_not_found(desk: Desk) -> None:
    script = await desk.services.images.put(b"<script>")
    for name in (script, "0" * 64, "A" * 64, "x"):
        answer = await desk.client.get(f"/api/v1/images/{name}")
        assert answer.status_code == 404


async def test_the_node_tells_who_asks_and_how_its_engines_are(desk: Desk) -> None:
    assert (await desk.client.get("/api/v1/me")).json()["name"] == "ana"
    assert (await desk.client.get("/api/v1/health")).json() == {"engines": {"postgres": "up"}}


async def test_a_bug_shows_an_incident_number_and_nothing_technical(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.health.broken = True
    answer = await desk.client.get("/api/v1/health")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text and "secret" not in answer.text
    [record] = caplog.records
    assert str(record.args[0]) in answer.json()["detail"]


async def test_a_path_that_is_not_there_points_to_the_description(desk: Desk) -> None:
    answer = await desk.client.get("/api/v1/plates")
    assert answer.status_code == 404
    assert "/api/v1/openapi.json" in answer.json()["mend"]
