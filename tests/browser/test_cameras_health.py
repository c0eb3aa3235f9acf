"""What a technician sees and does, in a real browser against a real node."""

from collections.abc import Callable

import cv2
import pytest
from playwright.sync_api import FilePayload, Page, expect

from morina.demo.plates import render_plate
from morina.plates import Plate
from morina.sense import Read
from running import OFFICER, RunningNode

PATIENCE_MS = 60_000
CONTRAST = """
() => {
  const lum = c => { const v = c.map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 :
    ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2] };
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c;
    canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data] };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c.slice(0, 3) }
    return [255, 255, 255] };
  return [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => {
    const [a, b] = [lum(rgb(getComputedStyle(e).color).slice(0, 3)), lum(ground(e))];
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.outerHTML.slice(0, 80)] })
    .filter(([ratio]) => ratio < 4.5);
}
"""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def camera(desk: Page, node: RunningNode, pass_by: Callable[[str], Read]) -> str:
    """A camera past which three vehicles went."""
    passed = [pass_by(text) for text in ("LN67KTE", "AB12CDE", "CD34EFG")]
    camera_id = passed[0].camera_id
    sent = {"name": "Invented lane", "site": "Bridge", "latitude": 42.1, "longitude": 20.5}
    put = desk.request.put(f"/api/v1/cameras/{camera_id}", data=sent, headers={"Origin": node.url})
    assert put.ok, put.text()
    return camera_id


def looked_at(desk: Page, camera_id: str) -> None:
    """Open its page again and again until the node has looked at the camera's passages."""
    for _ in range(480):
        health = desk.request.get(f"/api/v1/cameras/{camera_id}/health")
        if health.ok and health.json()["figures"]["hours"]:
            break
        desk.wait_for_timeout(250)
    desk.goto(f"/cameras/{camera_id}")
    desk.get_by_role("heading", name="Invented lane").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_cameras_page_is_legible_everywhere(
    desk: Page, camera: str, theme: str, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    looked_at(desk, camera)
    expect(desk.get_by_role("img", name="Passages by hour")).to_be_visible()
    expect(desk.get_by_text("Nothing is known to be wrong.")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert desk.evaluate(CONTRAST) == []
    desk.goto("/cameras")
    row = desk.locator("table tbody tr").filter(has_text=camera)
    expect(row.get_by_role("img", name="Passages by hour")).to_be_visible()
    shown = row.locator("svg.spark use").element_handle()
    desk.wait_for_function("drawing => drawing.getBBox().height > 0", arg=shown)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_how_many_captures_of_a_camera_wait_is_told(
    desk: Page, node: RunningNode, camera: str
) -> None:
    """Nothing reads pictures at this node."""
    picture = render_plate(Plate("LN67KTE", "GB")).image
    encoded = cv2.imencode(".png", picture)[1].tobytes()
    upload: FilePayload = {"name": "car.png", "mimeType": "image/png", "buffer": encoded}
    for second in range(2):
        sent = desk.request.post(
            "/api/v1/captures",
            multipart={
                "image": upload,
                "camera_id": camera,
                "captured_at": f"2026-11-21T12:00:0{second}Z",
            },
            headers={"Origin": node.url},
        )
        assert sent.ok, sent.text()
    looked_at(desk, camera)
    told = desk.locator("dt").filter(has_text="Captures waiting to be read")
    expect(told.locator("+ dd")).to_have_text("2")
    metrics = desk.request.get("/metrics").text()
    assert f'morina_camera_waiting_captures{{camera="{camera}"}} 2.0' in metrics


def test_an_audit_is_drawn_judged_and_counted_by_a_person(desk: Page, camera: str) -> None:
    looked_at(desk, camera)
    desk.get_by_role("link", name="Read-rate audit").click()
    desk.wait_for_url("**/audit")
    desk.wait_for_function("window.did_handshake")
    desk.get_by_text("Draw passages by lot").click()
    desk.get_by_role("button", name="Draw", exact=True).click()
    expect(desk.locator(".audit > li")).to_have_count(3)
    for number, verdict in enumerate(("Right", "Right", "Wrong")):
        item = desk.locator(".audit > li").nth(number)
        item.get_by_role("button", name=verdict).click()
        expect(item).to_contain_text(f"judged by {OFFICER}")
    expect(desk.get_by_role("status").filter(has_text="Read rate")).to_contain_text(
        "66.7% of 3; 95 % interval 20.8% to 93.9%"
    )
    desk.get_by_text("Enter a manual count").click()
    desk.get_by_label("Vehicles counted").fill("4")
    desk.get_by_label("Of them captured").fill("3")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("status").filter(has_text="Read rate")).to_contain_text("75.0% of 4")
    for theme, width in [("light", 1280), ("dark", 390)]:
        desk.set_viewport_size({"width": width, "height": 844})
        desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(CONTRAST) == []
