"""A browser at a running node."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import cv2
import pytest
from playwright.sync_api import (
    APIResponse,
    Browser,
    Page,
    StorageState,
    ViewportSize,
    expect,
    sync_playwright,
)

from invented import read
from morina.demo.plates import render_plate
from morina.plates import Plate
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Evidence, Read
from running import OFFICER, RunningNode

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 60_000
"""How long a page may take; machines are shared, and no test here measures time."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def connected(page: Page) -> None:
    """What is pressed before that is lost."""
    page.wait_for_function("window.did_handshake")


def person(
    browser: Browser, node: RunningNode, name: str, role: str, begins: tuple[str, str]
) -> Iterator[Page]:
    """Somebody's browser, signed in at a page with the heading; a script error fails the test.

    ``role``: one, or several between blanks.
    """
    password = node.account(name, *role.split())
    place, heading = begins
    size = ViewportSize(width=1280, height=800)
    context = browser.new_context(base_url=node.url, viewport=size)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"/sign-in?next={place}")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").first.fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=heading, exact=True).first.wait_for()
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def signed_in(browser: Browser, node: RunningNode) -> StorageState:
    """The officer's session, signed in once without the mouse."""
    context = browser.new_context(base_url=node.url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/sign-in?next=/account")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type(OFFICER)
    page.keyboard.press("Tab")
    page.keyboard.type(node.officer())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Account").wait_for()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """A page of a fresh browser profile, nobody signed in; a script error fails the test."""
    yield from _page(browser, node, None)


@pytest.fixture
def desk(browser: Browser, node: RunningNode, signed_in: StorageState) -> Iterator[Page]:
    """A page of a fresh browser profile, the officer signed in."""
    yield from _page(browser, node, signed_in)


def _page(browser: Browser, node: RunningNode, session: StorageState | None) -> Iterator[Page]:
    size = ViewportSize(width=1280, height=800)
    context = browser.new_context(base_url=node.url, viewport=size, storage_state=session)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def call(desk: Page, node: RunningNode) -> Callable[[str, object], APIResponse]:
    """Posts to the HTTP API as whoever is signed in at the desk."""

    def post(path: str, sent: object) -> APIResponse:
        answer = desk.request.post(f"/api/v1{path}", data=sent, headers={"Origin": node.url})
        assert answer.ok, answer.text()
        return answer

    return post


@pytest.fixture
def hotlist(call: Callable[[str, object], APIResponse]) -> str:
    """The id of a new, empty hotlist."""
    sent = {
        "name": f"Invented {uuid4().hex[:8]}",
        "owner": "Invented Border Police",
        "purpose": "find stolen vehicles",
        "legal_basis": "Invented Act, section 1",
        "review_at": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
    }
    made: str = call("/hotlists", sent).json()["hotlist_id"]
    return made


@pytest.fixture
def listed(hotlist: str, call: Callable[[str, object], APIResponse]) -> str:
    """The text of a British plate on that hotlist, as urgent as can be."""
    now = datetime.now(UTC)
    text = f"LN{uuid4().int % 90 + 10}KTE"
    call(
        f"/hotlists/{hotlist}/listings",
        {
            "plate": text,
            "country": "GB",
            "reason_code": "stolen",
            "subject_category": "suspect",
            "action": "stop",
            "owner_unit": "Crossing unit",
            "contact_24h": "+355 4 000 0000",
            "legal_basis": "Invented Act, section 1",
            "valid_from": (now - timedelta(days=1)).isoformat(),
            "valid_to": (now + timedelta(days=30)).isoformat(),
            "review_at": (now + timedelta(days=20)).date().isoformat(),
            "priority": 100,
        },
    )
    return text


@pytest.fixture
def publish(node: RunningNode) -> Iterator[Callable[[Read], None]]:
    """Hands a read over as a camera worker does."""
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop running in this one
        yield lambda one: thread.submit(node.publish, [one]).result()


@pytest.fixture
def pass_by(node: RunningNode, publish: Callable[[Read], None]) -> Iterator[Callable[[str], Read]]:
    """Lets a British car with this plate pass a camera of its own."""
    camera_id = f"lane-{uuid4().hex[:8]}"
    images = ObstoreImages.at("", node.home / "images")

    def one(text: str) -> Read:
        picture = render_plate(Plate(text, "GB")).image
        encoded = cv2.imencode(".png", picture)[1].tobytes()
        name = thread.submit(asyncio.run, images.put(encoded)).result()
        height, width = picture.shape[:2]
        corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        now = datetime.now(UTC)
        passed = read(
            text, camera_id=camera_id, captured_at=now, received_at=now,
            evidence=Evidence(name, name, (0, 0, width, height), corners),
        )  # fmt: skip
        publish(passed)
        return passed

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop running in this one
        yield one
