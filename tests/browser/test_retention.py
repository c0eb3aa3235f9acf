"""The page of retention and the counter in a real browser against a real node."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_cameras_health import CONTRAST

from morina.sense import Read
from running import RunningNode

SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
GROUPS = {
    "gate": {
        "cameras": ["gate-1"], "owner": "Border police", "policy": "Order 12/2026",
        "days": 30, "match_and_forget": True,
    }
}  # fmt: skip


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    """A node with a group of cameras of its own."""
    chosen = {"MORINA_RETENTION__GROUPS": json.dumps(GROUPS)}
    with RunningNode.start(reachable_folder / "retention", chosen) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(browser: Browser, node: RunningNode) -> StorageState:
    """A supervisor's session: who sees both the first page and retention."""
    password = node.account("chief", "supervisor")
    context = browser.new_context(base_url=node.url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/sign-in?next=/account")
    page.get_by_label("User name").fill("chief")
    page.get_by_label("Password").first.fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Account").wait_for()
    kept = context.storage_state()
    context.close()
    return kept


def shown_everywhere(desk: Page) -> None:
    """Nothing is wider than the screen and all of it can be read, in light and dark."""
    for theme, width in SCREENS:
        desk.set_viewport_size({"width": width, "height": 844})
        desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(CONTRAST) == []


def pin(node: RunningNode, plate: str) -> None:
    """Keep the reads of a plate for a case, as an investigator."""
    now = datetime.now(UTC)
    why = {
        "code": "serious_crime", "case_number": "C-2026-7", "legal_basis": "Police Act, section 12",
        "justification": "the reads are needed for the trial",
    }  # fmt: skip
    sent = {
        "purpose": why, "plate": plate, "begins_at": str(now - timedelta(days=1)),
        "ends_at": str(now + timedelta(hours=1)),
    }  # fmt: skip
    signed = {"Authorization": f"Bearer {node.token('investigator')}"}
    where, reads = f"{node.url}/api/v1/records/pins", 0
    while not reads:  # the read may still be on its way into the records
        answer = httpx.post(where, json=sent, headers=signed, timeout=60)
        assert answer.status_code == 201, answer.text
        reads = answer.json()["reads"]


def test_what_is_kept_forgotten_and_proven_is_on_one_page(
    desk: Page, node: RunningNode, pass_by: Callable[[str], Read]
) -> None:
    pass_by("KE33PTT")
    desk.goto("/")
    counter = desk.locator(".remembered")
    expect(counter).to_contain_text("remembered")
    counter.get_by_role("link", name="Retention").click()
    expect(desk.get_by_role("heading", name="Retention")).to_be_visible()
    gate = desk.locator("tbody tr").filter(has_text="gate-1")
    expect(gate).to_contain_text("only hits, 30 days")
    expect(gate).to_contain_text("Border police")
    pin(node, "KE33PTT")
    desk.reload()
    expect(desk.locator("tbody tr").filter(has_text="C-2026-7")).to_be_visible()
    expect(desk.get_by_text("signed by this node and chained")).to_be_visible()
    shown_everywhere(desk)

    desk.set_viewport_size({"width": 1280, "height": 844})
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="Statement 1", exact=True).click()
    assert taken.value.suggested_filename.startswith("00000001-")
    assert json.loads(Path(taken.value.path()).read_bytes())["statement"]["number"] == 1
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="Take all statements along").click()
    copy = ZipFile(BytesIO(Path(taken.value.path()).read_bytes()))
    assert copy.namelist()[0].startswith("00000001-")


def test_a_changed_statement_is_seen_on_the_page(desk: Page, node: RunningNode) -> None:
    [file, *_] = sorted((node.home / "statements").glob("*.json"))
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"texts_removed":0', b'"texts_removed":1'))
    desk.goto("/retention")
    expect(desk.get_by_text("The statements do not hold")).to_be_visible()
    shown_everywhere(desk)
    file.write_bytes(content)
