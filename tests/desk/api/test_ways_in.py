"""Half a sign-in, a factor still to be added, and what a browser keeps between two steps."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from tests.desk.api.conftest import HERE, PASSWORD, Desk, client_of

from morina.accountability import Role, User
from morina.accountability.factors import SecondFactor, new_secret
from morina.desk import own_session, passkeys, sessions
from morina.desk.api import serve
from morina.desk.pages import sign_in
from morina.desk.services import Services
from morina.desk.whence import DEVICE_COOKIE

SECRET = new_secret()
ANA = {"name": "ana", "password": PASSWORD}


def app_of(services: Services) -> FastAPI:
    app = FastAPI(openapi_url=None)
    sessions.install(app, services)
    for router in (sign_in.router, passkeys.router):
        app.include_router(router(services))
    serve(app, services)
    app.include_router(own_session.router())
    return app


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_of(desk.services), {"Origin": HERE}) as client:
        yield client


@pytest.fixture
async def strict(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a node where a second factor is required."""
    doors = desk.services.doors
    signing = replace(doors.signing, second=SecondFactor.REQUIRED)
    services = replace(desk.services, doors=replace(doors, signing=signing))
    async with client_of(app_of(services), {"Origin": HERE}) as client:
        yield client


async def with_codes(desk: Desk) -> list[str]:
    """Let ana have one-time codes, the present one used up; her recovery codes."""
    now = datetime.now(UTC)
    factors = desk.services.doors.signing.factors
    return await factors.add_totp("ana", SECRET, pyotp.TOTP(SECRET).at(now), now)


async def test_a_right_password_is_asked_for_a_code_and_opens_nothing_before(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    codes = await with_codes(desk)
    half = await browser.post("/sign-in", data=ANA | {"next": "/search"})
    assert half.headers["location"] == "/sign-in/code?next=%2Fsearch"
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (await browser.get("/session")).status_code == 401
    assert (await browser.get("/search")).headers["location"].startswith("/sign-in")
    assert (await browser.post("/account/passkeys/options")).status_code == 401
    assert DEVICE_COOKIE not in browser.cookies
    held = browser.cookies["morina"]
    whole = await browser.post("/sign-in/code", data={"code": codes[0], "next": "/search"})
    assert (whole.status_code, whole.headers["location"]) == (303, "/search")
    assert (await browser.get("/api/v1/me")).json()["name"] == "ana"
    assert browser.cookies["morina"] != held
    async with client_of(desk.app, {"Cookie": f"morina={held}"}) as attacker:
        assert (await attacker.get("/api/v1/me")).status_code == 401


async def test_a_wrong_code_is_said_and_the_page_for_codes_is_for_nobody_else(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await with_codes(desk)
    assert (await browser.get("/sign-in/code")).headers["location"] == "/sign-in"
    assert (await browser.post("/sign-in/code", data={"code": "123456"})).status_code == 401
    await browser.post("/sign-in", data=ANA)
    refused = await browser.post("/sign-in/code", data={"code": "no code"})
    assert refused.status_code == 401
    assert "does not fit" in refused.text


async def test_where_a_factor_is_required_only_the_own_account_is_open(
    strict: httpx.AsyncClient,
) -> None:
    entered = await strict.post("/sign-in", data=ANA | {"next": "/search"})
    assert entered.headers["location"] == "/account"
    for path in ("/api/v1/me", "/api/v1/hotlists", "/api/v1/openapi.json", "/metrics"):
        answer = await strict.get(path)
        assert answer.status_code == 403, path
        assert "second factor" in answer.json()["detail"]
    for path in ("/", "/search", "/people"):
        assert (await strict.get(path)).headers["location"] == "/account"
    assert (await strict.post("/account/passkeys/options")).status_code == 200
    assert (await strict.post("/sign-out")).status_code == 303


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test/", "/\\evil.test", "x"])
async def test_signing_in_leads_to_no_other_site(browser: httpx.AsyncClient, wanted: str) -> None:
    entered = await browser.post("/sign-in", data=ANA | {"next": wanted})
    assert entered.headers["location"] == "/"


async def test_another_site_cannot_sign_a_browser_in(browser: httpx.AsyncClient) -> None:
    for path in ("/sign-in", "/sign-in/code", "/sign-in/passkey/options", "/sign-in/passkey"):
        forged = await browser.post(path, data=ANA, headers={"Origin": "https://evil.test"})
        assert forged.status_code == 403, path


async def test_a_browser_is_known_again_by_a_cookie_that_signs_nobody_in(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    entered = await browser.post("/sign-in", data=ANA)
    [device] = [one for one in entered.headers.get_list("set-cookie") if DEVICE_COOKIE in one]
    for flag in ("httponly", "samesite=strict", "secure", "path=/sign-in"):
        assert flag in device.lower()
    token = device.partition(";")[0]
    async with client_of(desk.app, {"Cookie": token}) as other:
        assert (await other.get("/api/v1/me")).status_code == 401


async def test_the_session_says_how_long_it_lasts_and_asking_is_no_use(
    browser: httpx.AsyncClient,
) -> None:
    assert (await browser.get("/session")).status_code == 401
    begun = time.monotonic()
    await browser.post("/sign-in", data=ANA)
    told = (await browser.get("/session", headers={"Sec-Fetch-Mode": "cors"})).json()
    took = time.monotonic() - begun
    assert told["stays"]
    assert 30 * 60 - took - 1 <= told["left_s"] <= 30 * 60


async def test_a_passkey_is_not_added_long_after_signing_in(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await browser.post("/sign-in", data=ANA)
    assert (await browser.post("/account/passkeys/options")).status_code == 200
    pool = desk.services.doors.signing.sessions._pool  # type: ignore[attr-defined]  # of PostgreSQL
    async with pool.connection() as connection:
        await connection.execute("UPDATE session SET begun_at = begun_at - interval '15 minutes'")
    for path in ("/account/passkeys/options", "/account/passkeys"):
        sent = {"answer": "{}", "label": "x"}
        answer = await browser.post(path, json=sent)
        assert answer.status_code == 403
        assert "too long ago" in answer.json()["detail"]


async def test_a_token_adds_no_passkey(desk: Desk) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    token = await desk.services.users.issue_token("ana", "tests", until)
    bearer = {"Authorization": f"Bearer {token}", "Origin": HERE}
    async with client_of(app_of(desk.services), bearer) as client:
        assert (await client.post("/account/passkeys/options")).status_code == 401


async def test_the_challenge_of_one_session_is_none_of_another(
    browser: httpx.AsyncClient,
) -> None:
    await browser.post("/sign-in", data=ANA)
    await browser.post("/account/passkeys/options")
    held = browser.cookies["morina-new-passkey"]
    await browser.post("/sign-in", data=ANA)
    browser.cookies.set("morina-new-passkey", held, domain="desk.test", path="/account")
    refused = await browser.post("/account/passkeys", json={"answer": "{}", "label": "x"})
    assert (refused.status_code, refused.json()["detail"]) == (
        400, "that took too long; try again",
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id":1}', "é" * 100, "{" * 5000])
async def test_what_is_no_answer_of_a_passkey_is_refused(
    browser: httpx.AsyncClient, answer: str
) -> None:
    await browser.post("/sign-in/passkey/options")
    refused = await browser.post("/sign-in/passkey", json={"answer": answer})
    assert refused.status_code == 401
    await browser.post("/sign-in", data=ANA)
    await browser.post("/account/passkeys/options")
    refused = await browser.post("/account/passkeys", json={"answer": answer, "label": "x"})
    assert refused.status_code == 400


async def test_a_password_somebody_else_made_opens_nothing_until_it_is_changed(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    users, first, own = desk.services.users, "made by an administrator", "known to dea alone"
    dea = User(name="dea", full_name="Dea Dushi", roles=frozenset({Role.OPERATOR}))
    await users.add(dea, first, first=True)
    entered = await browser.post("/sign-in", data={"name": "dea", "password": first})
    assert entered.headers["location"] == "/account"
    for path in ("/api/v1/me", "/api/v1/hotlists", "/metrics"):
        answer = await browser.get(path)
        assert answer.status_code == 403, path
        assert "made by somebody else" in answer.json()["detail"]
    for path in ("/", "/search", "/people", "/account/tokens"):
        assert (await browser.get(path)).headers["location"] == "/account"
    for path in ("/account/passkeys/options", "/account/passkeys"):  # nor a way around it
        assert (await browser.post(path, json={})).status_code == 403, path
    for sent, status in (
        ({"old": "guessed", "new": own}, 403),
        ({"old": first, "new": first}, 422),
        ({"old": first, "new": "short"}, 422),
        ({"old": first, "new": own}, 204),
    ):
        assert (await browser.post("/api/v1/me/password", json=sent)).status_code == status, sent
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (
        await browser.post("/sign-in", data={"name": "dea", "password": first})
    ).status_code == 401
    await browser.post("/sign-in", data={"name": "dea", "password": own})
    assert (await browser.get("/api/v1/me")).json()["name"] == "dea"


async def test_with_a_token_nobody_changes_a_password(desk: Desk) -> None:
    sent = {"old": PASSWORD, "new": "another password"}
    assert (await desk.client.post("/api/v1/me/password", json=sent)).status_code == 403
