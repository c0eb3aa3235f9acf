"""Health, notices, audits and metrics over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import cv2
import httpx
import numpy as np
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from tests.desk.api.conftest import HERE, Desk, a_read

import morina.backup.figures  # noqa: F401 - its metrics are a node's too
from morina.desk.aerial_metrics import OF_AERIAL
from morina.desk.gate import Gate
from morina.desk.metrics import cameras_now, node_now, queues_now, trail_now
from morina.desk.site_metrics import sites_now
from morina.records import Period
from morina.sense import Evidence
from morina.sense.cameras import Camera
from morina.sense.cameras.condition import Fault
from morina.sense.cameras.frames import Frame
from morina.sense.cameras.mending import MENDS
from morina.sense.cameras.notices import CLOSES_AFTER, OPENS_AFTER
from morina.sense.cameras.passed import Hour, Passed, Usual, full_hour
from morina.sense.cameras.states import Meter

NOW = datetime(2026, 3, 4, 14, 20, tzinfo=UTC)
GOOD = Passed(passages=40, unread=2, confidence_sum=34.0, measured=38, width_sum=3800.0)
METRICS_PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


def hours(passed: Passed, until: datetime = NOW) -> tuple[Hour, ...]:
    return tuple(Hour(full_hour(until) - timedelta(hours=ago), passed) for ago in range(30, -1, -1))


async def blinded(desk: Desk) -> None:
    """The camera saw as usual, and now sees three an hour for long enough to be noticed."""
    desk.figures.usuals["north-1"] = Usual(
        weeks=8, passages=(40.0,) * 168, unread_share=(0.05,) * 168, altogether=GOOD
    )
    desk.figures.of["north-1"] = hours(Passed(passages=3, confidence_sum=2.7))
    checkup = desk.services.upkeep.checkup
    await checkup.look(NOW)
    await checkup.look(NOW + OPENS_AFTER)


async def test_a_blind_camera_raises_a_technicians_notice_and_no_alert(
    desk: Desk, camera: Camera
) -> None:
    await blinded(desk)
    health = (await desk.client.get(f"/api/v1/cameras/{camera.camera_id}/health")).json()
    [notice] = health["notices"]
    assert notice["says"] == "3 passages in 1 h, about 40 are usual then"
    assert "covered" in notice["mend"]
    [short] = (await desk.client.get("/api/v1/health/cameras")).json()
    assert short["notices"] == [notice]
    assert short["passed"]["passages"] == 24 * 3
    assert (await desk.client.get("/api/v1/alerts")).json() == []


async def test_a_notice_is_taken_on_by_name_and_closes_when_the_camera_is_mended(
    desk: Desk, camera: Camera
) -> None:
    await blinded(desk)
    checkup = desk.services.upkeep.checkup
    [notice] = checkup.latest[camera.camera_id].notices
    path = f"/api/v1/notices/{notice.notice_id}/acknowledgement"
    assert (await desk.client.post(path)).json()["acknowledged_by"] == "ana"
    assert checkup.latest[camera.camera_id].notices[0].acknowledged_by == "ana"
    desk.figures.of[camera.camera_id] = hours(GOOD)
    await checkup.look(NOW + OPENS_AFTER + CLOSES_AFTER)
    assert checkup.latest[camera.camera_id].notices == ()
    [kept] = (await desk.client.get(f"/api/v1/cameras/{camera.camera_id}/notices")).json()
    assert kept["closed_at"] is not None
    assert (await desk.client.post(path)).status_code == 404
    assert (await desk.client.get("/api/v1/alerts")).json() == []


async def test_a_black_picture_is_noticed(desk: Desk, camera: Camera) -> None:
    black = cv2.imencode(".png", np.full((480, 640, 3), 4, np.uint8))[1].tobytes()
    name = await desk.services.images.put(black)
    evidence = Evidence(name, name, (0, 0, 10, 10), ())
    read = replace(a_read(), captured_at=NOW, evidence=evidence, clock_wrong=True)
    desk.figures.reads = [replace(read, received_at=NOW + timedelta(seconds=95))]
    checkup = desk.services.upkeep.checkup
    for at in (NOW, NOW + OPENS_AFTER):
        await checkup.look(at)
    found = {notice.fault for notice in checkup.latest[camera.camera_id].notices}
    assert found == {Fault.DARK, Fault.CLOCK}


async def test_a_camera_that_films_black_is_noticed_though_nothing_passes(
    desk: Desk, camera: Camera
) -> None:
    checkup, meter = desk.services.upkeep.checkup, Meter(camera.camera_id)
    meter.told(Frame(np.full((480, 640, 3), 4, np.uint8), NOW))
    for at in (NOW, NOW + OPENS_AFTER):
        await checkup.sources.states.keep([replace(meter.state(), last_frame_at=at)])
        await checkup.look(at)
    [notice] = checkup.latest[camera.camera_id].notices
    assert notice.fault is Fault.DARK
    assert "covered" in MENDS[notice.fault]


async def test_health_is_not_known_before_the_first_look(desk: Desk, camera: Camera) -> None:
    answer = await desk.client.get(f"/api/v1/cameras/{camera.camera_id}/health")
    assert (answer.status_code, answer.json()["mend"]) == (404, "ask in a minute")
    assert (await desk.client.get("/api/v1/cameras/none/health")).status_code == 404


def passages(desk: Desk) -> None:
    at = NOW - timedelta(minutes=30)
    read = [replace(a_read(), read_id=uuid4(), captured_at=at) for _ in range(9)]
    unread = replace(a_read(), read_id=uuid4(), captured_at=at, plate=None, confidence=0)
    desk.figures.reads = [*read, unread]


async def test_an_audit_is_drawn_judged_and_counted(desk: Desk, camera: Camera) -> None:
    passages(desk)
    sent = {"begins_at": "2026-03-04T14:00:00+01:00", "ends_at": NOW.isoformat(), "n": 10}
    begun = await desk.client.post(f"/api/v1/cameras/{camera.camera_id}/audits", json=sent)
    assert begun.status_code == 201
    audit = begun.json()
    assert (audit["purpose"], audit["made_by"]) == ("read-rate audit", "ana")
    assert len(audit["passages"]) == 10
    assert audit["read_rate"] is None
    path = f"/api/v1/audits/{audit['audit_id']}"
    for number in range(1, 11):
        verdict = "missed" if number == 10 else "wrong" if number == 9 else "right"
        await desk.client.put(f"{path}/passages/{number}", json={"verdict": verdict})
    await desk.client.put(f"{path}/count", json={"counted": 100, "captured": 97})
    done = (await desk.client.get(path)).json()
    assert done["read_rate"]["share"] == 0.8
    assert done["read_rate"]["low"] == pytest.approx(0.4902, abs=1e-4)
    assert done["read_rate"]["high"] == pytest.approx(0.9433, abs=1e-4)
    assert done["accuracy"]["of"] == 9
    assert done["capture_rate"]["share"] == 0.97
    assert done["targets"] == {"capture": 0.98, "read": 0.97}
    assert {one["judged_by"] for one in done["passages"]} == {"ana"}
    listed = (await desk.client.get(f"/api/v1/cameras/{camera.camera_id}/audits")).json()
    assert listed == [done]


async def test_an_audit_refuses_what_cannot_be(desk: Desk, camera: Camera) -> None:
    passages(desk)
    path = f"/api/v1/cameras/{camera.camera_id}/audits"
    never = {"begins_at": NOW.isoformat(), "ends_at": NOW.isoformat()}
    assert (await desk.client.post(path, json=never)).status_code == 422
    many = {"begins_at": "2026-03-04T00:00:00Z", "ends_at": NOW.isoformat(), "n": 501}
    assert (await desk.client.post(path, json=many)).status_code == 422
    begun = (await desk.client.post(path, json=many | {"n": 10})).json()
    here = f"/api/v1/audits/{begun['audit_id']}"
    for number, verdict in [(1, "missed"), (10, "right"), (1, "perhaps")]:
        answer = await desk.client.put(f"{here}/passages/{number}", json={"verdict": verdict})
        assert answer.status_code == 422, answer.text
    assert (
        await desk.client.put(f"{here}/passages/11", json={"verdict": "right"})
    ).status_code == 404
    for counted, captured in [(0, 0), (5, 6)]:
        sent = {"counted": counted, "captured": captured}
        assert (await desk.client.put(f"{here}/count", json=sent)).status_code == 422
    assert (await desk.client.get(f"/api/v1/audits/{uuid4()}")).status_code == 404


async def test_a_sites_own_targets_stand_beside_its_audits(desk: Desk) -> None:
    south = Camera(camera_id="south-1", name="S", site="South", latitude=42, longitude=20)
    await desk.services.cameras.put(south)
    sent = {"begins_at": "2026-03-04T00:00:00Z", "ends_at": NOW.isoformat()}
    begun = await desk.client.post("/api/v1/cameras/south-1/audits", json=sent)
    assert begun.json()["targets"] == {"capture": 0.9, "read": 0.8}


async def test_what_was_drawn_is_found_while_it_is_kept(desk: Desk, camera: Camera) -> None:
    passages(desk)
    period = Period(NOW - timedelta(hours=1), NOW)
    ids = [one.read_id for one in desk.figures.reads]
    found = await desk.services.upkeep.counts.passages(camera.camera_id, period, ids[:3])
    assert set(found) == set(ids[:3])


async def test_metrics_answer_a_token_and_nobody_else(desk: Desk, camera: Camera) -> None:
    await blinded(desk)
    answer = await desk.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    said = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert said["morina_camera_passages_last_hour", (camera.camera_id,)] == 3
    assert said["morina_camera_usual_passages_last_hour", (camera.camera_id,)] == 40
    assert said["morina_camera_notices", (camera.camera_id, "few")] == 1
    assert said["morina_camera_waiting_captures", (camera.camera_id,)] == 2
    assert said["morina_stream_waiting_messages", ("MORINA_CAPTURES",)] == 2
    assert said["morina_engine_up", ("postgres",)] == 1
    async with desk.browser() as stranger:
        assert (await stranger.get("/metrics")).status_code == 401
        bad = await stranger.get("/metrics", headers={"Authorization": "Bearer nonsense"})
        assert bad.status_code == 401


def test_a_camera_without_a_queue_has_zero_and_nothing_is_said_while_nobody_can_tell() -> None:
    said = {
        one.labels["camera"]: one.value for one in queues_now(["a", "b"], {"b": 3, "c": 1}).samples
    }
    assert said == {"a": 0, "b": 3, "c": 1}
    assert queues_now(["a", "b"], None).samples == []


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 401),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 401),
    ],
)
async def test_this_machine_may_scrape_where_a_setting_says_so(
    desk: Desk, client: str, headers: dict[str, str], status: int
) -> None:
    gate = Gate(
        PlainTextResponse("metrics"), desk.services.doors.signing, metrics_from_loopback=True
    )
    app = SessionMiddleware(gate, secret_key="s" * 32)
    transport = httpx.ASGITransport(app, client=(client, 5))
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as asks:
        assert (await asks.get("/metrics")).status_code == status
        assert (await asks.get("/api/v1/health")).status_code == 401


def names() -> Iterator[str]:
    yield from (family.name for family in cameras_now([]))
    yield queues_now([], None).name
    yield from (family.name for family in node_now(0, {}, {}))
    yield from (family.name for family in sites_now([], NOW))
    yield from (family.name for family in trail_now(None))
    yield from OF_AERIAL
    yield from (one.name for one in REGISTRY.collect() if one.name.startswith("morina_"))


def test_every_metric_is_in_the_docs_and_nothing_else() -> None:
    page = METRICS_PAGE.read_text()
    written = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `morina_")}
    exposed = set(names())
    counters = {f"{one.name}_total" for one in REGISTRY.collect() if one.type == "counter"}
    exposed = {f"{name}_total" if f"{name}_total" in counters else name for name in exposed}
    assert written == exposed
