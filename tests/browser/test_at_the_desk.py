"""What an officer does at the desk, in a real browser against a real node."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from morina.plates import Plate
from morina.sense import Read
from running import OFFICER, RunningNode

PATIENCE_MS = 60_000
BAD_ROWS = (
    "plate,country,reason_code,subject_category,action,owner_unit,contact_24h,legal_basis,"
    "created_by,valid_from,valid_to,review_at\n"
    "AB12CDE,GB,stolen,suspect,stop,Unit,+355,Act,me,2026-01-01T00:00:00Z,2199-01-01T00:00:00Z,"
    "2199-01-01\n"
    "AB12?DE,UK,stoln,suspect,stop,,+355,Act,me,2026-01-01,2199-01-01T00:00:00Z,2199-01-01\n"
)

expect.set_options(timeout=PATIENCE_MS)


def raised(desk: Page, pass_by: Callable[[str], Read], text: str) -> Locator:
    """The row of the alert that ``text`` raises at the camera of ``pass_by``.

    A new listing counts within a second, so the car passes again until it is noticed.
    """
    desk.goto("/")
    desk.get_by_role("heading", name="Latest reads").wait_for()
    desk.evaluate("window.sameDocument = true")
    for _ in range(200):
        row = desk.locator(".waiting .row").filter(has_text=pass_by(text).camera_id).first
        try:
            row.wait_for(timeout=1500)
        except TookTooLong:
            continue
        return row
    raise AssertionError(f"no alert was shown for {text}")


def type_what_is_seen(desk: Page, text: str) -> None:
    """What is typed before the page is connected is lost."""
    desk.locator("#typed").wait_for()
    desk.wait_for_function("window.did_handshake")
    desk.locator("#typed").fill(text)
    desk.keyboard.press("Enter")


def test_nothing_is_shown_before_signing_in(page: Page) -> None:
    page.goto("/hotlists")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("[name=name]", OFFICER)
    page.fill("[name=password]", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not fit")


def test_signing_in_leads_to_the_page_asked_for(page: Page, node: RunningNode) -> None:
    page.goto("/cameras")
    page.fill("[name=name]", OFFICER)
    page.fill("[name=password]", node.officer())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cameras", level=1)).to_be_visible()


def test_an_alert_arrives_without_a_reload_and_without_telling_the_text(
    desk: Page, listed: str, pass_by: Callable[[str], Read]
) -> None:
    row = raised(desk, pass_by, listed)
    expect(row.get_by_role("img", name="plate patch")).to_be_visible()
    expect(desk).to_have_title(re.compile(r"^\(\d+\) Live"))
    expect(desk.locator("#announce")).to_contain_text("New alert")
    assert desk.evaluate("window.sameDocument")
    assert listed not in desk.locator("main").inner_text()


def test_an_alert_is_worked_by_keyboard_alone(
    desk: Page, listed: str, pass_by: Callable[[str], Read]
) -> None:
    raised(desk, pass_by, listed)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("#now")).to_be_focused()
    desk.wait_for_function("window.did_handshake")
    desk.keyboard.press("a")
    expect(desk.locator("#typed")).to_be_focused()
    assert listed not in desk.locator("main").inner_text()
    desk.keyboard.type(f"{listed[:4]} {listed[4:]}".lower())
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="The listing")).to_be_visible()
    expect(desk.locator("#now")).to_be_focused()
    desk.keyboard.press("c")
    expect(desk.locator("#state")).to_have_text("confirmed")
    alert_id = UUID(desk.url.rpartition("/")[2])
    acts = desk.request.get(f"/api/v1/alerts/{alert_id}").json()["acts"]
    assert [act["kind"] for act in acts] == ["raise", "acknowledge", "transcribe", "confirm"]
    assert {act["by"] for act in acts[1:]} == {OFFICER}
    desk.keyboard.press("d")
    expect(desk.locator("#state")).to_have_text("dispatched")
    desk.get_by_role("button", name="Show them").click()
    expect(desk.get_by_text("Not known: too little was seen at this camera.")).to_be_visible()
    expect(desk.get_by_text("it says nothing about a person.")).to_be_visible()
    [look] = desk.request.get("/api/v1/records/consultations?limit=1").json()
    assert look["code"] == "alert_handling"
    assert str(alert_id) in look["question"]
    desk.keyboard.press("x")
    expect(desk.locator("#state")).to_have_text("closed")
    expect(desk.get_by_role("heading", name="Cameras it may pass next")).to_have_count(0)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("heading", name="Latest reads")).to_be_visible()


@pytest.mark.parametrize("acknowledged", [False, True])
def test_a_picture_that_comes_after_the_alert_is_shown_without_a_reload(
    desk: Page,
    listed: str,
    pass_by: Callable[[str], Read],
    publish: Callable[[Read], None],
    acknowledged: bool,
) -> None:
    passed: list[Read] = []

    def text_alone(text: str) -> Read:
        passed.append(replace(pass_by("ZZ99ZZZ"), read_id=uuid4(), plate=Plate(text, "GB")))
        publish(replace(passed[-1], evidence=None))
        return passed[-1]

    row = raised(desk, text_alone, listed)
    expect(row).to_contain_text("no evidence frame")
    if acknowledged:
        row.get_by_role("button", name="Acknowledge").click()
        expect(desk.get_by_text("This read came without its evidence frame")).to_be_visible()
    for one in passed:
        publish(one)
    if not acknowledged:
        expect(row.get_by_role("img", name="plate patch")).to_be_visible()
        row.get_by_role("button", name="Acknowledge").click()
    expect(desk.get_by_role("img", name="plate patch, enlarged")).to_be_visible()
    type_what_is_seen(desk, listed)
    expect(desk.get_by_role("button", name="Confirm")).to_be_visible()
    expect(desk.locator("ol.acts")).to_contain_text("added the picture, which came later")


def test_what_was_typed_wrongly_cannot_be_confirmed(
    desk: Page, listed: str, pass_by: Callable[[str], Read]
) -> None:
    row = raised(desk, pass_by, listed)
    row.get_by_role("button", name="Acknowledge").click()
    type_what_is_seen(desk, f"{listed[:-1]}X")
    expect(desk.locator(".compare mark")).to_have_text(["X"])
    expect(desk.get_by_role("button", name="Confirm")).to_have_count(0)
    desk.keyboard.press("r")
    expect(desk.get_by_label("Reason")).to_be_focused()
    desk.keyboard.press("c")
    desk.get_by_role("button", name="Reject the alert").click()
    expect(desk.locator("#state")).to_have_text("rejected")


def test_an_import_shows_each_bad_row_and_takes_nothing(desk: Page, hotlist: str) -> None:
    desk.goto(f"/hotlists/{hotlist}/import")
    desk.wait_for_function("window.did_handshake")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": BAD_ROWS.encode()}
    desk.set_input_files("[name=file]", file)  # type: ignore[arg-type]  # a FilePayload
    desk.get_by_role("button", name="Check and import").click()
    expect(desk.get_by_role("heading", name="Nothing was imported")).to_be_visible()
    rows = desk.locator("table tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.filter(has_text="reason_code")).to_contain_text("stoln")
    expect(rows.filter(has_text="valid_from")).to_contain_text("add one, such as Z")
    desk.goto(f"/hotlists/{hotlist}")
    expect(desk.get_by_role("status").filter(has_text="No entry.")).to_be_visible()


def test_an_entry_shows_the_misreads_it_would_accept_before_it_is_saved(
    desk: Page, hotlist: str
) -> None:
    desk.goto(f"/hotlists/{hotlist}/add")
    desk.wait_for_function("window.did_handshake")
    desk.get_by_label("Plate", exact=True).fill("lo12 abc")
    expect(desk.locator(".misreads")).to_contain_text("LO12A8C")
    desk.get_by_role("button", name="Save the entry").click()
    expect(desk.get_by_role("alert").filter(has_text="to be mended")).to_be_visible()
    expect(desk.get_by_label("Country of the plate")).to_be_focused()
    for name, value in {
        "country": "GB", "reason_code": "stolen", "subject_category": "suspect", "action": "stop",
    }.items():  # fmt: skip
        desk.select_option(f"[name={name}]", value)
    desk.fill("[name=contact_24h]", "+355 4 000 0000")
    desk.get_by_role("button", name="Save the entry").click()
    expect(desk.locator("table tbody tr")).to_contain_text("LO12ABC")
    desk.wait_for_function("window.did_handshake")
    desk.get_by_role("button", name="Withdraw").click()
    desk.get_by_role("button", name="Yes, withdraw LO12ABC").click()
    expect(desk.locator("table tbody tr")).to_have_count(0)


def test_each_user_chooses_the_language(desk: Page) -> None:
    desk.goto("/account")
    desk.wait_for_function("window.did_handshake")
    desk.select_option("[name=language]", "sq")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("link", name="Listat e vëzhgimit")).to_be_visible()
    expect(desk.locator("html")).to_have_attribute("lang", "sq")
    desk.goto("/")
    expect(desk.get_by_role("heading", name="Leximet e fundit")).to_be_visible()
    desk.goto("/account")
    desk.wait_for_function("window.did_handshake")
    desk.select_option("[name=language]", "en")
    desk.get_by_role("button", name="Ruaj").click()
    expect(desk.get_by_role("link", name="Hotlists")).to_be_visible()


def _add_camera(desk: Page, camera_id: str) -> None:
    desk.goto("/cameras")
    desk.wait_for_function("window.did_handshake")
    desk.get_by_text("Add a camera", exact=True).click()
    for name, value in {
        "camera_id": camera_id, "name": "Invented lane", "site": "Bridge",
        "latitude": "42.1", "longitude": "20.5", "bearing": "90",
    }.items():  # fmt: skip
        desk.fill(f"[name={name}]", value)
    desk.get_by_role("button", name="Save the camera").click()


def test_a_camera_is_added_and_removed(desk: Page) -> None:
    camera_id = f"lane-{uuid4().hex[:8]}"
    _add_camera(desk, camera_id)
    row = desk.locator("table tbody tr").filter(has_text=camera_id)
    expect(row).to_contain_text("no read lately")
    row.get_by_role("button", name="Remove").click()
    desk.get_by_role("button", name="Yes, remove Invented lane").click()
    expect(row).to_have_count(0)


def test_what_is_typed_stays_when_the_page_changes_elsewhere(desk: Page) -> None:
    kept = f"lane-{uuid4().hex[:8]}"
    _add_camera(desk, kept)
    row = desk.locator("table tbody tr").filter(has_text=kept)
    expect(row).to_be_visible()
    desk.wait_for_function("window.did_handshake")
    desk.get_by_text("Add a camera", exact=True).click()
    desk.fill("[name=camera_id]", "typed")
    row.get_by_role("button", name="Remove").click()
    yes = desk.get_by_role("button", name="Yes, remove Invented lane")
    expect(yes).to_be_visible()
    expect(desk.locator("[name=camera_id]")).to_have_value("typed")
    yes.click()
    expect(row).to_have_count(0)


def test_a_hotlist_is_taken_out_with_a_purpose(desk: Page, hotlist: str) -> None:
    desk.goto(f"/hotlists/{hotlist}")
    desk.wait_for_function("window.did_handshake")
    desk.get_by_text("Take the list out as a file").click()
    form = desk.locator("form[action$='/export']")
    form.locator("[name=code]").select_option("stolen_vehicle")
    form.locator("[name=case_number]").fill("C-2026-7")
    form.locator("[name=legal_basis]").fill("Invented Act, section 12")
    form.locator("[name=justification]").fill("asap please")
    desk.get_by_role("button", name="Take it out").click()
    expect(desk.get_by_role("alert").filter(has_text="too little")).to_be_visible()
    form.locator("[name=justification]").fill("the neighbouring region compares its list with ours")
    with desk.expect_download() as taken:
        desk.get_by_role("button", name="Take it out").click()
    assert taken.value.suggested_filename == f"hotlist-{hotlist}.csv"
    expect(desk.get_by_text("Saved as ")).to_be_visible()


def test_what_is_chosen_stays_when_the_page_changes_elsewhere(desk: Page, hotlist: str) -> None:
    desk.goto(f"/hotlists/{hotlist}/add")
    desk.wait_for_function("window.did_handshake")
    desk.select_option("[name=reason_code]", "stolen")
    desk.fill("[name=instruction]", "typed")
    desk.get_by_label("Plate", exact=True).fill("lo12 abc")
    expect(desk.locator(".misreads")).to_contain_text("LO12A8C")
    expect(desk.locator("[name=reason_code]")).to_have_value("stolen")
    expect(desk.locator("[name=instruction]")).to_have_value("typed")


def test_details_stay_as_the_user_left_them_when_the_page_changes_elsewhere(desk: Page) -> None:
    kept = f"lane-{uuid4().hex[:8]}"
    _add_camera(desk, kept)
    row = desk.locator("table tbody tr").filter(has_text=kept)
    expect(row).to_be_visible()
    desk.wait_for_function("window.did_handshake")
    details = desk.locator("details.part").filter(has=desk.locator("[name=camera_id]"))
    change, title = row.get_by_role("button", name="Change"), details.locator("summary")
    change.click()
    expect(details.locator("[name=name]")).to_be_focused()
    title.click()
    expect(details.locator("[name=name]")).to_be_hidden()
    row.get_by_role("button", name="Remove").click()
    expect(row.get_by_role("button", name="Yes, remove Invented lane")).to_be_visible()
    expect(details.locator("[name=name]")).to_be_hidden()
    desk.goto("/cameras")
    desk.wait_for_function("window.did_handshake")
    change.click()
    expect(details.locator("[name=name]")).to_be_focused()
    title.click()
    expect(details.locator("[name=name]")).to_be_hidden()
    change.click()
    expect(details.locator("[name=name]")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/", "/hotlists", "/cameras", "/account", "/alerts/none", "/none"]
)
def test_a_page_fits_a_telephone_and_names_every_control(desk: Page, path: str) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(path)
    desk.locator("main h1").wait_for(state="attached")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    nameless = desk.evaluate(
        "[...document.querySelectorAll('input:not([hidden]), select, button, a[href]')].filter("
        "e => !e.labels?.length && !e.ariaLabel && !e.textContent.trim() && !e.title)"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []
    expect(desk.get_by_role("main")).to_have_count(1)
