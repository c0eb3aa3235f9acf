"""A joint operation at the desk, worked in a browser, on a narrow and a wide screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PATIENCE_MS, connected

from running import RunningNode

SIZES = ((390, 844), (1280, 800))


@pytest.fixture(scope="module")
def joint_node(reachable_folder: Path) -> Iterator[RunningNode]:
    """A node that has a name among partners."""
    chosen = {"MORINA_EXCHANGE__NODE_ID": "AL"}
    with RunningNode.start(reachable_folder / "joint", chosen) as running:
        yield running


@pytest.fixture
def page(browser: Browser, joint_node: RunningNode) -> Iterator[Page]:
    context = browser.new_context(base_url=joint_node.url)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    password = joint_node.account("ora", "operator")
    opened.goto("/sign-in?next=/operations")
    opened.get_by_label("User name").fill("ora")
    opened.get_by_label("Password").fill(password)
    opened.keyboard.press("Enter")
    opened.get_by_text("Begin an operation").wait_for()
    yield opened
    context.close()


def test_an_operation_is_begun_and_its_tasks_worked(page: Page, tmp_path: Path) -> None:
    page.goto("/operations")
    connected(page)
    page.get_by_text("Begin an operation").click()
    page.get_by_label("Name of the operation").fill("Two crossings")
    page.get_by_label("What it is for, in words").fill("finding stolen cars on their way out")
    page.get_by_label("Case number").fill("C-7")
    page.get_by_label("Legal basis").fill("Memorandum of the tests")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("heading", name="Two crossings").wait_for()
    connected(page)
    page.get_by_text("Add: Task").click()
    page.get_by_label("What is to be done").first.fill("Watch the north road")
    page.get_by_role("button", name="Add", exact=True).first.click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("[data-state=taken] strong")).to_have_text("Watch the north road")
    page.get_by_text("Add: Check at a crossing").click()
    form = page.locator("details", has_text="Add: Check at a crossing")
    form.get_by_label("What is to be done").fill("Lorries to the south")
    form.get_by_label("Crossing", exact=True).fill("North")
    form.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Add what was counted").click()
    counting = page.locator("[data-check]")
    counting.get_by_label("Vehicles checked").fill("42")
    counting.get_by_label("Stopped: goods").fill("3")
    counting.get_by_role("button", name="Add", exact=True).click()
    expect(counting.locator("dd").first).to_have_text("42")
    file = tmp_path / "plan.txt"
    file.write_text("where everybody stands\n")
    page.get_by_text("Add: File").click()
    page.get_by_label("PNG, JPEG, PDF or text file").set_input_files(file)
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("link", name="plan.txt")).to_be_visible()
    note = page.locator("details", has_text="Add: Note")
    page.get_by_text("Add: Note").click()
    note.get_by_label("In words").fill("the road is closed until noon")
    note.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("the road is closed until noon")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} px are drawn on a screen of {width}"
    note_kept = page.locator("li", has_text="the road is closed until noon")
    note_kept.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Yes, take it back from everybody").click()
    expect(page.get_by_text("the road is closed until noon")).to_have_count(0)
    page.goto("/operations")
    expect(page.get_by_role("link", name="Two crossings")).to_be_visible()
    for width, _ in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
