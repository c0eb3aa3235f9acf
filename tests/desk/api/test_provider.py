"""Signing in at a real OpenID provider: Django OAuth Toolkit in a process of its own."""

import hmac
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from tests.desk.api.conftest import HERE, Desk, client_of

import openid_provider
from morina.accountability import SignInRefusedError
from morina.accountability.adapters import openid
from morina.accountability.adapters.openid import OpenIdProvider
from morina.accountability.policy import Role
from morina.accountability.provider import Claims, Client, Request, checked, named_in
from morina.desk import sessions
from morina.desk.api import serve
from morina.desk.pages import provider_door
from running import free_port

BACK = HERE + provider_door.BACK_PATH


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("provider")
    command = [sys.executable, openid_provider.__file__, str(folder), str(port), BACK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}/o"
        process.kill()


@pytest.fixture
def provider(issuer: str, monkeypatch: pytest.MonkeyPatch) -> OpenIdProvider:
    monkeypatch.setattr(openid, "_WITHIN_S", 120.0)  # nothing here tries how long is waited
    client = Client(issuer, openid_provider.CLIENT, openid_provider.SECRET, "Authority")
    return OpenIdProvider(client, Claims())


def app_of(desk: Desk, provider: OpenIdProvider) -> FastAPI:
    services = replace(desk.services, doors=replace(desk.services.doors, provider=provider))
    app = FastAPI(openapi_url=None)
    sessions.install(app, services)
    app.include_router(provider_door.router(services))
    serve(app, services)
    return app


@pytest.fixture
async def browser(desk: Desk, provider: OpenIdProvider) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_of(desk, provider), {}) as client:
        yield client


async def led_back(browser: httpx.AsyncClient, name: str) -> str:
    """Where the provider leads a browser in which ``name`` has signed in there."""
    left = await browser.get("/sign-in/provider?next=/search")
    assert left.status_code == 303, left.text
    async with httpx.AsyncClient(timeout=60) as outside:
        answer = await outside.get(left.headers["location"], headers={"X-Test-User": name})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def me(browser: httpx.AsyncClient) -> Any:
    return await browser.get("/api/v1/me")


async def test_whom_the_provider_names_is_signed_in(desk: Desk, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(await led_back(browser, "ana"))
    assert answer.status_code == 200
    assert 'content="0;url=/search"' in answer.text
    assert (await me(browser)).json()["name"] == "ana"
    async with desk.services.doors.signing.sessions._pool.connection() as connection:  # type: ignore[attr-defined]  # of PostgreSQL
        row = await connection.execute(
            "SELECT who, what ->> 'step' FROM trail WHERE act = 'sign_in' ORDER BY number DESC"
        )
        assert await row.fetchone() == ("ana", "OpenID provider")


async def test_somebody_without_an_account_here_is_refused(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(await led_back(browser, "mallory"))
    assert answer.status_code == 401
    assert "no account here" in answer.text
    assert (await me(browser)).status_code == 401
    assert await desk.services.users.user("mallory") is None


async def test_where_a_setting_says_so_an_account_is_made_without_roles(
    desk: Desk, provider: OpenIdProvider
) -> None:
    makes = replace(provider, claims=Claims(makes_accounts=True))
    async with client_of(app_of(desk, makes), {}) as browser:
        await browser.get(await led_back(browser, "mallory"))
        assert (await me(browser)).json()["name"] == "mallory"
        assert (await browser.get("/api/v1/hotlists")).status_code == 403
    user = await desk.services.users.user("mallory")
    assert user is not None
    assert user.roles == frozenset()


async def test_a_closed_account_is_not_opened_by_the_provider(
    desk: Desk, provider: OpenIdProvider
) -> None:
    await desk.services.users.close("ana")
    makes = replace(provider, claims=Claims(makes_accounts=True))
    async with client_of(app_of(desk, makes), {}) as browser:
        assert (await browser.get(await led_back(browser, "ana"))).status_code == 401
        assert (await me(browser)).status_code == 401


async def test_groups_become_roles_only_as_the_settings_map_them(
    desk: Desk, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    before = (await desk.services.users.user("ana")).roles  # type: ignore[union-attr]  # is there
    await browser.get(await led_back(browser, "ana"))
    after = await desk.services.users.user("ana")
    assert after is not None
    assert after.roles == before
    claims = Claims(roles_of="groups", roles={"border-operators": Role.OPERATOR})
    async with client_of(app_of(desk, replace(provider, claims=claims)), {}) as mapped:
        await mapped.get(await led_back(mapped, "ana"))
        assert (await me(mapped)).status_code == 200
    given = await desk.services.users.user("ana")
    assert given is not None
    assert given.roles == {Role.OPERATOR}


async def test_roles_two_persons_give_are_neither_given_nor_taken_by_the_provider(
    desk: Desk, provider: OpenIdProvider
) -> None:
    held = frozenset({Role.DATA_PROTECTION_OFFICER})
    await desk.services.users.give_roles("ana", held)
    claims = Claims(roles_of="groups", roles={"border-operators": Role.OPERATOR})
    async with client_of(app_of(desk, replace(provider, claims=claims)), {}) as mapped:
        await mapped.get(await led_back(mapped, "ana"))
        assert (await me(mapped)).status_code == 200
    user = await desk.services.users.user("ana")
    assert user is not None
    assert user.roles == held


@pytest.mark.parametrize(
    "asks", [{"needs_amr": ("mfa", "hwk")}, {"needs_acr": ("urn:example:two",)}]
)
async def test_who_did_not_prove_themselves_as_the_node_asks_is_refused_in_words(
    desk: Desk, provider: OpenIdProvider, asks: dict[str, tuple[str, ...]]
) -> None:
    """The provider knows ana by two factors and mallory by a password alone."""
    claims = Claims(makes_accounts=True, **asks)  # type: ignore[arg-type]  # of the parameters
    async with client_of(app_of(desk, replace(provider, claims=claims)), {}) as browser:
        refused = await browser.get(await led_back(browser, "mallory"))
        assert refused.status_code == 401
        assert "use your second factor there" in refused.text
        assert await desk.services.users.user("mallory") is None
        assert (await browser.get(await led_back(browser, "ana"))).status_code == 200
        assert (await me(browser)).json()["name"] == "ana"
        left = await browser.get("/sign-in/provider")
    wished = httpx.URL(left.headers["location"]).params.get("acr_values", "")
    assert wished == " ".join(asks.get("needs_acr", ()))


@pytest.mark.parametrize("said", [{}, {"amr": "mfa"}, {"amr": [["mfa"]]}, {"acr": ["two"]}])
def test_a_token_that_says_it_otherwise_or_not_at_all_is_not_enough(said: dict[str, Any]) -> None:
    wanted = Claims(needs_acr=("two",)) if "acr" in said else Claims(needs_amr=("mfa",))
    with pytest.raises(SignInRefusedError, match="second factor"):
        named_in({"preferred_username": "ana"} | said, wanted)


async def test_an_answer_to_another_browser_or_state_is_refused(
    desk: Desk, provider: OpenIdProvider, browser: httpx.AsyncClient
) -> None:
    """Sign-in forgery: a victim led to an attacker's answer is not signed in as the attacker."""
    leads = await led_back(browser, "ana")
    async with client_of(app_of(desk, provider), {}) as victim:
        assert (await victim.get(leads)).status_code == 401
        await led_back(victim, "mallory")
        assert (await victim.get(leads)).status_code == 401
        assert (await me(victim)).status_code == 401


async def test_an_answer_is_taken_once(browser: httpx.AsyncClient) -> None:
    leads = await led_back(browser, "ana")
    held = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    assert (await browser.get(leads)).status_code == 200
    browser.cookies.clear()
    assert (await browser.get(leads, headers=held)).status_code == 401


async def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await browser.get(await led_back(browser, "ana"))
    first = browser.cookies["morina"]
    await browser.get(await led_back(browser, "ana"))
    assert browser.cookies["morina"] != first
    async with client_of(desk.app, {"Cookie": f"morina={first}"}) as attacker:
        assert (await me(attacker)).status_code == 401


async def test_what_the_browser_keeps_meanwhile_is_sealed_and_of_five_minutes(
    browser: httpx.AsyncClient,
) -> None:
    left = await browser.get("/sign-in/provider")
    cookie = left.headers["set-cookie"].lower()
    for flag in ("httponly", "samesite=lax", "secure", "max-age=300", "path=/sign-in/provider"):
        assert flag in cookie
    asked = httpx.URL(left.headers["location"]).params
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"].encode().hex() not in cookie
    assert asked["nonce"] not in cookie


async def answer_of(provider: OpenIdProvider) -> tuple[dict[str, str], Request]:
    leads, asked = await provider.begin(BACK)
    async with httpx.AsyncClient(timeout=60) as outside:
        answer = await outside.get(leads, headers={"X-Test-User": "ana"})
    return dict(httpx.URL(answer.headers["location"]).params), asked


@pytest.mark.parametrize("changed", ["verifier", "nonce", "state", "back"])
async def test_every_part_of_a_request_is_held_to(provider: OpenIdProvider, changed: str) -> None:
    answer, asked = await answer_of(provider)
    other = replace(asked, **{changed: "x" * 50})
    with pytest.raises(SignInRefusedError):
        await provider.named(answer, other)
    answer, asked = await answer_of(provider)
    assert (await provider.named(answer, asked)).name == "ana"


async def test_a_wrong_secret_or_issuer_is_refused(provider: OpenIdProvider) -> None:
    wrong = replace(provider, client=replace(provider.client, secret="another"))
    answer, asked = await answer_of(provider)
    with pytest.raises(SignInRefusedError):
        await wrong.named(answer, asked)
    other = replace(provider.client, issuer=provider.client.issuer + "/")
    with pytest.raises(SignInRefusedError, match=r"oidc\.issuer"):
        await replace(provider, client=other).begin(BACK)


async def test_a_provider_that_does_not_answer_is_said(provider: OpenIdProvider) -> None:
    silent = replace(provider.client, issuer=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SignInRefusedError, match="does not answer"):
        await replace(provider, client=silent).begin(BACK)


KEY = RSAKey.generate_key(2048, parameters={"kid": "1"})
ASKED = Request("s", "n", "v", BACK)
CLIENT = Client("https://op.example", "node")


def token_of(header: dict[str, str], key: Any, **changed: Any) -> str:
    now = int(time.time())
    good = {"iss": "https://op.example", "aud": "node", "sub": "7", "iat": now,
            "exp": now + 300, "nonce": "n"}  # fmt: skip
    return jwt.encode({"kid": "1"} | header, good | changed, key, algorithms=[header["alg"]])


def test_a_token_that_holds_is_read() -> None:
    token = token_of({"alg": "RS256"}, KEY)
    assert checked(token, KeySet([KEY]), ASKED, CLIENT)["sub"] == "7"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["node", "another"], "azp": "another"},
        {"exp": int(time.time()) - 100},
        {"iat": int(time.time()) + 10**7},
        {"nonce": "of another request"},
        {"nonce": None},
        {"sub": None},
    ],
)
def test_a_token_for_somebody_else_or_another_time_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(SignInRefusedError):
        checked(token_of({"alg": "RS256"}, KEY, **changed), KeySet([KEY]), ASKED, CLIENT)


def test_a_token_signed_with_the_public_key_as_a_secret_or_not_at_all_is_refused() -> None:
    head, body, _ = token_of({"alg": "RS256"}, KEY).split(".")
    with_secret = urlsafe_b64encode(b'{"alg":"HS256","kid":"1"}').decode().rstrip("=")
    mac = hmac.digest(KEY.as_pem(private=False), f"{with_secret}.{body}".encode(), "sha256")
    forged = f"{with_secret}.{body}." + urlsafe_b64encode(mac).decode().rstrip("=")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    other = token_of({"alg": "RS256"}, RSAKey.generate_key(2048, parameters={"kid": "1"}))
    for token in (forged, unsigned, other, f"{head}.{body}.", "", "a.b.c"):
        with pytest.raises(SignInRefusedError):
            checked(token, KeySet([KEY]), ASKED, CLIENT)
