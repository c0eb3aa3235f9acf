"""A drone flight in a real browser against a real node: planned, handed in, worked through, looked
at. Video and telemetry are rendered over the clip of terrain that comes with the demo."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg_pool import AsyncConnectionPool
from tests.browser.conftest import PATIENCE_MS, person
from tests.browser.test_cameras_health import CONTRAST

from kept_sorties import track
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.demo.aerial import CLIP, filmed, write_sortie
from morina.sense.aerial import SortieStep
from morina.sense.aerial.adapters.postgres_sorties_live import Found, PostgresLive
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum
from morina.settings import Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import sorties_of
from morina.wiring.demonstrating.flying import the_scene
from running import RunningNode

T = TypeVar("T")
SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
NAME = "Ridge north, morning"
WORKED_MS = 4 * PATIENCE_MS
"""How long a node may take to start its worker and work six seconds of video through."""

PATH_ALONE = "".join(
    f"{n}\n00:00:{n - 1:02},000 --> 00:00:{n:02},000\n"
    f"HOME(20.4200,42.1500) 2026.02.03 04:05:0{n}\n"
    f"GPS(20.4{n}00,42.1500,14) BAROMETER:7.5\nISO:100\n\n"
    for n in range(1, 7)
)
"""Telemetry in a film's subtitles that says where the aircraft was and no more."""


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    """A node whose terrain is the demo's clip."""
    with RunningNode.start(reachable_folder / "sorties") as running:
        stated = Stated(heights=TerrainDatum.EGM96, le90_m=8.0)
        import_terrain([CLIP], running.home / "terrain", stated)
        yield running


@pytest.fixture(scope="module")
def recording(node: RunningNode, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of the rendered flight: MPEG-TS with its telemetry inside."""
    ground = TerrainGround(TerrainFolder(node.home / "terrain"))
    scene = replace(the_scene(), seconds=6.0)
    begins = datetime.now(UTC) - timedelta(hours=1)
    path = tmp_path_factory.mktemp("flight") / "flight.ts"
    write_sortie(path, filmed(scene, ground, ground.height, begins, 5.0), 5.0)
    return path


@pytest.fixture(scope="module")
def pilot(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who plans flights and hands them in."""
    yield from person(browser, node, "a.pilot", "drone_pilot", ("/sorties", "Sorties"))


@pytest.fixture(scope="module")
def flown(node: RunningNode, pilot: Page, recording: Path) -> str:
    """The address of a flight that came in by the browser and was worked through."""
    pilot.goto("/sorties")
    planned(pilot, NAME)
    clear(node, pilot)
    hand_in(pilot, telemetry=recording)
    expect(pilot.get_by_text("ready", exact=True)).to_be_visible(timeout=WORKED_MS)
    expect(pilot.locator("#shot")).to_have_attribute("src", re.compile("^blob:"))
    expect(pilot.locator("#marks")).to_have_attribute("viewBox", "0 0 640 512")
    return pilot.url


def planned(page: Page, name: str) -> None:
    """Plan a flight by the form; its page is open afterwards."""
    page.get_by_text("Plan a sortie").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Case number").fill("C-2026-117")
    page.get_by_label("What it is to look for").fill("look for a walker missing since Monday")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("heading", name=name).wait_for()


def clear(node: RunningNode, page: Page) -> None:
    """Let the flight that is open fly; the checks of the fleet are tested where they are."""

    async def cleared(sortie_id: UUID) -> None:
        async with AsyncConnectionPool(node.addresses["postgres"], open=False) as pool:
            settings, pictures = Settings(home=node.home), VideoPictures()
            kept = sorties_of(settings, pool, ground_of(settings), pictures)
            await kept.step(sortie_id, SortieStep.CLEAR, "a.pilot", datetime.now(UTC))
            await pictures.close()

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop running in this one
        thread.submit(asyncio.run, cleared(UUID(page.url.rpartition("/")[2]))).result()
    page.reload()
    expect(page.get_by_text("cleared to fly", exact=True)).to_be_visible()


def hand_in(page: Page, **files: Path) -> None:
    """By the form of the flight that is open."""
    page.get_by_text("Hand in video and telemetry").click()
    for name, file in files.items():
        page.locator(f"input[name={name}]").set_input_files(file)
    page.get_by_role("button", name="Hand in", exact=True).click()


def opened(desk: Page, flown: str) -> None:
    """The page of the flight, its first picture shown."""
    desk.goto(flown)
    expect(desk.locator("#shot")).to_have_attribute("src", re.compile("^blob:"))


def shown_everywhere(desk: Page) -> None:
    """Nothing is wider than the screen and all of it can be read, in light and dark."""
    for theme, width in SCREENS:
        desk.set_viewport_size({"width": width, "height": 844})
        desk.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(CONTRAST) == []


def place_told(desk: Page) -> tuple[float, float]:
    """Latitude and longitude of the text to copy."""
    latitude, longitude = desk.locator("#place-text").input_value().split(";")[0].split(", ")
    return float(latitude), float(longitude)


def test_a_flight_comes_in_by_the_browser_and_its_list_tells_of_it(desk: Page, flown: str) -> None:
    desk.goto("/sorties")
    row = desk.locator("tr[data-sortie]", has_text=NAME)
    expect(row.get_by_text("ready")).to_be_visible()
    expect(row.get_by_text("C-2026-117: look for a walker missing since Monday")).to_be_visible()
    expect(desk.get_by_text("Plan a sortie")).to_have_count(0)
    shown_everywhere(desk)
    row.get_by_role("link").click()
    desk.wait_for_url(flown)


def test_the_video_is_played_and_stepped_by_keys(desk: Page, flown: str) -> None:
    opened(desk, flown)
    clock = desk.locator("#clock")
    expect(clock).to_have_text("0:00.0")
    first = desk.locator("#shot").get_attribute("src")
    desk.keyboard.press(".")
    expect(clock).not_to_have_text("0:00.0")
    expect(desk.locator("#shot")).not_to_have_attribute("src", str(first))
    desk.keyboard.press(",")
    expect(clock).to_have_text("0:00.0")
    desk.locator("#speed").select_option("8")
    desk.locator("h1").click()
    desk.keyboard.press("p")
    expect(clock).to_have_text(re.compile(r"0:05\.\d"))
    expect(desk.get_by_role("button", name="Play or pause")).to_have_attribute(
        "aria-pressed", "false"
    )
    desk.locator("#slider").focus()
    desk.keyboard.press("Home")
    expect(clock).to_have_text("0:00.0")
    assert desk.locator(".map-footprint").get_attribute("d")
    shown_everywhere(desk)


def test_a_click_in_the_video_is_a_place_and_that_place_leads_back(desk: Page, flown: str) -> None:
    opened(desk, flown)
    marks = desk.locator("#marks")
    box = marks.bounding_box()
    assert box
    marks.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.5})
    expect(desk.locator("#place-text")).to_be_visible()
    by_mouse = place_told(desk)
    assert desk.locator(".map-placed-ellipse").count() == 1
    marks.focus()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    expect(desk.locator("#place-text")).not_to_have_value(
        re.compile(f"^{by_mouse[0]:.6f}, {by_mouse[1]:.6f}")
    )
    by_key = place_told(desk)
    assert max(abs(one - other) for one, other in zip(by_mouse, by_key, strict=True)) < 1e-3
    shown_everywhere(desk)
    asked = desk.locator(
        "section", has=desk.get_by_role("heading", name="When did we see this point?")
    )
    asked.get_by_label("Latitude").fill(f"{by_mouse[0]:.6f}")
    asked.get_by_label("Longitude").fill(f"{by_mouse[1]:.6f}")
    asked.get_by_label("What for").select_option("missing_person")
    asked.get_by_label("Case number").fill("C-2026-117")
    asked.get_by_label("Legal basis").fill("Invented Act, section 1")
    asked.get_by_label("What is looked for, and why").fill("because")
    asked.get_by_role("button", name="Ask").click()
    expect(asked.get_by_role("alert")).to_contain_text("says too little")
    asked.get_by_label("What is looked for, and why").fill("a walker missing since Monday")
    asked.get_by_role("button", name="Ask").click()
    look = asked.get_by_role("button", name="This flight")
    expect(look).to_be_visible()
    desk.keyboard.press("Escape")
    look.click()
    said = str(look.text_content()).rpartition(", ")[2]
    expect(desk.locator("#clock")).to_have_text(said)
    shown_everywhere(desk)


def test_a_point_of_the_map_fills_the_form_and_shows_what_is_seen_from_there(
    desk: Page, flown: str
) -> None:
    opened(desk, flown)
    desk.locator(".leaflet-container").focus()
    desk.keyboard.press("Enter")
    latitude = desk.locator("[data-spot=latitude]").first
    expect(latitude).to_have_value(re.compile(r"^-?\d+\.\d{6}$"))
    desk.get_by_text("What can be seen from this point?").click()
    desk.get_by_label("Kilometres around").fill("1")
    desk.get_by_role("button", name="Show it on the map").click()
    expect(desk.locator("img.map-picture")).to_be_visible()
    expect(desk.get_by_text("of the ground within reach is seen")).to_be_visible()
    desk.get_by_role("button", name="Take it off the map").click()
    expect(desk.locator("img.map-picture")).to_have_count(0)


@pytest.mark.usefixtures("flown")
def test_what_is_seen_from_any_point_is_asked_without_a_flight(
    desk: Page, node: RunningNode
) -> None:
    clip = TerrainFolder(node.home / "terrain").tiles()[0]
    place = (clip.south + clip.north) / 2, (clip.west + clip.east) / 2
    sent = {"name": "Ridge road", "site": "Ridge", "latitude": place[0], "longitude": place[1]}
    headers = {"Origin": node.url}
    assert desk.request.put("/api/v1/cameras/ridge", data=sent, headers=headers).ok
    desk.goto("/sorties")
    desk.get_by_role("link", name="Ground seen").click()
    desk.locator(".leaflet-container").focus()
    desk.keyboard.press("Enter")
    around = desk.locator("details", has_text="What can be seen from this point?")
    latitude = around.get_by_label("Latitude")
    expect(latitude).to_have_value(re.compile(r"^-?\d+\.\d{6}$"))
    around.get_by_role("button", name="Show it on the map").click()
    expect(around.get_by_role("alert")).to_contain_text("morina aerial terrain import")
    desk.get_by_label("Where a camera stands").select_option(label="Ridge road (Ridge)")
    expect(latitude).to_have_value(f"{place[0]:.6f}")
    around.get_by_label("Kilometres around").fill("1")
    around.get_by_role("button", name="Show it on the map").click()
    expect(desk.locator("img.map-picture.viewshed")).to_be_visible()
    expect(around.get_by_text("of the ground within reach is seen")).to_be_visible()
    looked = desk.locator("details", has_text="What was looked at?").first
    looked.get_by_text("What was looked at?").click()
    looked.get_by_role("button", name="Show it on the map").click()
    expect(looked.get_by_text("Over the whole area a person was found")).to_be_visible()
    shown_everywhere(desk)


def test_what_lacks_gimbal_angles_shows_the_path_and_says_what_is_missing(
    node: RunningNode, pilot: Page, desk: Page, tmp_path: Path
) -> None:
    telemetry = tmp_path / "said.srt"
    telemetry.write_text(PATH_ALONE)
    pilot.goto("/sorties")
    planned(pilot, "Ridge south")
    clear(node, pilot)
    hand_in(pilot, telemetry=telemetry)
    expect(pilot.get_by_text("ready", exact=True)).to_be_visible(timeout=WORKED_MS)
    desk.goto(pilot.url)
    expect(desk.get_by_text("The telemetry lacks:")).to_contain_text("gimbal angles")
    expect(
        desk.get_by_text("This flight came without video; its path is on the map.")
    ).to_be_visible()
    assert desk.locator(".map-flown").get_attribute("d")
    desk.locator("#marks").click()
    expect(desk.get_by_text("only where the aircraft was is known")).to_be_visible()
    assert desk.locator(".map-placed").count() == 0
    shown_everywhere(desk)
    expect(desk.get_by_text("State what lacks")).to_have_count(0)


def test_what_lacks_is_stated_and_the_flight_is_worked_through_again(
    node: RunningNode, pilot: Page, tmp_path: Path
) -> None:
    telemetry = tmp_path / "flight.srt"
    telemetry.write_text(PATH_ALONE)
    pilot.goto("/sorties")
    planned(pilot, "Ridge east")
    clear(node, pilot)
    hand_in(pilot, telemetry=telemetry)
    expect(pilot.get_by_text("ready", exact=True)).to_be_visible(timeout=WORKED_MS)
    lacks = pilot.get_by_text("The telemetry lacks:")
    expect(lacks).to_contain_text("field of view")
    pilot.get_by_text("How its telemetry was taken").click()
    expect(pilot.get_by_text("order lon_lat")).to_be_visible()
    pilot.get_by_text("State what lacks").click()
    form = pilot.locator(".state-what-lacks")
    form.get_by_label("Field of view down, degrees").fill("48")
    state_it = form.get_by_role("button", name="State it, and work it through again")
    state_it.click()
    expect(form.get_by_role("alert")).to_contain_text("down alone; state it across too")
    form.get_by_label("Field of view across, degrees").fill("61,5")
    form.get_by_label("It took off from the ground").check()
    shown_everywhere(pilot)
    state_it.click()
    stated = "took off from the ground at its first position; field of view 61.5 x 48 degrees"
    expect(pilot.get_by_text(stated)).to_be_visible()
    expect(lacks).not_to_contain_text("field of view", timeout=WORKED_MS)
    expect(pilot.get_by_text("ready", exact=True)).to_be_visible(timeout=WORKED_MS)


def test_telemetry_that_is_none_is_refused_with_its_place(
    node: RunningNode, pilot: Page, tmp_path: Path
) -> None:
    telemetry = tmp_path / "said.srt"
    telemetry.write_text("no telemetry at all")
    pilot.goto("/sorties")
    planned(pilot, "Ridge west")
    clear(node, pilot)
    hand_in(pilot, telemetry=telemetry)
    expect(pilot.locator(".hand-in [role=alert]")).to_contain_text("said.srt")
    expect(pilot.get_by_text("cleared to fly", exact=True)).to_be_visible()
    pilot.get_by_role("button", name="Cancel it").click()
    expect(pilot.get_by_text("cancelled", exact=True)).to_be_visible()


def test_who_may_not_see_flights_is_told_who_may(browser: Browser, node: RunningNode) -> None:
    pages = person(browser, node, "a.patrol", "patrol", ("/patrols", "Patrols"))
    page = next(pages)
    answer = page.goto("/sorties")
    assert answer and answer.status == 403
    expect(page.get_by_role("navigation").get_by_role("link", name="Sorties")).to_have_count(0)
    assert next(pages, None) is None


def test_who_cleared_it_and_that_no_fleet_was_checked_stands_on_the_page(
    desk: Page, flown: str
) -> None:
    desk.goto(flown)
    expect(desk.get_by_text("by a.pilot, without a fleet check")).to_be_visible()


def test_tracks_of_a_flight_that_is_in_the_air_appear_without_a_reload(
    node: RunningNode, desk: Page
) -> None:
    sortie_id = of_node(node, in_the_air)
    desk.goto(f"/sorties/{sortie_id}")
    expect(desk.get_by_text("Nothing that moves is followed yet.")).to_be_visible()
    of_node(node, lambda pool: found_live(node, pool, sortie_id, 1))
    expect(desk.locator("tr[data-track]")).to_have_count(1)
    expect(desk.locator("#looked-live")).to_contain_text("Pictures looked at: 5")
    desk.get_by_role("button", name="Track 1").click()
    expect(desk.get_by_role("heading", name="What is it?")).to_be_visible()
    of_node(node, lambda pool: found_live(node, pool, sortie_id, 2))
    expect(desk.locator("tr[data-track]")).to_have_count(2)
    expect(desk.locator("#looked-live")).to_contain_text("passed over to keep up: 2")


async def in_the_air(pool: AsyncConnectionPool) -> UUID:
    """A flight that flies; nobody records it."""
    settings, pictures, now = Settings(), VideoPictures(), datetime.now(UTC)
    kept = sorties_of(settings, pool, ground_of(settings), pictures)
    wanted = NewSortie(name="Live", case_number="C-9", task="look", officer="a.pilot")
    sortie = await kept.plan(wanted, now)
    for step in (SortieStep.CLEAR, SortieStep.FLY):
        await kept.step(sortie.sortie_id, step, "a.pilot", now)
    await pictures.close()
    return sortie.sortie_id


async def found_live(
    node: RunningNode, pool: AsyncConnectionPool, sortie_id: UUID, tracks: int
) -> None:
    """What the process that looks writes down."""
    store = PostgresLive(pool, PostgresTrail(), SortieFolder(node.home / "sorties"), 30)
    known = [track(sortie_id, UUID(int=number)) for number in range(tracks)]
    assert await store.keep_found(sortie_id, Found(tracks=known, looked=5, skipped=1))


def of_node(node: RunningNode, does: Callable[[AsyncConnectionPool], Awaitable[T]]) -> T:
    """Done in the database of a node, beside the event loop of Playwright."""

    async def done() -> T:
        async with AsyncConnectionPool(node.addresses["postgres"], open=False) as pool:
            return await does(pool)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, done()).result()
