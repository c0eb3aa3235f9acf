"""An unknown camera knocks and is adopted at the desk, in a real browser against a real node."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.desk.pages.test_palette import contrast

from running import RunningNode

expect.set_options(timeout=60_000)

TEXTS_ON_GROUNDS = """(section) => {
    const says = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
    const shown = [section, ...section.querySelectorAll('*')].filter(
        (e) => e.checkVisibility() && says(e)
    )
    const ground = (e) => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor
            if (!/, 0\\)$/.test(colour)) return colour
        }
    }
    const two = (n) => (+n).toString(16).padStart(2, '0')
    const hex = (colour) => '#' + colour.match(/\\d+/g).slice(0, 3).map(two).join('')
    return shown.map((e) => [e.textContent, hex(getComputedStyle(e).color), hex(ground(e))])
}"""
"""The text and colours of everything in a section that shows text."""


def passage(device_id: str) -> dict[str, object]:
    """What a Dahua camera that names itself so sends of one vehicle."""
    plate = {"IsExist": True, "PlateNumber": "KT65XDW", "Confidence": 204, "Region": "GB"}
    seen = {"AccurateTime": "2026-03-14 08:26:53.589", "DeviceID": device_id}
    return {"Picture": {"Plate": plate, "SnapInfo": seen}}


@pytest.fixture
def camera(node: RunningNode) -> Iterator[httpx.Client]:
    """A camera's own client."""
    with httpx.Client(base_url=node.url, timeout=60) as client:
        yield client


def assert_readable(section: Locator) -> None:
    """Text stands out from its ground in light and dark; nothing is wider than the screen."""
    page = section.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        pairs = section.evaluate(TEXTS_ON_GROUNDS)
        assert pairs
        assert [pair for pair in pairs if contrast(pair[1], pair[2]) < 4.5] == []
    for wide in (page.locator("html"), *section.locator(".scroll").all()):
        assert wide.evaluate("(e) => e.scrollWidth <= e.clientWidth")


def adopt(desk: Page, device_id: str, camera_id: str) -> Locator:
    """Fill in and send the form of who knocked; the section it stands in."""
    desk.goto("/cameras")
    desk.wait_for_function("window.did_handshake")
    section = desk.locator("section", has=desk.get_by_role("heading", name="Knocking"))
    item = section.locator("li").filter(has_text=device_id)
    expect(item).to_contain_text("Dahua")
    expect(item).to_contain_text("127.0.0.1")
    assert_readable(section)
    item.get_by_role("button", name="Adopt").click()
    form = section.locator("li:has(form)")
    expect(form.get_by_label("Identifier")).to_be_focused()
    for label, value in {
        "Identifier": camera_id, "Name": "Invented gate", "Site": "Bridge",
        "Latitude, degrees": "42.1", "Longitude, degrees": "20.5",
    }.items():  # fmt: skip
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_label("Time zone").select_option("Europe/London")
    assert_readable(section)
    form.get_by_role("button", name="Adopt the camera").click()
    return section


@pytest.mark.parametrize("width", [1280, 390])
def test_who_knocks_at_a_makers_path_is_adopted_and_told_a_push_address(
    desk: Page, camera: httpx.Client, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    device_id, camera_id = f"GATE-{uuid4().hex[:6]}", f"gate-{uuid4().hex[:8]}"
    refused = camera.post("/NotificationInfo/TollgateInfo", json=passage(device_id))
    assert refused.status_code == 401
    section = adopt(desk, device_id, camera_id)
    address = section.locator("code")
    expect(address).to_contain_text("/push/")
    assert_readable(section)
    path = address.inner_text()
    assert camera.post(path, json=passage(device_id)).json()["Result"] is True
    assert camera.post(path, json=passage("GATE-OTHER")).status_code == 403
    desk.goto("/cameras")
    desk.wait_for_function("window.did_handshake")
    row = desk.locator("section[aria-labelledby=pushing] tbody tr").filter(has_text=camera_id)
    expect(row).not_to_contain_text("none yet")
    row.get_by_role("button", name="Show the push address").click()
    expect(row.locator("code").filter(has_text="/push/")).to_have_text(path)
    assert_readable(desk.locator("section[aria-labelledby=pushing]"))
    expect(desk.locator("#knocking ~ ul").filter(has_text=device_id)).to_have_count(0)


def test_who_knocks_with_a_word_of_its_own_is_adopted_and_keeps_it(
    desk: Page, camera: httpx.Client
) -> None:
    device_id, camera_id = f"GATE-{uuid4().hex[:6]}", f"gate-{uuid4().hex[:8]}"
    path = f"/push/typed-by-the-technician-{uuid4().hex}/"
    assert camera.post(path, json=passage(device_id)).status_code == 403
    adopt(desk, device_id, camera_id)
    row = desk.locator("section[aria-labelledby=pushing] tbody tr").filter(has_text=camera_id)
    expect(row).to_contain_text("none yet")
    assert camera.post(path, json=passage(device_id)).json()["Result"] is True
    row.get_by_role("button", name="Show the push address").click()
    expect(row).to_contain_text("as typed into the camera")
