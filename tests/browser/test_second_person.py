"""An old question at the desk: asked for, approved by another person, asked; and what oversees."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_sites import shown_everywhere

from running import RunningNode

OLD = (datetime.now(UTC) - timedelta(days=200)).strftime("%Y-%m-%dT00:00")
WORDS = "the case needs it"


@pytest.fixture
def supervisor(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Another person's browser, who may approve."""
    name = f"sonja-{uuid4().hex[:6]}"
    password = node.account(name, "supervisor")
    size = ViewportSize(width=1280, height=800)
    context = browser.new_context(base_url=node.url, viewport=size)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/sign-in?next=/approvals")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Approvals").wait_for()
    yield page
    context.close()


def ask_for_old_reads(desk: Page, reason: str) -> None:
    desk.goto("/search")
    expect(desk.locator("[name=plate]")).to_be_focused()
    desk.locator("[name=plate]").fill("QQ123ZZ")
    desk.locator("[name=period]").select_option("own")
    desk.locator("[name=begins_at]").fill(OLD)
    desk.get_by_label("serious crime").check(force=True)
    desk.locator("[name=case_number]").fill("C-2026-200")
    desk.locator("[name=legal_basis]").fill("Invented Act, section 12")
    desk.locator("[name=justification]").fill(reason)
    desk.get_by_role("button", name="Search", exact=True).click()


def test_vague_reasons_are_refused_under_their_field_and_old_reads_wait_for_another_person(
    desk: Page, supervisor: Page
) -> None:
    ask_for_old_reads(desk, "ongoing police investigation matter")
    refused = desk.get_by_text("could stand under any question")
    expect(refused).to_be_visible()
    expect(desk.locator("[name=case_number]")).to_have_value("C-2026-200")
    desk.locator("[name=justification]").fill("lorry seen at the warehouse fire in spring")
    desk.get_by_role("button", name="Search", exact=True).click()
    expect(desk.get_by_role("heading", name="A second person has to agree")).to_be_visible()
    shown_everywhere(desk)
    desk.get_by_role("button", name="Ask for approval").click()
    expect(desk.get_by_text("waits for a decision")).to_be_visible()

    supervisor.goto("/approvals")
    request = supervisor.locator("article").filter(has_text="QQ123ZZ")
    expect(request).to_contain_text("lorry seen at the warehouse fire in spring")
    shown_everywhere(supervisor)
    request.get_by_role("button", name="Decide").click()
    expect(request.get_by_role("alert")).to_have_text("Choose whether you approve it or refuse it.")
    request.locator("[name=decision]").select_option("yes")
    request.locator("[name=reason]").fill("ok")
    request.get_by_role("button", name="Decide").click()
    expect(request.get_by_role("alert")).to_contain_text("write 3 words or more")
    request.locator("[name=reason]").fill(WORDS)
    request.get_by_role("button", name="Decide").click()
    expect(supervisor.get_by_text("Approved: plate QQ123ZZ")).to_be_visible()

    desk.goto("/approvals")
    desk.get_by_role("link", name="Ask it now").click()
    expect(desk.get_by_role("heading", name="Approval of a question")).to_be_visible()
    desk.get_by_role("button", name="Ask it now").click()
    expect(desk.locator("#answer")).to_be_visible()
    expect(desk.get_by_text("Asked for case C-2026-200")).to_be_visible()
    desk.goto("/approvals")
    asked = desk.locator("tr").filter(has_text="plate QQ123ZZ")
    expect(asked.get_by_text("approved and used")).to_be_visible()


def test_who_oversees_keeps_a_list_that_tells_no_plate(supervisor: Page) -> None:
    supervisor.goto("/oversight")
    supervisor.get_by_text("Watch over a plate", exact=True).click()
    supervisor.locator("[name=plate]").fill("QQ124ZZ")
    supervisor.locator("[name=note]").fill("car of the press, QQ 124 ZZ")
    supervisor.get_by_role("button", name="Put on the list").click()
    expect(supervisor.get_by_text("Leave the plate out of the note.")).to_be_visible()
    supervisor.locator("[name=note]").fill("car of the press")
    supervisor.get_by_role("button", name="Put on the list").click()
    row = supervisor.locator("tr").filter(has_text="car of the press")
    expect(row).to_contain_text("sensitive")
    assert "QQ124ZZ" not in supervisor.locator("table").inner_text()
    shown_everywhere(supervisor)
    row.get_by_role("button", name="Take off the list").click()
    expect(row).to_have_count(0)
