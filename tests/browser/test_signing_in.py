"""Passkeys of a real browser (its own virtual authenticator), codes, sessions and tokens."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, ViewportSize, expect
from tests.browser.conftest import PATIENCE_MS

from morina.accountability import Role
from running import RunningNode


@pytest.fixture
def name() -> str:
    return f"invented.{uuid4().hex[:8]}"


@pytest.fixture
def password(node: RunningNode, name: str) -> str:
    return node.account(name, Role.INVESTIGATOR)


@pytest.fixture
def here(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """A fresh browser at localhost: passkeys belong to names, never to addresses."""
    size = ViewportSize(width=390, height=800)
    at = node.url.replace("127.0.0.1", "localhost")
    with browser.new_context(base_url=at, viewport=size) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page


@pytest.fixture
def authenticator(here: Page) -> tuple[CDPSession, str]:
    """A passkey store of this browser that verifies its user."""
    return added_authenticator(here)


def added_authenticator(page: Page) -> tuple[CDPSession, str]:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def keys_of(authenticator: tuple[CDPSession, str]) -> list[dict[str, object]]:
    cdp, known = authenticator
    found: list[dict[str, object]] = cdp.send(
        "WebAuthn.getCredentials", {"authenticatorId": known}
    )["credentials"]
    return found


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def is_in(page: Page) -> None:
    page.get_by_role("heading", name="Account", exact=True).wait_for()


def leave(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Sign out invented")).last.click()
    page.get_by_label("Password").wait_for()


def add_passkey(page: Page) -> None:
    page.get_by_label("Name of a new passkey").fill("Desk 4")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Passkey Desk 4 for localhost").wait_for()


def use_passkey(page: Page) -> None:
    page.get_by_role("button", name="Use a passkey").click()


def test_a_passkey_is_added_and_signs_in_alone(
    here: Page, authenticator: tuple[CDPSession, str], name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    expect(here.locator(".recovery li")).to_have_count(10)
    leave(here)
    here.goto("/sign-in?next=/account")
    use_passkey(here)
    is_in(here)
    expect(here.get_by_role("row").filter(has_text="this browser")).to_contain_text("passkey")
    [key] = keys_of(authenticator)
    assert key["rpId"] == "localhost"


def test_a_password_no_longer_does_once_there_is_a_passkey(
    here: Page, authenticator: tuple[CDPSession, str], name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    code = here.locator(".recovery li").first.inner_text()
    leave(here)
    sign_in(here, name, password)
    here.get_by_label("One-time code").fill("123456")
    here.get_by_role("button", name="Sign in").click()
    expect(here.get_by_role("alert")).to_contain_text("does not fit")
    assert here.request.get("/api/v1/me").status == 401
    here.get_by_label("One-time code").fill(code)
    here.get_by_role("button", name="Sign in").click()
    is_in(here)
    assert len(keys_of(authenticator)) == 1


def test_a_passkey_that_was_copied_is_refused(
    here: Page, authenticator: tuple[CDPSession, str], name: str, password: str
) -> None:
    """The copy's sign count lags behind that of the passkey it was copied from."""
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    [copied] = keys_of(authenticator)
    leave(here)
    here.goto("/sign-in?next=/account")
    use_passkey(here)
    is_in(here)
    leave(here)
    cdp, known = authenticator
    cdp.send("WebAuthn.clearCredentials", {"authenticatorId": known})
    cdp.send("WebAuthn.addCredential", {"authenticatorId": known, "credential": copied})
    here.goto("/sign-in")
    with here.expect_response("**/sign-in/passkey") as answered:
        use_passkey(here)
    assert answered.value.status == 401
    expect(here.get_by_role("alert")).to_contain_text("The passkey was not used")


def test_a_passkey_that_does_not_verify_its_user_is_refused(
    here: Page, authenticator: tuple[CDPSession, str], name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    leave(here)
    cdp, known = authenticator
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": known, "isUserVerified": False})
    here.route("**/sign-in/passkey/options", not_asked_to_verify)
    here.goto("/sign-in")
    with here.expect_response("**/sign-in/passkey") as answered:
        use_passkey(here)
    assert answered.value.status == 401
    expect(here.get_by_role("alert")).to_contain_text("The passkey was not used")
    assert here.request.get("/api/v1/me").status == 401


def not_asked_to_verify(route: Route) -> None:
    """The options with what asks for verification taken out, as a meddling script would."""
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"userVerification": "discouraged"})


def test_an_answer_of_a_passkey_sent_again_opens_nothing(
    here: Page, authenticator: tuple[CDPSession, str], name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    leave(here)
    here.goto("/sign-in?next=/account")
    sent: list[str] = []
    here.on("request", lambda one: sent.append(one.post_data or "")
            if one.url.endswith("/sign-in/passkey") else None)  # fmt: skip
    use_passkey(here)
    is_in(here)
    leave(here)
    assert keys_of(authenticator)
    again = here.request.post(
        "/sign-in/passkey", data=sent[0], headers={"Content-Type": "application/json",
                                                   "Origin": here.url.partition("/sign-in")[0]}
    )  # fmt: skip
    assert again.status == 401


def test_codes_of_an_app_are_added_by_its_picture_and_asked_for(
    here: Page, name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    here.get_by_role("button", name="Add one-time codes").click()
    expect(here.get_by_alt_text("QR code")).to_be_visible()
    secret = here.locator("form code").inner_text().replace(" ", "")
    codes = pyotp.TOTP(secret)
    here.get_by_label("Code", exact=True).fill(codes.now())
    here.get_by_role("button", name="Take codes from now on").click()
    here.get_by_text("One-time codes since").wait_for()
    code = here.locator(".recovery li").first.inner_text()
    leave(here)
    sign_in(here, name, password)
    here.get_by_label("One-time code").fill(code)
    here.get_by_role("button", name="Sign in").click()
    is_in(here)


def test_another_browser_is_seen_and_signed_out_and_its_page_leads_to_the_sign_in(
    here: Page, browser: Browser, node: RunningNode, name: str, password: str
) -> None:
    sign_in(here, name, password)
    is_in(here)
    with browser.new_context(base_url=node.url, user_agent="Invented Browser 7") as context:
        other = context.new_page()
        other.set_default_timeout(PATIENCE_MS)
        sign_in(other, name, password)
        is_in(other)
        here.goto("/account")
        row = here.get_by_role("row").filter(has_text="Invented Browser 7")
        expect(row).to_contain_text("127.0.0.1")
        row.get_by_role("button", name="Sign out").click()
        expect(row).to_have_count(0)
        assert other.request.get("/api/v1/me").status == 401
        other.wait_for_url("**/sign-in?why=ended*")
        expect(other.get_by_role("alert")).to_contain_text("You were signed out")
    is_in(here)
    here.get_by_role("button", name="Sign out everywhere").click()
    here.wait_for_url("**/sign-in*")
    assert here.request.get("/api/v1/me").status == 401


def test_a_token_is_issued_for_some_acts_and_revoked(here: Page, name: str, password: str) -> None:
    sign_in(here, name, password)
    is_in(here)
    here.get_by_text("Issue a token").click()
    here.locator("details input[name=label]").fill("gateway")
    here.get_by_label("see hotlists").check()
    here.get_by_role("button", name="Issue the token").click()
    token = here.locator("code", has_text="mrn_").inner_text()
    bearer = {"Authorization": f"Bearer {token}"}
    here.context.clear_cookies()
    assert here.request.get("/api/v1/hotlists", headers=bearer).status == 200
    assert here.request.get("/api/v1/cameras", headers=bearer).status == 403
    sign_in(here, name, password)
    is_in(here)
    here.get_by_role("button", name="Revoke").click()
    expect(here.get_by_text("No program works in your name.")).to_be_visible()
    here.context.clear_cookies()
    assert here.request.get("/api/v1/hotlists", headers=bearer).status == 401


def test_lost_factors_are_taken_away_at_the_console(
    here: Page,
    authenticator: tuple[CDPSession, str],
    node: RunningNode,
    name: str,
    password: str,
) -> None:
    sign_in(here, name, password)
    is_in(here)
    add_passkey(here)
    assert len(keys_of(authenticator)) == 1
    assert node.command("user", "reset", name).returncode == 0
    assert here.request.get("/api/v1/me").status == 401
    sign_in(here, name, password)
    is_in(here)
    expect(here.get_by_text("Your password alone signs you in.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit_their_screen(
    here: Page, name: str, password: str, scheme: str, width: int
) -> None:
    here.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    here.set_viewport_size(ViewportSize(width=width, height=800))
    for path in ("/sign-in", "/account"):
        if path == "/account":
            sign_in(here, name, password)
            is_in(here)
            here.get_by_role("button", name="Add one-time codes").click()
            here.get_by_text("Issue a token").click()
        wide = here.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
