"""Sites, wrong clocks and refused payloads in a real browser against a real node."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_cameras_health import CONTRAST

from invented import site_state
from morina.engines import Home
from morina.sense import Read
from morina.settings import Settings
from morina.wiring.site_folder import SiteFolder
from morina.wiring.site_states import SiteStates
from running import RunningNode

SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]


@pytest.fixture(scope="module")
def folder(node: RunningNode) -> SiteFolder:
    """The sites of the node, as ``morina site`` and the node keep them."""
    sites = {"port": 4223, "address": "node.example"}
    return SiteFolder(Home(node.home), Settings.model_validate({"sites": sites}))


@pytest.fixture
def tell(folder: SiteFolder) -> Callable[..., None]:
    """Lets a site tell how it is, some seconds ago."""
    states = SiteStates(folder.home)

    def told(site: str, seconds_ago: float = 0, **fields: object) -> None:
        now = datetime.now(UTC)
        at = now - timedelta(seconds=seconds_ago)
        states.hear(replace(site_state(site), at=at, **fields), at, site)  # type: ignore[arg-type]  # the names are checked

    return told


def shown_everywhere(desk: Page) -> None:
    """Nothing is wider than the screen and all of it can be read, in light and dark."""
    for theme, width in SCREENS:
        desk.set_viewport_size({"width": width, "height": 844})
        desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(CONTRAST) == []


def test_a_node_without_sites_says_how_to_add_one(desk: Page) -> None:
    desk.goto("/")
    desk.get_by_role("link", name="Sites", exact=True).click()
    expect(desk.get_by_text("morina site add NAME > NAME.token")).to_be_visible()
    shown_everywhere(desk)


def test_a_cut_link_is_seen_without_a_reload(
    desk: Page, folder: SiteFolder, tell: Callable[..., None]
) -> None:
    desk.goto("/sites")
    folder.add("kukes", ("north", "kukes"))
    folder.add("bridge", ())
    now = datetime.now(UTC)
    told = partial(
        tell, "kukes", reads_waiting=12, oldest_waiting_at=now, pictures_waiting=7, alarms=4,
        reads_dropped=2, clock_offset_s=130.0, wrong_clocks={"lane-1": 95.0}, knocks=6,
        knocking={"192.0.2.7 hikvision mac 02:00:5e:10:00:41": 6},
        bad_payloads={"gate": "Picture.Plate: <b>missing</b>; send the plate"},
    )  # fmt: skip
    told()
    row = desk.locator("tbody tr").filter(has_text="kukes")
    expect(row).to_contain_text("12 reads")
    expect(row).to_contain_text("the clock is 2 min behind")
    expect(desk.locator("tbody tr").filter(has_text="bridge")).to_contain_text("never connected")
    expect(desk.get_by_text("<b>missing</b>")).to_be_visible()
    told()  # what a browser took its time over is not why a site counts as away
    expect(row).not_to_contain_text("not connected")
    shown_everywhere(desk)
    tell("kukes", 45)
    expect(row).to_contain_text("not connected since")
    expect(desk.get_by_text("<b>missing</b>")).to_have_count(0)


def test_a_read_with_a_wrong_clock_says_so_and_is_shown_put_right(
    desk: Page, listed: str, publish: Callable[[Read], None], pass_by: Callable[[str], Read]
) -> None:  # fmt: skip
    desk.goto("/")
    passed = pass_by("CD34EFG")
    now = datetime.now(UTC)
    clock = now - timedelta(seconds=7200)
    wrong = replace(
        passed, read_id=uuid4(), plate=replace(passed.plate, text=listed),
        camera_id="north-9", captured_at=clock, received_at=clock, clock_offset_s=7200.0,
        clock_wrong=True,
    )  # fmt: skip
    publish(wrong)
    words = "clock wrong, off by 2 h 0 min: time put right; the clock said"
    row = desk.locator("[data-row]").filter(has_text="north-9")
    expect(row).to_contain_text(words)
    expect(desk.locator(".read").filter(has_text="north-9")).to_contain_text(words)
    row.get_by_role("link").click()
    facts = desk.locator(".facts").filter(has_text="Passed at")
    expect(facts).to_contain_text(words)
    expect(facts).to_contain_text(f"{now:%H:%M:%S} UTC")
    shown_everywhere(desk)


def test_a_refused_payload_is_read_at_the_cameras_page(desk: Page, node: RunningNode) -> None:
    here, origin = f"gate-{uuid4().hex[:8]}", {"Origin": node.url}
    place = {"name": "Invented gate", "site": "Bridge", "latitude": 42.1, "longitude": 20.5}
    put = desk.request.put
    assert put(f"/api/v1/cameras/{here}", data=place, headers=origin).ok
    way_in = put(f"/api/v1/pushing/{here}", data={"maker": "dahua"}, headers=origin)
    bad = '{"Picture": "<script>window.ran = 1</script><b>AB12CDE</b>"}'
    kind = {"Content-Type": "application/json"}
    assert desk.request.post(way_in.json()["path"], data=bad, headers=kind).status == 422
    desk.goto(f"/cameras/{here}")
    section = desk.locator("section").filter(has_text="Last payloads that were refused")
    section.get_by_text("How it begins (application/json").click()
    expect(section.locator("pre")).to_have_text(bad)
    assert desk.evaluate("window.ran") is None
    shown_everywhere(desk)
    with desk.expect_download() as download:
        section.get_by_role("link", name="Download them").click()
    [kept] = json.loads(download.value.path().read_text())
    assert (download.value.suggested_filename, kept["begin"]) == (f"{here}.json", bad)
    expect(section).to_contain_text(kept["fault"])
