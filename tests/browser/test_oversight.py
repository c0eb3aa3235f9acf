"""The data protection officer at the desk: the trail and the duties, in a browser."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.conftest import PATIENCE_MS

from running import RunningNode

PAGES = (
    "/trail", "/duties", "/duties/breaches", "/duties/requests", "/duties/processing",
    "/duties/assessment", "/duties/controls",
)  # fmt: skip
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def overseer(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """A page at which the data protection officer is signed in."""
    password = node.account("dora", "data_protection_officer")
    size = ViewportSize(width=1280, height=800)
    context = browser.new_context(base_url=node.url, viewport=size)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/sign-in?next=/trail")
    page.get_by_label("User name").fill("dora")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Trail", exact=True).wait_for()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def test_who_looked_and_what_was_done_are_answered_in_plain_words(overseer: Page) -> None:
    page = overseer
    page.goto("/trail")
    page.get_by_role("textbox", name="Plate").fill("ab12 cde")
    page.get_by_label("Your file's reference").fill("DPO-1")
    page.get_by_role("textbox", name="Reason").fill("a complaint by the keeper")
    for _ in range(2):
        page.get_by_role("button", name="Who looked?").click()
        page.get_by_role("heading", name="Who looked at AB12CDE").wait_for()
    expect(page.get_by_role("cell", name="dora")).to_be_visible()
    expect(page.get_by_text("oversight; DPO-1; ")).to_be_visible()
    page.get_by_role("textbox", name="Account").fill("dora")
    page.get_by_role("combobox", name="Done").select_option("consultation")
    page.get_by_role("button", name="What was done?").click()
    page.get_by_role("heading", name="What was done", exact=True).wait_for()
    expect(page.get_by_role("cell", name="a complaint by the keeper").first).to_be_visible()


def test_the_trail_is_taken_out_as_a_file(overseer: Page) -> None:
    overseer.goto("/trail")
    with overseer.expect_download() as waiting:
        overseer.get_by_role("button", name="The whole trail as a signed file").click()
    assert waiting.value.suggested_filename.startswith("trail-")


def test_a_breach_is_recorded_reported_and_its_clock_stands_still(overseer: Page) -> None:
    page = overseer
    page.goto("/duties/breaches")
    page.get_by_text("Record a breach").click()
    page.get_by_label("What happened, or what was learnt").first.fill("a key was lost")
    page.get_by_label("Whose data").fill("drivers at the crossing")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("left: to be reported by").first).to_be_visible()
    page.get_by_text("Take a step").first.click()
    page.get_by_label("Step").select_option("report")
    page.get_by_label("Reported to whom").fill("the supervisory authority")
    page.get_by_role("button", name="Take the step").click()
    expect(page.get_by_text("reported, or found not to need it")).to_be_visible()


def test_pages_fit_a_telephone_and_a_table_and_both_themes(overseer: Page) -> None:
    page = overseer
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            page.set_viewport_size(ViewportSize(width=width, height=800))
            for path in PAGES:
                page.goto(path)
                page.locator("h1").wait_for()
                assert urlsplit(page.url).path == path
                assert page.evaluate(WIDER) <= 0, (path, width)
    page.set_viewport_size(ViewportSize(width=1280, height=800))
