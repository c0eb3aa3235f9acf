"""Cameras push over HTTP: known ones are read, strangers knock, nothing bad is kept as a read."""

import json
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import md5

import httpx
import pytest
from tests.desk.api.conftest import Desk, a_picture

from captured import Captured, captured
from invented import hit
from morina.alerts import Step
from morina.desk.digest import challenge
from morina.sense.cameras import Camera
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.reports import Report

DAHUA = {
    "Picture": {
        "Plate": {"IsExist": True, "PlateNumber": "KT65XDW", "Confidence": 204, "Region": "GB"},
        "SnapInfo": {"AccurateTime": "2026-03-14 08:26:53.589", "DeviceID": "KENT-1"},
    }
}
TOLLGATE = "/NotificationInfo/TollgateInfo"


@pytest.fixture
async def calling(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A camera's own client: no token, no origin."""
    transport = httpx.ASGITransport(desk.app, client=("10.1.2.3", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://node.test") as client:
        yield client


async def pushing(desk: Desk, camera: Camera, maker: str = "dahua", **known: object) -> str:
    fields: dict[str, object] = {"time_zone": "Europe/London"} | known
    return await desk.services.pushing.put(
        PushingCamera(camera_id=camera.camera_id, maker=maker, **fields)  # type: ignore[arg-type]  # checked there
    )


def decodable() -> list[Captured]:
    """One payload of each maker; the others are decoded where the makers are tested."""
    cases = [case for case in captured() if "error" not in case.expected and _passages(case)]
    return list({case.maker.name: case for case in reversed(cases)}.values())


def _passages(case: Captured) -> list[Report]:
    items = case.maker.decode(case.payload, case.headers, case.setup)
    return [item for item in items if isinstance(item, Report)]


@pytest.mark.parametrize("case", decodable(), ids=lambda case: f"{case.maker.name}/{case.name}")
async def test_every_makers_payload_becomes_passages_once(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient, case: Captured
) -> None:
    setup = case.setup
    secret = await desk.services.pushing.put(
        PushingCamera(
            camera_id=camera.camera_id,
            maker=case.maker.name,
            time_zone=str(setup.timezone or ""),
            confidence_scale=setup.confidence_scale,
            mapping=setup.mapping,
        )
    )
    desk.services.receiving.arrivals.wait_s = 0.0
    headers = {
        name: v for name, v in case.headers.items() if name in ("content-type", "topic", "filename")
    }
    for _ in range(2):
        answer = await calling.post(f"/push/{secret}/x", content=case.payload, headers=headers)
        assert (answer.status_code, answer.content) == (
            case.maker.reply.status,
            case.maker.reply.content,
        )
    ids = [read.read_id for read in desk.intake.reads]
    ids += [capture.capture_id for capture in desk.intake.captures]
    assert 0 < len(set(ids)) <= len(_passages(case))
    words = [capture.said for capture in desk.intake.captures]
    words += [read.said for read in desk.intake.reads]
    assert {word.by for word in words if word} == {case.maker.name}


async def test_a_repeat_is_answered_alike_and_handed_on_once(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    for _ in range(3):
        answer = await calling.post(f"/push/{secret}/", json=DAHUA)
        assert answer.json()["Result"] is True
    (read,) = desk.intake.reads
    assert read.plate is not None and read.said is not None
    assert (read.plate.text, read.plate.country, read.confidence) == ("KT65XDW", "GB", 0.8)
    heard = (await desk.services.pushing.heard())[camera.camera_id]
    assert (heard.reports, heard.repeats) == (3, 2)
    assert heard.clock_offset_s is not None


async def test_a_picture_that_comes_later_joins_the_same_read(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    await calling.post(f"/push/{secret}/", json=DAHUA)
    picture = {"NormalPic": {"Content": b64encode(a_picture()).decode(), "PicName": "a.jpg"}}
    with_picture = {"Picture": DAHUA["Picture"] | picture}
    await calling.post(f"/push/{secret}/", json=with_picture)
    await calling.post(f"/push/{secret}/", json=DAHUA)
    assert len(desk.intake.reads) == 1
    (capture,) = desk.intake.captures
    assert capture.image
    assert capture.said is not None and capture.said.text == "KT65XDW"


@pytest.mark.parametrize(
    "content", [b"{", b"", b"<a>", b"{}" * 3, b"\x00" * 100, b'{"Picture": 3}']
)
async def test_a_bad_payload_is_refused_with_its_place_and_kept_for_the_technician(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient, content: bytes
) -> None:
    secret = await pushing(desk, camera)
    answer = await calling.post(f"/push/{secret}/", content=content)
    assert answer.status_code == 422
    assert answer.json()["place"] == "body"
    assert (desk.intake.reads, desk.intake.captures) == ([], [])
    (bad,) = await desk.services.pushing.bad_payloads(camera.camera_id)
    assert (bad.content, bad.size) == (content, len(content))
    assert (await desk.services.pushing.heard())[camera.camera_id].bad_payloads == 1


async def test_only_the_last_bad_payloads_are_kept_and_no_passwords(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    urls = ("rtsp://admin:hunter2@10.0.0.9/s", r"rtsp:\/\/admin:hunter2@10.0.0.9\/s",
            "rtsp%3A%2F%2Fadmin%3Ahunter2%4010.0.0.9")  # fmt: skip
    for number in range(23):
        await calling.post(f"/push/{secret}/", content=f"{{bad {number} {' '.join(urls)}")
    kept = await desk.services.pushing.bad_payloads(camera.camera_id)
    assert len(kept) == 20
    assert kept[0].content.startswith(b"{bad 22 ")
    assert not any(b"hunter2" in bad.content or "hunter2" in bad.fault for bad in kept)


async def test_a_wrong_secret_is_refused_and_knocks_once(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    await pushing(desk, camera)
    for _ in range(3):
        answer = await calling.post("/push/not-a-secret-of-this-node/", json=DAHUA)
        assert answer.status_code == 403
    assert (desk.intake.reads, desk.stored_pictures()) == ([], 0)
    (knock,) = await desk.services.pushing.knocks()
    assert (knock.address, knock.maker, knock.times) == ("10.1.2.3", "dahua", 3)
    assert knock.camera_key == {"device_id": "KENT-1"}


async def test_who_knocks_is_bounded(desk: Desk, calling: httpx.AsyncClient) -> None:
    for number in range(210):
        await calling.post(f"/push/not-a-secret-of-any-camera-{number}/", content=b"?")
    assert len(await desk.services.pushing.knocks()) == 200


async def test_an_adopted_camera_goes_on_with_the_secret_it_knocked_with(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    await calling.post("/push/typed-by-the-technician/", json=DAHUA)
    (knock,) = await desk.services.pushing.knocks()
    camera_ = PushingCamera(
        camera_id=camera.camera_id,
        maker=knock.maker,
        time_zone="Europe/London",
        device_keys=knock.camera_key,
    )
    assert await desk.services.pushing.adopt(knock.knock_id, camera_) == ""
    answer = await calling.post("/push/typed-by-the-technician/", json=DAHUA)
    assert answer.json()["Result"] is True
    assert len(desk.intake.reads) == 1
    assert await desk.services.pushing.knocks() == []
    other = {
        "Picture": {
            **DAHUA["Picture"],
            "SnapInfo": {**DAHUA["Picture"]["SnapInfo"], "DeviceID": "KENT-2"},
        }
    }
    assert (await calling.post("/push/typed-by-the-technician/", json=other)).status_code == 403
    (knock,) = await desk.services.pushing.knocks()
    assert knock.camera_key == {"device_id": "KENT-2"}


async def test_a_fixed_path_asks_a_stranger_to_sign_in(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera, device_keys={"device_id": "KENT-1"})
    answer = await calling.post(TOLLGATE, json=DAHUA)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Digest ")
    assert [knock.maker for knock in await desk.services.pushing.knocks()] == ["dahua"]
    for login in (
        httpx.DigestAuth(camera.camera_id, secret),
        httpx.BasicAuth(camera.camera_id, secret),
    ):
        assert (await calling.post(TOLLGATE, json=DAHUA, auth=login)).json()["Result"] is True
    for login in (
        httpx.DigestAuth(camera.camera_id, "wrong"),
        httpx.BasicAuth(camera.camera_id, "wrong"),
        httpx.BasicAuth("somebody", secret),
    ):
        assert (await calling.post(TOLLGATE, json=DAHUA, auth=login)).status_code == 401
    assert len(desk.intake.reads) == 1


def digest_without_challenge(user: str, password: str, nonce: str = "") -> str:
    def hashed(text: str) -> str:
        return md5(text.encode(), usedforsecurity=False).hexdigest()

    response = hashed(f"{hashed(f'{user}::{password}')}:{nonce}:{hashed(f'POST:{TOLLGATE}')}")
    return (
        f'Digest username="{user}", realm="", nonce="{nonce}", uri="{TOLLGATE}",'
        f' response="{response}"'
    )


async def test_a_login_without_our_challenge_counts_only_from_an_allowed_address(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    old = challenge("s" * 32, time.time() - 3600).partition('nonce="')[2].rstrip('"')
    for nonce in ("", old, "1-2", "x" * 50):
        login = {"Authorization": digest_without_challenge(camera.camera_id, secret, nonce)}
        assert (await calling.post(TOLLGATE, json=DAHUA, headers=login)).status_code == 401
    await pushing(desk, camera, addresses=("10.1.2.0/24",))
    login = {"Authorization": digest_without_challenge(camera.camera_id, secret)}
    assert (await calling.post(TOLLGATE, json=DAHUA, headers=login)).status_code == 200
    wrong = {"Authorization": digest_without_challenge(camera.camera_id, "wrong")}
    assert (await calling.post(TOLLGATE, json=DAHUA, headers=wrong)).status_code == 401


async def test_an_allowed_address_needs_no_login_but_the_right_device(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    await pushing(desk, camera, addresses=("10.1.2.3",), device_keys={"device_id": "KENT-2"})
    assert (await calling.post(TOLLGATE, json=DAHUA)).status_code == 403
    await pushing(desk, camera, addresses=("10.1.2.3",), device_keys={"device_id": "kent-1"})
    assert (await calling.post(TOLLGATE, json=DAHUA)).json()["Result"] is True


async def test_a_certificate_header_counts_only_where_it_is_set_up(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    await pushing(desk, camera, certificate="ab" * 32)
    shown = {"X-Client-Certificate-SHA256": "AB:" * 31 + "AB"}
    assert (await calling.post(TOLLGATE, json=DAHUA, headers=shown)).status_code == 401


async def test_secrets_are_neither_in_the_database_nor_in_answers(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient, empty_dsn: str
) -> None:
    import psycopg

    secret = await pushing(desk, camera)
    await calling.post(f"/push/{secret}/", content=b"?")
    await calling.post("/push/another-secret-not-known/", content=b"?")
    tables = ("pushing_camera", "knock", "bad_payload", "camera_heard", "arrival")
    with psycopg.connect(empty_dsn) as connection:
        everything = "".join(
            str(row) for table in tables for row in connection.execute(f"SELECT * FROM {table}")
        )
    assert secret not in everything
    assert "another-secret" not in everything
    assert await desk.services.pushing.secret(camera.camera_id) == secret


async def test_an_engine_that_is_away_makes_the_camera_send_again(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    desk.intake.failing = ConnectionError("away")
    assert (await calling.post(f"/push/{secret}/", json=DAHUA)).status_code == 503
    desk.intake.failing = None
    assert (await calling.post(f"/push/{secret}/", json=DAHUA)).json()["Result"] is True
    assert len(desk.intake.reads) == 1


async def test_a_payload_beyond_the_limit_is_refused(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    secret = await pushing(desk, camera)
    big = b" " * (desk.services.limits.push_bytes + 1)
    assert (await calling.post(f"/push/{secret}/", content=big)).status_code == 413
    fitting = json.dumps(DAHUA).encode() + b" " * 5_000_000
    assert (await calling.post(f"/push/{secret}/", content=fitting)).status_code == 200


async def test_push_paths_open_nothing_else(calling: httpx.AsyncClient) -> None:
    assert (await calling.get("/push/x/")).status_code in (404, 405)
    assert (await calling.post("/push/../api/v1/cameras")).status_code == 401
    assert (await calling.post("/pushing")).status_code == 401
    assert (await calling.get("/api/v1/cameras")).status_code == 401


async def test_an_officer_adopts_who_knocked(desk: Desk, calling: httpx.AsyncClient) -> None:
    await calling.post("/push/short/", json=DAHUA)
    (knock,) = (await desk.client.get("/api/v1/knocks")).json()
    assert set(knock) == {
        "knock_id", "address", "maker", "camera_key", "first_at", "last_at", "times",
    }  # fmt: skip
    sent = {"camera_id": "kent-1", "name": "Kent", "site": "M20", "latitude": 51.1,
            "longitude": 1.1, "time_zone": "Europe/London"}  # fmt: skip
    adoption = f"/api/v1/knocks/{knock['knock_id']}/adoption"
    assert (await calling.post(adoption, json=sent)).status_code == 401
    wrong = await desk.client.post(adoption, json=sent | {"time_zone": "Europe/Nowhere"})
    assert (wrong.status_code, "Nowhere" in wrong.json()["detail"]) == (422, True)
    path = (await desk.client.post(adoption, json=sent)).json()["path"]
    assert (await calling.post(path, json=DAHUA)).json()["Result"] is True
    (read,) = desk.intake.reads
    assert read.camera_id == "kent-1"
    assert (await desk.client.post(adoption, json=sent)).status_code == 404
    (known,) = (await desk.client.get("/api/v1/pushing")).json()
    assert known["camera"]["device_keys"] == {"device_id": "KENT-1"}
    assert known["heard"]["reports"] == 1
    assert path.split("/")[2] not in str(known)


async def test_a_camera_is_let_push_and_no_longer(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    place = f"/api/v1/pushing/{camera.camera_id}"
    unknown = await desk.client.put(place, json={"maker": "nobody"})
    assert unknown.status_code == 422
    sent = {"maker": "dahua", "time_zone": "Europe/London"}
    path = (await desk.client.put(place, json=sent)).json()["path"]
    assert (await desk.client.put(place, json=sent)).json()["path"] == path
    assert (await calling.post(path, content=b"{")).status_code == 422
    (bad,) = (await desk.client.get(f"{place}/bad-payloads")).json()
    assert (bad["begin"], bad["size"]) == ("{", 1)
    assert (await desk.client.delete(place)).status_code == 204
    assert (await calling.post(path, json=DAHUA)).status_code == 403
    assert (await desk.client.put("/api/v1/pushing/nowhere", json=sent)).status_code == 404


async def test_an_alert_on_a_text_alone_can_be_confirmed_once_its_picture_is_pushed(
    desk: Desk, camera: Camera, calling: httpx.AsyncClient
) -> None:
    desk.services.receiving.arrivals.reads_pictures = False
    alerts = desk.services.alerts
    secret = await pushing(desk, camera)
    await calling.post(f"/push/{secret}/", json=DAHUA)
    (text_alone,) = desk.intake.reads
    [raised] = await alerts.raise_for([hit(text_alone)], text_alone.received_at)
    await alerts.take(raised.alert_id, Step.ACKNOWLEDGE, "ana", raised.raised_at)
    picture = {"NormalPic": {"Content": b64encode(a_picture()).decode(), "PicName": "a.jpg"}}
    await calling.post(f"/push/{secret}/", json={"Picture": DAHUA["Picture"] | picture})
    await alerts.take_pictures(desk.intake.reads, raised.raised_at)
    here = f"/api/v1/alerts/{raised.alert_id}"
    await desk.client.post(f"{here}/transcription", json={"text": "KT65XDW"})
    confirmed = await desk.client.post(f"{here}/steps", json={"step": "confirm"})
    assert confirmed.json()["state"] == "confirmed"
    kinds = [act["kind"] for act in confirmed.json()["acts"]]
    assert kinds == ["raise", "acknowledge", "picture", "transcribe", "confirm"]
