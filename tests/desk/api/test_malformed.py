"""Whatever is sent: a clear refusal with place and mend, nothing stored, the node keeps serving."""

from random import Random

import httpx
import pytest
from tests.desk.api.conftest import Desk, a_listing, a_picture, capture_fields
from tests.desk.api.malformed import Hotlists, Sent, Uploads

from morina.sense.cameras import Camera
from morina.watch import Hotlist, dump_hotlist

SEED = 20261121
EACH = 500


def check_refused(sent: Sent, answer: httpx.Response) -> None:
    """A 4xx that says what, where and how to mend it."""
    said = (sent.wrong, answer.status_code, answer.text[:400])
    assert 400 <= answer.status_code < 500, said
    assert answer.headers["content-type"] == "application/problem+json", said
    problem = answer.json()
    assert problem["detail"] and problem["place"] and problem["mend"], said
    assert all(fault["mend"] for fault in problem.get("faults", [])), said
    assert "Traceback" not in answer.text and ".py" not in answer.text, said


async def test_500_malformed_uploads_leave_no_trace(desk: Desk, camera: Camera) -> None:
    pictures = tuple(map(a_picture, ("JPEG", "PNG", "WEBP")))
    uploads = Uploads(Random(SEED), pictures, capture_fields(retransmitted="false"))

    for number in range(EACH):
        sent = uploads.sent(number)
        answer = await desk.client.post("/api/v1/captures", content=sent.body, headers=sent.headers)
        check_refused(sent, answer)

    assert desk.intake.captures == []
    assert desk.stored_pictures() == 0
    assert await desk.services.cameras.cameras() == [camera]
    good = uploads.capture(pictures[0])
    headers = {"Content-Type": "multipart/form-data; boundary=b0undary"}
    taken = await desk.client.post("/api/v1/captures", content=good, headers=headers)
    assert taken.status_code == 202


async def test_500_malformed_hotlists_leave_no_trace(desk: Desk, hotlist: Hotlist) -> None:
    listings = [a_listing(f"AB{n}CDE") for n in range(10, 20)]
    files = [dump_hotlist(listings, file_format) for file_format in ("csv", "json")]
    before = await desk.services.hotlists.replace(hotlist.hotlist_id, listings, "ana")
    malformed = Hotlists(Random(SEED), *files)
    here = f"/api/v1/hotlists/{hotlist.hotlist_id}/import"

    for number in range(EACH):
        sent = malformed.sent(number)
        check_refused(sent, await desk.client.post(here, content=sent.body, headers=sent.headers))

    assert await desk.services.hotlists.hotlists() == [before]
    assert await desk.services.hotlists.listings(hotlist.hotlist_id) == listings
    again = await desk.client.post(here, files={"file": ("list.csv", files[0])})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[" * 300_000, b"\xff", b"null", b"[]", b'"x"', b"{}", b'{"name": NaN}',
        b'{"name": "\\ud800", "site": "s", "latitude": 1, "longitude": 1}',
        b'{"name": "n", "site": "s", "latitude": Infinity, "longitude": 1}',
        b'{"name": "n", "site": "s", "latitude": 1e999, "longitude": 1}',
        b'{"name": "n", "site": "s", "latitude": ' + b"9" * 5000 + b', "longitude": 1}',
        b"x" * 1_500_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/json", "text/xml", ""])
async def test_a_malformed_camera_is_refused(desk: Desk, body: bytes, kind: str) -> None:
    sent = Sent(repr(body[:40]), body, {"Content-Type": kind})
    answer = await desk.client.put("/api/v1/cameras/x", content=body, headers=sent.headers)
    check_refused(sent, answer)
    assert kind == "application/json" or answer.status_code in (413, 415)
    assert await desk.services.cameras.cameras() == []
