"""Accounts at the desk, in a browser: added, given roles, closed; and what roles hide."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_sites import shown_everywhere

from running import RunningNode


def enter(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Sections")).to_be_visible()


def places(page: Page) -> list[str]:
    return page.get_by_role("navigation", name="Sections").get_by_role("link").all_inner_texts()


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    """With the one administrator it begins with."""
    with RunningNode.start(reachable_folder / "people") as running:
        yield running


@pytest.fixture
def administrators(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """The administrator's browser."""
    size = ViewportSize(width=1280, height=800)
    context = browser.new_context(base_url=node.url, viewport=size)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    node.settle("administrator")
    enter(page, "administrator", node.password)
    yield page
    context.close()


def test_an_administrator_adds_a_person_who_sees_what_the_role_allows(
    administrators: Page, page: Page, node: RunningNode
) -> None:
    expect(administrators).not_to_have_url("/")
    assert "Live" not in places(administrators) and "Search" not in places(administrators)
    administrators.goto("/people")
    name = f"dea-{uuid4().hex[:6]}"
    administrators.get_by_text("Add an account").click()
    administrators.fill("[name=name]", name)
    administrators.fill("[name=full_name]", "Dea Dushi")
    administrators.get_by_label("camera technician").check()
    administrators.get_by_role("button", name="Add the account").click()
    password = administrators.get_by_role("status").locator("code").inner_text()
    row = administrators.locator(f"[data-account={name}]")
    expect(row).to_contain_text("camera technician")
    expect(row).to_contain_text("never")

    enter(page, name, password)
    expect(page).to_have_url(node.url + "/account")
    page.goto("/cameras")
    expect(page.get_by_role("alert").first).to_contain_text("made by somebody else")
    own = "only dea knows this one"
    for label, typed in (
        ("Present password", password), ("New password", own), ("New password again", own)
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_label("User name")).to_be_visible()
    enter(page, name, own)
    assert "Cameras" in places(page) and "Live" not in places(page)
    page.goto("/hotlists")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not for your roles")
    expect(page.locator("main")).to_contain_text("Your roles: camera technician.")

    row.get_by_role("button", name="Change the roles").click()
    change = administrators.locator("details", has_text=f"Roles of {name}")
    change.get_by_label("camera technician").uncheck()
    change.get_by_label("list owner").check()
    administrators.get_by_role("button", name="Give these roles").click()
    expect(row).to_contain_text("list owner")
    row.get_by_role("button", name="Close the account").click()
    row.get_by_role("button", name=f"Yes, close {name}").click()
    expect(row).to_contain_text("closed")
    page.goto("/hotlists")
    expect(page.get_by_label("User name")).to_be_visible()


def test_the_last_administrator_stays(administrators: Page) -> None:
    administrators.goto("/people")
    row = administrators.locator("[data-account=administrator]")
    row.get_by_role("button", name="Close the account").click()
    row.get_by_role("button", name="Yes, close administrator").click()
    expect(administrators.get_by_role("alert").filter(has_text="the only")).to_be_visible()
    expect(row).to_contain_text("open")


def test_a_second_person_agrees_before_somebody_becomes_data_protection_officer(
    administrators: Page, page: Page, node: RunningNode
) -> None:
    second, name = f"sonja-{uuid4().hex[:6]}", f"dora-{uuid4().hex[:6]}"
    password = node.account(second, "supervisor")
    administrators.goto("/people")
    administrators.get_by_text("Add an account").click()
    administrators.fill("[name=name]", name)
    administrators.fill("[name=full_name]", "Dora Dibra")
    administrators.get_by_role("checkbox", name="data protection officer").check()
    administrators.get_by_role("button", name="Add the account").click()
    expect(administrators.get_by_text("write 3 words or more")).to_be_visible()
    administrators.fill("[name=reason]", "she takes over the office")
    administrators.get_by_role("button", name="Add the account").click()
    asked = administrators.locator("article").filter(has_text=name)
    expect(asked).to_contain_text("waits for a decision")
    expect(administrators.locator(f"[data-account={name}]")).to_have_count(0)
    shown_everywhere(administrators)

    enter(page, second, password)
    page.goto("/approvals")
    request = page.locator("article").filter(has_text=name)
    expect(request).to_contain_text("Dora Dibra")
    request.locator("[name=decision]").select_option("yes")
    request.locator("[name=reason]").fill("the post is hers")
    request.get_by_role("button", name="Decide").click()
    expect(page.get_by_text(f"Approved: {name}")).to_be_visible()

    administrators.goto("/approvals")
    administrators.get_by_role("link", name="Give the roles now").click()
    asked.get_by_role("button", name="Give the roles now").click()
    row = administrators.locator(f"[data-account={name}]")
    expect(row).to_contain_text("data protection officer")
    expect(asked).to_have_count(0)
    first = administrators.get_by_role("status").locator("code").inner_text()
    enter(page, name, first)


def test_the_page_is_shown_at_every_width_and_in_both_themes(administrators: Page) -> None:
    administrators.goto("/people")
    administrators.get_by_text("Add an account").click()
    expect(administrators.locator("[data-account=administrator]")).to_be_visible()
    shown_everywhere(administrators)
