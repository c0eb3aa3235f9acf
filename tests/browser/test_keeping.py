"""An answer is taken out, and kept for a case, where it is read: in a real browser."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import APIResponse, Page, expect
from tests.browser.test_search import NOW, Road, at, new_plate, road, search
from tests.browser.test_sites import shown_everywhere

__all__ = ["road"]


def test_an_answer_is_saved_as_a_signed_file_and_its_reads_are_kept(desk: Page, road: Road) -> None:
    plate = new_plate()
    days = (1, 2, 3)
    road.passed([at(plate, road.cameras[n], NOW - timedelta(days=n)) for n in days], plate, 3)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_text("For the case: take it out, or keep it").click()
    with desk.expect_download() as saved:
        desk.get_by_role("button", name="Take it out").click()
    with zipfile.ZipFile(saved.value.path()) as packed:
        names = packed.namelist()
        manifest = json.loads(packed.read(next(one for one in names if one.endswith(".json"))))
        rows = packed.read(next(one for one in names if one.endswith(".csv"))).decode()
    assert rows.count(plate) >= 3
    assert "C-2026-117" in json.dumps(manifest)
    expect(desk.get_by_text("Saved as ")).to_be_visible()

    review = desk.get_by_label("Review on")
    review.fill("2020-01-01")
    desk.get_by_role("button", name="Keep it for the case").click()
    expect(desk.locator(".answered").get_by_role("alert").filter(has_text="review")).to_be_visible()
    review.fill((NOW + timedelta(days=60)).date().isoformat())
    desk.get_by_role("button", name="Keep it for the case").click()
    expect(desk.get_by_text("3 reads are kept for the case.")).to_be_visible()
    cases = desk.request.get("/api/v1/records/pins").json()
    assert any(one["case_number"] == "C-2026-117" and one["reads"] >= 3 for one in cases)
    shown_everywhere(desk)


def test_a_label_of_a_suspected_clone_is_taken_back_with_a_reason(
    desk: Page, road: Road, call: Callable[[str, object], APIResponse]
) -> None:
    plate = new_plate()
    passed = at(plate, road.cameras[0], NOW - timedelta(hours=2))
    road.passed([passed], plate, 1)
    label = {"text": plate, "reason": "seen red and seen blue", "passages": [str(passed.read_id)],
             "review_on": (NOW + timedelta(days=9)).date().isoformat()}  # fmt: skip
    call("/suspected-clones", label)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("link", name="All suspected clones").click()
    row = desk.get_by_role("row").filter(has_text=plate)
    expect(row).to_contain_text("seen red and seen blue")
    shown_everywhere(desk)
    row.get_by_text("Take it back").click()
    row.get_by_label("Why it no longer stands").fill("no")
    row.get_by_role("button", name="Take the label back").click()
    expect(row.get_by_role("alert")).to_contain_text("say what was seen")
    row.get_by_label("Why it no longer stands").fill("both were one van, resprayed")
    row.get_by_role("button", name="Take the label back").click()
    expect(row).to_have_count(0)
    standing = desk.request.get("/api/v1/suspected-clones").json()
    assert all(one["plate"]["text"] != plate for one in standing)
