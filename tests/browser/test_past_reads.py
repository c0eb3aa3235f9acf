"""A new hotlist entry looked for among past reads."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import person

from morina.sense import Read
from running import RunningNode

PLATE = "PR12PST"


def test_an_entry_just_saved_is_looked_for_among_past_reads_and_raises_no_alert(
    desk: Page, hotlist: str, node: RunningNode, pass_by: Callable[[str], Read]
) -> None:
    passed = pass_by(PLATE)
    desk.goto(f"/hotlists/{hotlist}/add")
    desk.get_by_label("Plate", exact=True).fill("pr12 pst")
    for name, value in {
        "country": "GB", "reason_code": "stolen", "subject_category": "suspect", "action": "stop",
    }.items():  # fmt: skip
        desk.select_option(f"[name={name}]", value)
    desk.fill("[name=contact_24h]", "+355 4 000 0000")
    desk.get_by_role("button", name="Save the entry").click()
    expect(desk.get_by_text("The entry is saved.")).to_be_visible()
    desk.get_by_role("link", name="Look into the past 90 days").click()
    expect(desk.get_by_role("heading", name=f"Past reads of {PLATE}")).to_be_visible()
    expect(desk.get_by_text("It raises no alert.")).to_be_visible()
    row = desk.locator(".passage")
    ask = desk.get_by_role("button", name="Look into the past 90 days")
    ask.click()
    expect(desk.get_by_text("Looked at ")).to_be_visible()
    while not row.count():  # the read may still be on its way into the records
        ask.click()
        desk.wait_for_timeout(500)
    expect(row).to_have_count(1)
    expect(desk.get_by_role("heading", name="Texts found, the closest first")).to_be_visible()
    expect(desk.locator(".answered")).to_contain_text("(stolen vehicle): consultation no.")
    expect(row).to_contain_text(PLATE)
    expect(row).to_contain_text(passed.camera_id)
    alerts = desk.request.get(f"{node.url}/api/v1/alerts").json()
    assert not [one for one in alerts if one["camera_id"] == passed.camera_id]
    log = desk.request.get(f"{node.url}/api/v1/records/consultations").json()
    assert (log[0]["plates"], log[0]["code"]) == ([PLATE], "stolen_vehicle")


def test_who_lists_and_may_not_search_is_told_who_looks_and_an_investigator_finds_the_way(
    browser: Browser, node: RunningNode, hotlist: str
) -> None:
    listed = "PR34PST"
    opened = person(browser, node, "an.author", "list_owner", (f"/hotlists/{hotlist}", "Hotlists"))
    for author in opened:
        author.goto(f"/hotlists/{hotlist}/add")
        author.get_by_label("Plate", exact=True).fill(listed)
        for name, value in {
            "country": "GB", "reason_code": "stolen", "subject_category": "suspect",
            "action": "stop",
        }.items():  # fmt: skip
            author.select_option(f"[name={name}]", value)
        author.fill("[name=contact_24h]", "+355 4 000 0000")
        author.get_by_role("button", name="Save the entry").click()
        expect(author.get_by_text("Whoever may search looks into its past reads")).to_be_visible()
        expect(author.get_by_role("link", name="Past reads")).to_have_count(0)
    opened = person(browser, node, "an.asker", "investigator", (f"/hotlists/{hotlist}", "Hotlists"))
    for asker in opened:
        row = asker.get_by_role("row").filter(has_text=listed)
        row.get_by_role("link", name="Past reads").click()
        expect(asker.get_by_role("heading", name=f"Past reads of {listed}")).to_be_visible()
