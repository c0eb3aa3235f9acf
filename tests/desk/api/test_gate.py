import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import nicegui
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.desk.api.conftest import HERE, PASSWORD, Desk, client_of

from morina.accountability.own_sessions import NOWHERE
from morina.accountability.policy import Role
from morina.desk import gate, session_watch

ASSETS = f"/_nicegui/{nicegui.__version__}"


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.browser() as client:
        yield client


def routes_of(desk: Desk) -> list[tuple[str, str]]:
    paths = desk.app.openapi()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods]


async def test_no_route_answers_a_stranger(desk: Desk, stranger: httpx.AsyncClient) -> None:
    routes = [route for route in routes_of(desk) if route[1].startswith("/api/")]
    assert len(routes) > 15
    for method, path in [*routes, ("get", "/api/v1/openapi.json"), ("get", "/api/v1/nothing")]:
        answer = await stranger.request(method, path)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "/sign-in" in answer.json()["mend"]


@pytest.mark.parametrize(
    "path", ["/", "/page", "/docs", "/page?of=1&next=//evil.test", "//evil.test/"]
)
async def test_a_stranger_is_led_from_a_page_to_the_sign_in(
    stranger: httpx.AsyncClient, path: str
) -> None:
    answer = await stranger.get(httpx.URL(HERE).copy_with(raw_path=path.encode()))
    assert answer.status_code == 303
    location = httpx.URL(answer.headers["location"])
    assert (location.host, location.path) == ("", "/sign-in")
    wanted = location.params["next"]
    assert wanted == (path if not path.startswith("//") else "/")


@pytest.mark.parametrize(
    "path",
    [
        "/_nicegui_ws/socket.io/?EIO=4&transport=polling",
        "/_nicegui/client/x/upload/1",
        "/_nicegui/auto/static/x/y",
        f"{ASSETS}/dynamic_resources/x",
    ],
)
async def test_nicegui_gives_a_stranger_nothing_but_static_assets(
    stranger: httpx.AsyncClient, path: str
) -> None:
    assert (await stranger.get(path)).status_code == 401
    assert (await stranger.post(path)).status_code == 401
    assert (await stranger.get(f"{ASSETS}/static/nicegui.css")).status_code == 404  # let through


async def test_anybody_may_ask_whether_the_process_answers(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).text == "alive"


async def opened_socket(desk: Desk, headers: dict[str, str]) -> dict[str, Any]:
    """What the desk first says to a socket: no server of this test accepts one."""
    said: list[dict[str, Any]] = []
    scope = {
        "type": "websocket",
        "path": "/_nicegui_ws/socket.io/",
        "query_string": b"",
        "scheme": "wss",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    await desk.app(scope, receive, send)
    return said[0]


async def test_a_socket_opens_only_for_an_officer_at_this_desk(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    own = {"Host": "desk.test", "Origin": HERE}
    assert (await opened_socket(desk, own))["reason"] == "not signed in"
    cookie = (await stranger.post("/sign-in")).headers["set-cookie"].partition(";")[0]

    foreign = await opened_socket(desk, own | {"Cookie": cookie, "Origin": "https://evil.test"})
    assert foreign["reason"] == "another site's page"
    let_through = await opened_socket(desk, own | {"Cookie": cookie})
    assert let_through.get("reason", "") == ""


async def silence() -> Any:
    await asyncio.Event().wait()


async def acts() -> Any:
    return {"type": "websocket.receive", "text": '42["event",{"id":1}]'}


async def heard_on_a_socket(
    desk: Desk, message: Callable[[], Awaitable[Any]], meanwhile: Callable[[], Awaitable[Any]]
) -> Any:
    """What a page hears on its socket, ``meanwhile`` having happened after it was opened."""
    heard: list[Any] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        await meanwhile()
        heard.append(await receive())

    signing = desk.services.doors.signing
    session_id = await signing.by_password("ana", PASSWORD, NOWHERE, datetime.now(UTC))
    scope = {
        "type": "websocket",
        "path": "/_nicegui_ws/socket.io/",
        "headers": [(b"host", b"desk.test"), (b"origin", HERE.encode())],
        "session": {"session": session_id},
    }
    await gate.Gate(app, signing)(scope, message, silence)
    return heard[0]


ENDED = {"type": "websocket.disconnect", "code": 1008, "reason": "session ended"}


@pytest.mark.parametrize("message", [silence, acts])
async def test_a_socket_ends_with_its_session_before_it_acts(
    desk: Desk, message: Callable[[], Awaitable[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_watch, "LOOK_EVERY_S", 0.01)
    sessions = desk.services.doors.signing.sessions
    assert await heard_on_a_socket(desk, message, lambda: sessions.end_all("ana")) == ENDED


async def test_a_socket_acts_while_its_session_lasts(desk: Desk) -> None:
    sessions = desk.services.doors.signing.sessions
    heard = await heard_on_a_socket(desk, acts, lambda: sessions.end_all("ben"))
    assert heard == await acts()


async def test_closing_an_account_ends_its_sessions_at_once(
    desk: Desk, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_watch, "LOOK_EVERY_S", 0.01)
    await stranger.post("/sign-in")
    assert (await stranger.get("/api/v1/me")).status_code == 200
    users = desk.services.users
    assert await heard_on_a_socket(desk, silence, lambda: users.close("ana")) == ENDED
    assert (await stranger.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("change", ["password", "roles"])
async def test_another_password_or_role_ends_every_session(
    desk: Desk, stranger: httpx.AsyncClient, change: str
) -> None:
    await stranger.post("/sign-in")
    users = desk.services.users
    if change == "password":
        await users.change_password("ana", PASSWORD, "new password 1", datetime.now(UTC))
    else:
        await users.give_roles("ana", [Role.ANALYST])
    assert (await stranger.get("/api/v1/me")).status_code == 401


async def test_an_id_planted_before_signing_in_opens_nothing(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    """Session fixation: whatever the browser held, signing in gives it a new id."""
    await stranger.post("/sign-in")
    planted = stranger.cookies["morina"]
    await stranger.post("/sign-in")
    assert stranger.cookies["morina"] != planted
    async with client_of(desk.app, {"Cookie": f"morina={planted}"}) as attacker:
        assert (await attacker.get("/api/v1/me")).status_code == 401


async def test_a_copied_cookie_ends_with_signing_out(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/sign-in")
    copied = stranger.cookies["morina"]
    await stranger.post("/sign-out")
    async with client_of(desk.app, {"Cookie": f"morina={copied}"}) as attacker:
        assert (await attacker.get("/api/v1/me")).status_code == 401


async def ago(desk: Desk, column: str, minutes: int) -> None:
    """Make every session so much older."""
    pool = desk.services.doors.signing.sessions._pool  # type: ignore[attr-defined]  # of PostgreSQL
    async with pool.connection() as connection:
        await connection.execute(
            f"UPDATE session SET {column} = {column} - interval '{minutes} minutes'"
        )


async def test_pictures_a_page_asks_for_by_itself_do_not_keep_somebody_signed_in(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/sign-in")
    by_itself = {"Sec-Fetch-Mode": "no-cors"}
    for _ in range(2):
        await ago(desk, "used_at", 16)
        answer = await stranger.get("/api/v1/me", headers=by_itself)
    assert answer.status_code == 401


async def test_opening_pages_keeps_somebody_signed_in(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/sign-in")
    for _ in range(4):
        await ago(desk, "used_at", 16)
        answer = await stranger.get("/api/v1/me", headers={"Sec-Fetch-Mode": "navigate"})
        assert answer.status_code == 200


async def test_a_session_is_strict_and_ends_with_signing_out(stranger: httpx.AsyncClient) -> None:
    signed_in = await stranger.post("/sign-in")
    cookie = signed_in.headers["set-cookie"].lower()
    for flag in ("httponly", "samesite=strict", "secure", "max-age=43200"):
        assert flag in cookie
    assert (await stranger.get("/account")).json()["name"] == "ana"
    assert (await stranger.get("/api/v1/me")).json()["name"] == "ana"
    await stranger.post("/sign-out")
    assert (await stranger.get("/api/v1/me")).status_code == 401


async def test_a_session_ends_after_one_shift_however_busy(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/sign-in")
    await ago(desk, "ends_at", 12 * 60)
    assert (await stranger.get("/api/v1/me")).status_code == 401


async def test_a_forged_or_foreign_cookie_is_nobody(desk: Desk) -> None:
    for cookie in ("morina=", "morina=e30=.x.y", "morina=null", "other=1"):
        async with client_of(desk.app, {"Cookie": cookie}) as client:
            assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "é", "a b"])
async def test_a_bad_token_is_nobody_even_with_a_good_session(
    stranger: httpx.AsyncClient, token: str
) -> None:
    assert (await stranger.get("/page")).status_code == 303
    bearer = {"Authorization": f"Bearer {token}".encode("latin-1")}
    assert (await stranger.get("/api/v1/me", headers=bearer)).status_code == 401


async def test_a_token_opens_the_api_and_no_page(desk: Desk) -> None:
    assert (await desk.client.get("/api/v1/me")).status_code == 200
    assert (await desk.client.get("/page")).status_code == 303


async def test_a_token_ends_when_it_says(desk: Desk) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=1)
    token = await desk.services.users.issue_token("ana", "old", ended)
    async with client_of(desk.app, {"Authorization": f"Bearer {token}"}) as client:
        assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 204),
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.usefixtures("camera")
async def test_another_site_cannot_act_through_a_session(
    desk: Desk, stranger: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await stranger.post("/sign-in")
    async with client_of(desk.app, headers) as client:
        client.cookies = stranger.cookies
        assert (await client.delete("/api/v1/cameras/north-1")).status_code == status


async def test_every_answer_forbids_framing_sniffing_and_foreign_content(
    desk: Desk, stranger: httpx.AsyncClient
) -> None:
    for answer in (await stranger.get("/"), await desk.client.get("/api/v1/me")):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@settings(deadline=None)
@given(st.text())
def test_only_a_path_of_this_desk_is_followed_after_signing_in(path: str) -> None:
    followed = gate.local_path(path)
    assert followed.startswith("/")
    assert httpx.URL(HERE).join(followed).host == "desk.test" if followed.isascii() else True
    assert followed in (path, "/")


@pytest.mark.parametrize("path", ["//evil.test", "/\\evil.test", "https://evil.test", "", "/\n/x"])
def test_a_path_elsewhere_becomes_the_first_page(path: str) -> None:
    assert gate.local_path(path) == "/"
