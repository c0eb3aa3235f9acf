"""A person puts a read right where it was found, in a real browser against a real node."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from tests.browser.test_search import NOW, Road, at, new_plate, road, search

__all__ = ["road"]

PURPOSE = {"code": "crime", "case_number": "C-9", "legal_basis": "Invented Act, section 12",
           "justification": "the picture shows another letter"}  # fmt: skip


def test_a_read_is_put_right_and_found_under_either_text(desk: Page, road: Road) -> None:
    wrong, right = new_plate(), new_plate()
    road.passed([at(wrong, road.cameras[0], NOW - timedelta(hours=2))], wrong, 1)
    desk.goto("/search")
    search(desk, wrong)
    row = desk.locator(".passage").first
    row.get_by_role("button", name="Correct").click()
    row.get_by_role("button", name="Put right").click()
    expect(row.get_by_role("alert")).to_have_text(
        "that is what the read says; type what the picture shows"
    )
    row.get_by_label("What the picture shows").fill("??")
    row.get_by_role("button", name="Put right").click()
    expect(row.get_by_role("alert")).to_contain_text("is not on any plate")
    row.get_by_label("What the picture shows").fill(right)
    row.get_by_role("button", name="Put right").click()
    expect(row.get_by_role("status")).to_contain_text(f"Put right: {right}.")
    for text in (right, wrong):
        desk.goto("/search")
        search(desk, text)
        found = desk.locator(".passage").first
        expect(found).to_contain_text(right)
        expect(found).to_contain_text(wrong)
        expect(found).to_contain_text("and corrected by")


def test_the_api_puts_a_read_right_once_it_is_named_whole(desk: Page, road: Road) -> None:
    wrong, right = new_plate(), new_plate()
    passed = at(wrong, road.cameras[0], NOW - timedelta(hours=3))
    road.passed([passed], wrong, 1)
    whole = {
        "purpose": PURPOSE, "read_id": str(passed.read_id), "camera_id": passed.camera_id,
        "captured_at": passed.captured_at.isoformat(), "read_as": wrong, "text": right,
    }  # fmt: skip
    here, headers = "/api/v1/records/corrections", {"Origin": road.node.url}
    for field, value, status in (
        ("read_as", right, 404), ("camera_id", road.cameras[1], 404), ("text", "??", 422),
        ("purpose", PURPOSE | {"justification": "x"}, 422),
    ):  # fmt: skip
        refused = desk.request.post(here, data=whole | {field: value}, headers=headers)
        assert refused.status == status, refused.text()
    assert road.kept(right) == 0
    done = desk.request.post(here, data=whole, headers=headers)
    assert done.status == 201, done.text()
    assert road.kept(right) == 1
    asked = desk.request.get("/api/v1/records/consultations").json()
    assert any("corrected to" in one["question"] and right in one["plates"] for one in asked)
