"""Attempts on a desk, each with its refusal. docs/security.md lists them; a test holds it to that.

What is tried over a real connection, with a node's own logs looked through, is in
tests/system/test_attempts.py.
"""

import gzip
import re
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from itsdangerous import TimestampSigner
from tests.desk.api.conftest import HERE, PASSWORD, Desk, a_picture, capture_fields, client_of
from tests.desk.api.malformed import png_of
from tests.desk.api.test_gate import opened_socket
from tests.desk.api.test_records import ASK, LOG, asks, ended

from morina.accountability import SignInRefusedError
from morina.accountability.own_sessions import NOWHERE, Arrival, Stage, Way
from morina.accountability.policy import Action, Role
from morina.desk import permits
from morina.desk.pictures import PictureCheck, RefusedPictureError
from morina.desk.tls_only import TlsOnly
from morina.sense.cameras import Camera
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.reach import Reach

NOW = datetime.now(UTC)
EVIL = "https://evil.test"
XML = {"Content-Type": "application/xml"}


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.browser() as client:
        yield client


@pytest.fixture
async def ben(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A colleague of ana's with the same rights."""
    token = await desk.services.users.issue_token("ben", "tests", NOW + timedelta(days=1))
    async with client_of(desk.app, {"Authorization": f"Bearer {token}"}) as client:
        yield client


def cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def filled(path: str) -> str:
    """A route's template with something in each place."""
    return re.sub(r"\{(\w+)(:int)?[^}]*\}", lambda one: "1" if one[2] else str(uuid4()), path)


# Whose is it: another's question, export, session, token


@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", ""), ("GET", "/answer"), ("DELETE", ""), ("POST", "/more"), ("POST", "/export")],
)
async def test_idor_a_colleagues_question_is_not_seen_gone_on_or_exported(
    desk: Desk, ben: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, method: str, rest: str
) -> None:
    monkeypatch.setattr(permits, "KINDS", {**permits.KINDS, "where": Action.SEARCH})
    state = await ended(desk, asks())
    body = {"json": {}} if rest == "/export" else {}
    answer = await ben.request(method, f"{ASK}/{state['question_id']}{rest}", **body)
    assert answer.status_code == 404
    assert "AA123BC" not in answer.text
    assert (await ben.get(LOG)).json() == []


async def test_idor_a_colleagues_session_and_token_cannot_be_ended(desk: Desk) -> None:
    signing, tokens = desk.services.doors.signing, desk.services.doors.tokens
    await signing.sessions.begin(Arrival("ana", Way.PASSWORD, Stage.FULL), NOWHERE, NOW)
    [session] = await signing.sessions.of_user("ana", NOW)
    assert not await signing.sessions.end_one("ben", session.key)
    [token] = await tokens.of("ana", NOW)
    assert not await tokens.revoke("ben", token.key)
    assert len(await signing.sessions.of_user("ana", NOW)) == 1
    assert (await desk.client.get("/api/v1/me")).status_code == 200


# Forced browsing


async def test_forced_browsing_unsigned_opens_no_page_and_no_route(
    stranger: httpx.AsyncClient,
) -> None:
    opened = []
    for line in permits.PERMITS:
        method, _, path = line.partition(" ")
        if path.startswith("/sign-in") or path in ("/healthz", "/favicon.ico"):
            continue
        answer = await stranger.request(method, filled(path))
        leads_to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
        if not (answer.status_code == 401 or (answer.status_code == 303 and leads_to_sign_in)):
            opened.append((line, answer.status_code))
    assert len(permits.PERMITS) > 100
    assert opened == []


async def test_forced_browsing_with_no_role_opens_nothing_that_needs_one(desk: Desk) -> None:
    answered = []
    async with desk.holding() as client:
        for line, acts in permits.PERMITS.items():
            method, _, path = line.partition(" ")
            if acts and path.startswith("/api/"):
                answer = await client.request(method, filled(path))
                if answer.status_code != 403:
                    answered.append((line, answer.status_code))
    assert answered == []


# Replay


async def test_replay_of_a_cookie_after_signing_out_is_nobody(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    cookie = cookie_of(await stranger.post("/sign-in"))
    headers = {"Cookie": cookie, "Origin": HERE}
    async with client_of(desk.app, headers) as thief:
        assert (await thief.get("/api/v1/me")).status_code == 200
        await stranger.post("/sign-out")
        assert (await thief.get("/api/v1/me")).status_code == 401


async def test_replay_of_a_token_after_it_was_taken_back_is_nobody(desk: Desk) -> None:
    [token] = await desk.services.doors.tokens.of("ana", NOW)
    assert await desk.services.doors.tokens.revoke("ana", token.key)
    assert (await desk.client.get("/api/v1/me")).status_code == 401


async def test_replay_of_a_session_after_its_account_was_closed_is_nobody(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/sign-in")
    await desk.services.users.close("ana")
    assert (await stranger.get("/api/v1/me")).status_code == 401
    assert (await desk.client.get("/api/v1/me")).status_code == 401


# Session fixation and forging


async def test_session_fixation_a_session_begun_before_signing_in_is_not_taken_over(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    planted = cookie_of(await stranger.post("/sign-in"))
    async with client_of(desk.app, {"Origin": HERE, "Cookie": planted}) as victim:
        fresh = cookie_of(await victim.post("/sign-in"))
    assert fresh != planted
    async with client_of(desk.app, {"Cookie": planted}) as attacker:
        assert (await attacker.get("/api/v1/me")).status_code == 401
    async with client_of(desk.app, {"Cookie": fresh}) as own:
        assert (await own.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize("key", ["", "secret", "change-me", "s" * 31])
async def test_session_forging_a_cookie_signed_with_another_key_is_nobody(
    desk: Desk, key: str
) -> None:
    content = b"eyJzZXNzaW9uIjogImFuYSIsICJ1c2VyIjogImFuYSJ9"
    forged = TimestampSigner(key or "x").sign(content).decode()
    async with client_of(desk.app, {"Cookie": f"morina={forged}"}) as client:
        assert (await client.get("/api/v1/me")).status_code == 401


# Cross-site requests


@pytest.mark.parametrize("origin", [EVIL, "null", "http://desk.test.evil.test", ""])
@pytest.mark.parametrize("path", ["/sign-out", "/api/v1/records/questions"])
async def test_csrf_another_sites_page_cannot_act(
    desk: Desk, stranger: httpx.AsyncClient, origin: str, path: str
) -> None:
    cookie = cookie_of(await stranger.post("/sign-in"))
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
    async with client_of(desk.app, headers) as client:
        assert (await client.post(path, json=asks())).status_code == 403
        assert (await client.get("/api/v1/me")).status_code == 200  # still signed in


async def test_csrf_a_form_of_another_site_is_not_json(desk: Desk) -> None:
    sent = await desk.client.post(ASK, content=b"a=b", headers={"Content-Type": "text/plain"})
    assert sent.status_code == 415


# Paths


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/images/..%2f..%2fsecrets%2fsession",
        "/api/v1/images/%2e%2e%2fsecrets",
        "/api/v1/images/" + "a" * 63 + "%00",
        "/api/v1/images/..%5c..%5csecrets",
        "/api/v1/records/statements/..%2f..%2fsecrets%2fsigning",
        "/api/v1/duties/papers/..%2f..%2fetc%2fpasswd",
        "/api/v1/hotlists/..%2f/export",
        "/api/v1/cameras/..%2f..%2fetc/health",
        "/api/v1/%2e%2e/%2e%2e/etc/passwd",
    ],
)
async def test_path_traversal_finds_nothing(desk: Desk, path: str) -> None:
    roles = (Role.DATA_PROTECTION_OFFICER,) if "statements" in path or "duties" in path else ()
    async with desk.holding(*roles) if roles else desk.holding(Role.INVESTIGATOR) as client:
        answer = await client.get(httpx.URL(HERE).copy_with(raw_path=path.encode()))
    assert answer.status_code in (403, 404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "root:" not in answer.text


# Documents and pictures that unpack into more than they are


@pytest.mark.parametrize(
    "document",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        f'<?xml version="1.0"?><!DOCTYPE a SYSTEM "{EVIL}/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://169.254.169.254/"> %x;]><a/>',
        "<a>" * 5000,
    ],
)
async def test_xxe_a_cameras_xml_with_entities_is_refused(
    desk: Desk, camera: Camera, document: str
) -> None:
    pushing = PushingCamera(camera_id=camera.camera_id, maker="hikvision", time_zone="UTC")
    secret = await desk.services.pushing.put(pushing)
    async with client_of(desk.app, XML) as pushes:
        answer = await pushes.post(f"/push/{secret}/event", content=document.encode())
    assert answer.status_code == 422
    assert "root:" not in answer.text
    assert desk.intake.reads == []


async def test_zip_bomb_a_compressed_body_is_not_unpacked(desk: Desk) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, identity"):
        headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
        answer = await desk.client.post(ASK, content=bomb, headers=headers)
        assert answer.status_code == 415


@pytest.mark.usefixtures("camera")
async def test_zip_bomb_an_archive_is_no_file_this_desk_takes(desk: Desk) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", bytes(20_000_000))
    answer = await desk.client.post(
        "/api/v1/captures", data=capture_fields(), files={"image": ("a.zip", packed.getvalue())}
    )
    assert answer.status_code == 415
    assert desk.stored_pictures() == 0


def animated(frames: int) -> bytes:
    """An animated PNG that says it has many frames."""
    control = struct.pack(">II", frames, 0)
    return png_of(8, 8, zlib.compress(bytes(72)), (b"acTL", control))


@pytest.mark.parametrize(
    "bomb",
    [
        png_of(60_000, 60_000, zlib.compress(bytes(1000))),
        png_of(2**31 - 1, 2**31 - 1, zlib.compress(bytes(1000))),
        png_of(8, 8, zlib.compress(bytes(72)), (b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8)))),
        png_of(8, 8, zlib.compress(bytes(72)), (b"iCCP", b"a\0\0" + zlib.compress(bytes(10**8)))),
        png_of(6000, 6000, zlib.compress(bytes(10**8), 9)),
        animated(2**31),
    ],
    ids=["60000 square", "largest square", "text", "profile", "many pixels", "many frames"],
)
@pytest.mark.usefixtures("camera")
async def test_pixel_bomb_a_picture_that_unpacks_too_large_is_refused_in_bounds(
    desk: Desk, bomb: bytes
) -> None:
    assert len(bomb) < 2_000_000
    answer = await desk.client.post(
        "/api/v1/captures", data=capture_fields(), files={"image": ("a.png", bomb, "image/png")}
    )
    assert answer.status_code in (413, 415, 422), answer.text
    assert desk.stored_pictures() == 0
    whole = await desk.client.post(
        "/api/v1/captures", data=capture_fields(), files={"image": ("a.jpg", a_picture())}
    )
    assert whole.status_code == 202, whole.text


async def test_pixel_bomb_the_decoder_holds_no_more_memory_than_it_may() -> None:
    check = PictureCheck(10**12, workers=1)  # no limit of pixels: the memory's alone is tried
    try:
        with pytest.raises(RefusedPictureError):
            await check.picture(png_of(40_000, 40_000, zlib.compress(bytes(10**7), 9)))
        assert (await check.picture(a_picture())).width == 64
    finally:
        await check.close()


# Addresses of cameras


@pytest.mark.parametrize(
    "source",
    [
        "http+snapshot://127.0.0.1:8123/?query=SELECT+1",
        "http+snapshot://169.254.169.254/latest/meta-data/",
        "http+mjpeg://[::ffff:127.0.0.1]:5432/",
        "rtsp://localhost:4222/",
        "rtsp://0x7f.1/live",
        "file:///etc/passwd",
    ],
)
async def test_ssrf_a_camera_is_not_put_up_at_the_node_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    reach = Reach(files=(Path("/srv/cameras"),))
    monkeypatch.setattr(desk.services.cameras, "_reach", reach)
    sent = {"name": "A", "site": "S", "latitude": 1.0, "longitude": 2.0, "source": source}
    answer = await desk.client.put("/api/v1/cameras/a", json=sent)
    assert answer.status_code == 422, answer.text
    assert await desk.services.cameras.cameras() == []


@pytest.mark.parametrize(
    "source", ["gopher://192.0.2.7/", "ldap://192.0.2.7/", "http://192.0.2.7/", "javascript:1"]
)
async def test_ssrf_no_other_scheme_is_a_camera(desk: Desk, source: str) -> None:
    sent = {"name": "A", "site": "S", "latitude": 1.0, "longitude": 2.0, "source": source}
    assert (await desk.client.put("/api/v1/cameras/a", json=sent)).status_code == 422


# Logs and error pages


async def test_error_pages_tell_nothing_of_the_inside(desk: Desk) -> None:
    desk.health.broken = True
    answer = await desk.client.get("/api/v1/health")
    assert answer.status_code == 500
    assert "secret inner workings" not in answer.text
    assert "Traceback" not in answer.text
    assert re.search(r"incident [0-9a-f]{12}", answer.text)


# The clock


async def test_clock_change_a_session_that_ended_does_not_begin_again(desk: Desk) -> None:
    sessions = desk.services.doors.signing.sessions
    begun = NOW - timedelta(hours=3)
    session_id = await sessions.begin(Arrival("ana", Way.PASSWORD, Stage.FULL), NOWHERE, begun)
    assert await sessions.of(session_id, begun + timedelta(minutes=5), used=True)
    assert await sessions.of(session_id, begun + timedelta(hours=2), used=True) is None
    assert await sessions.of(session_id, begun + timedelta(minutes=6), used=True) is None


async def test_clock_change_a_session_from_the_future_counts_for_nothing(desk: Desk) -> None:
    sessions = desk.services.doors.signing.sessions
    arrival = Arrival("ana", Way.PASSWORD, Stage.FULL)
    session_id = await sessions.begin(arrival, NOWHERE, NOW + timedelta(days=1))
    assert await sessions.of(session_id, NOW, used=False) is None


async def test_clock_change_a_token_past_its_day_stays_ended_while_the_clock_is_right(
    desk: Desk,
) -> None:
    users = desk.services.users
    token = await users.issue_token("ana", "short", NOW + timedelta(minutes=1))
    assert await users.user_of_token(token, NOW)
    assert await users.user_of_token(token, NOW + timedelta(minutes=2)) is None


# Headers


async def test_header_spoofing_a_foreign_host_leads_nowhere_else(
    stranger: httpx.AsyncClient,
) -> None:
    for name in ("Host", "X-Forwarded-Host", "Forwarded"):
        value = "host=evil.test" if name == "Forwarded" else "evil.test"
        answer = await stranger.get("/cameras", headers={name: value})
        assert (answer.status_code, answer.headers["location"]) == (
            303, "/sign-in?next=/cameras",
        )  # fmt: skip


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Url-Scheme"])
async def test_header_spoofing_plain_http_is_not_made_tls_by_a_header(
    desk: Desk, header: str
) -> None:
    only = TlsOnly(desk.app, only=True)
    transport = httpx.ASGITransport(only, client=("192.0.2.9", 1))
    value = "on" if header.endswith("Ssl") else "https"
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        answer = await client.get("/healthz", headers={header: value})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "header", ["X-User", "X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Original-URL"]
)
async def test_header_spoofing_nobody_is_signed_in_by_a_header(
    stranger: httpx.AsyncClient, header: str
) -> None:
    value = "/healthz" if header == "X-Original-URL" else "ana"
    assert (await stranger.get("/api/v1/me", headers={header: value})).status_code == 401


@pytest.mark.usefixtures("camera")
async def test_header_spoofing_another_method_is_not_slipped_in(desk: Desk) -> None:
    for header in ("X-HTTP-Method-Override", "X-Method-Override"):
        await desk.client.get("/api/v1/cameras/north-1/health", headers={header: "DELETE"})
    assert [one.camera_id for one in await desk.services.cameras.cameras()] == ["north-1"]


# Sockets


@pytest.mark.parametrize("more", [{}, {"Cookie": "morina=e30=.x.y"}, {"Authorization": "Bearer x"}])
async def test_websocket_without_a_session_is_not_opened(desk: Desk, more: dict[str, str]) -> None:
    said = await opened_socket(desk, {"Host": "desk.test", "Origin": HERE} | more)
    assert (said["type"], said["reason"]) == ("websocket.close", "not signed in")


async def test_websocket_without_a_session_a_token_opens_none(desk: Desk) -> None:
    token = desk.client.headers["Authorization"]
    own = {"Host": "desk.test", "Origin": HERE, "Authorization": token}
    assert (await opened_socket(desk, own))["reason"] == "not signed in"


# The database


async def test_sql_injection_what_is_sent_is_only_text(desk: Desk, empty_dsn: str) -> None:
    name = "x'); DROP TABLE camera; --"
    sent = {"name": name, "site": "S", "latitude": 1.0, "longitude": 2.0}
    assert (await desk.client.put("/api/v1/cameras/a", json=sent)).status_code == 200
    with psycopg.connect(empty_dsn) as connection:
        assert connection.execute("SELECT name FROM camera").fetchall() == [(name,)]


async def test_secrets_at_rest_one_moved_to_another_account_does_not_open(desk: Desk) -> None:
    sealing: Any = desk.services.doors.sealing
    sealed = sealing.seal(b"secret", "totp:ana")
    assert sealing.open(sealed, "totp:ana") == b"secret"
    with pytest.raises((ValueError, InvalidTag)):
        sealing.open(sealed, "totp:ben")


async def test_guessing_names_a_refusal_does_not_tell_whether_there_is_such_an_account(
    desk: Desk,
) -> None:
    said = set()
    for name in ("ana", "nobody-at-all"):
        with pytest.raises(SignInRefusedError) as refused:
            await desk.services.doors.signing.by_password(name, "wrong " + PASSWORD, NOWHERE, NOW)
        said.add(str(refused.value))
    assert len(said) == 1
