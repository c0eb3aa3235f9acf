import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from tests.desk.api.conftest import Desk, a_picture, capture_fields

from morina.sense.cameras import Camera

pytestmark = pytest.mark.usefixtures("camera")


async def test_a_capture_is_stored_and_handed_over(desk: Desk, camera: Camera) -> None:
    picture = a_picture()
    fields = capture_fields(captured_at="2026-03-01T08:30:00+01:00", retransmitted="true")

    answer = await desk.client.post("/api/v1/captures", data=fields, files={"image": picture})

    assert answer.status_code == 202
    [capture] = desk.intake.captures
    assert str(capture.capture_id) == answer.json()["capture_id"] == fields["capture_id"]
    assert capture.camera_id == camera.camera_id
    assert capture.captured_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert capture.retransmitted
    assert await desk.services.images.get(capture.image) == picture


async def test_a_capture_without_an_id_gets_the_same_one_each_time_it_is_sent(desk: Desk) -> None:
    fields = capture_fields()
    del fields["capture_id"]
    picture = a_picture()

    sent = [
        await desk.client.post("/api/v1/captures", data=fields, files={"image": content})
        for content in (picture, picture, a_picture("PNG"))
    ]

    first, again, other = [answer.json()["capture_id"] for answer in sent]
    assert first == again != other


async def test_an_unknown_camera_is_named(desk: Desk) -> None:
    fields = capture_fields(camera_id="south-9")
    answer = await desk.client.post("/api/v1/captures", data=fields, files={"image": a_picture()})
    assert answer.status_code == 404
    assert "south-9" in answer.json()["detail"]
    assert answer.json()["place"] == "camera_id"
    assert desk.stored_pictures() == 0


@pytest.mark.parametrize(
    "captured_at",
    [
        "2026-03-01T08:30:00",
        "yesterday",
        "",
        "{in_two_hours}",
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+23:00",
        "1970-01-01T00:00:00+00:00",
    ],
)
async def test_a_time_that_cannot_be_is_refused(desk: Desk, captured_at: str) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=2)
    captured_at = captured_at.format(in_two_hours=ahead.isoformat())
    fields = capture_fields(captured_at=captured_at)
    answer = await desk.client.post("/api/v1/captures", data=fields, files={"image": a_picture()})
    assert answer.status_code == 422
    assert answer.json()["place"] == "captured_at"
    assert answer.json()["mend"]
    assert desk.intake.captures == []


async def test_pixels_are_counted_before_anything_is_decoded(desk: Desk) -> None:
    huge = BytesIO()
    Image.new("1", (9_000, 9_000)).save(huge, "PNG")
    fields = capture_fields()
    answer = await desk.client.post(
        "/api/v1/captures", data=fields, files={"image": ("huge.png", huge.getvalue())}
    )
    assert answer.status_code == 422
    assert answer.json()["place"] == "file huge.png"
    assert "9000 x 9000" in answer.json()["detail"]
    assert desk.stored_pictures() == 0


async def test_too_large_an_upload_is_cut_off_while_it_streams(desk: Desk) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
        while True:
            sent += 100_000
            yield b"x" * 100_000

    answer = await desk.client.post(
        "/api/v1/captures",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert answer.status_code == 413
    assert "2 MB" in answer.json()["detail"]
    assert sent < 3_000_000


async def test_a_node_that_cannot_take_captures_says_so(desk: Desk) -> None:
    desk.intake.failing = TimeoutError()
    answer = await desk.client.post(
        "/api/v1/captures", data=capture_fields(), files={"image": a_picture()}
    )
    assert answer.status_code == 503
    assert "again" in answer.json()["mend"]


async def test_many_cameras_send_at_once(desk: Desk) -> None:
    async def send(place: int) -> int:
        fields = capture_fields(capture_id=f"{place:032x}")
        sent = {"image": a_picture()}
        return (await desk.client.post("/api/v1/captures", data=fields, files=sent)).status_code

    assert await asyncio.gather(*map(send, range(12))) == [202] * 12
    assert len(desk.intake.captures) == 12
