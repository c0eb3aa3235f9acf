"""The fleet in a real browser: entered, drawn, and a flight cleared through its checks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.conftest import person
from tests.browser.test_cameras_health import CONTRAST

from running import RunningNode

SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
AREA = "42.05 20.40; 42.05 20.50; 42.12 20.50"
WITHIN = "42.07 20.45; 42.07 20.48; 42.09 20.48"


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    with RunningNode.start(reachable_folder / "fleet") as running:
        yield running


@pytest.fixture(scope="module")
def pilot(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who keeps the fleet and also flies; what one may fly is entered by somebody else."""
    node.account("a.flyer", "drone_pilot")
    who = person(browser, node, "a.pilot", "supervisor drone_pilot", ("/fleet", "Fleet"))
    yield from who


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def fill(page: Page, name: str, enter: str, fields: dict[str, str]) -> None:
    """Open a part's form and send it."""
    here = part(page, name)
    here.get_by_text(enter).click()
    for label, value in fields.items():
        here.get_by_label(label, exact=True).first.fill(value)
    here.get_by_role("button", name="Enter", exact=True).click()


def test_a_fleet_is_entered_and_a_flight_is_cleared_with_it(pilot: Page) -> None:
    day = (datetime.now() + timedelta(days=200)).date().isoformat()  # noqa: DTZ005 (a day far off)
    fill(pilot, "Airframes", "Enter or change an airframe", {
        "Name": "M-1", "Type": "quadcopter", "Serial number": "s-1", "Service due": day,
    })  # fmt: skip
    expect(part(pilot, "Airframes").get_by_role("cell", name="M-1")).to_be_visible()
    fill(pilot, "Batteries", "Enter or change a battery", {
        "Name": "B-1", "Serial number": "b-1", "Cycles": "12",
        "Health when last measured, per cent": "93", "Retired at, cycles": "200",
    })  # fmt: skip
    expect(part(pilot, "Batteries").get_by_role("cell", name="12 / 200")).to_be_visible()
    flown = (datetime.now() - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005 (typed)
    fill(pilot, "Pilots", "Enter or change a pilot", {
        "Account": "a.pilot", "Competence": "own training", "Valid until": day,
        "Last flight, your time": flown,
    })  # fmt: skip
    said = part(pilot, "Pilots").get_by_role("alert")
    expect(said).to_have_text("what one may fly is entered by somebody else; ask")
    part(pilot, "Pilots").get_by_label("Account", exact=True).fill("a.flyer")
    part(pilot, "Pilots").get_by_role("button", name="Enter", exact=True).click()
    expect(part(pilot, "Pilots").get_by_role("cell", name="own training")).to_be_visible()
    pilot.get_by_text("Change the limits").click()
    limits = part(pilot, "Limits")
    limits.get_by_label("Most height above ground, metres").fill("100")
    limits.get_by_label("Where that is written").first.fill("order 7")
    limits.get_by_role("button", name="Set the limits").click()
    expect(limits.get_by_text("100 m (order 7)")).to_be_visible()


def test_what_cannot_be_is_said_in_the_form(pilot: Page) -> None:
    pilot.goto("/fleet")
    fill(pilot, "Pilots", "Enter or change a pilot", {
        "Account": "nobody", "Competence": "x", "Valid until": "2031-01-01",
    })  # fmt: skip
    said = part(pilot, "Pilots").get_by_role("alert")
    expect(said).to_have_text("nobody has no account; make one, then enter the pilot")


def test_airspace_is_drawn_and_stops_or_warns(pilot: Page) -> None:
    pilot.goto("/sorties")
    pilot.get_by_text("Plan a sortie").click()
    for label, text in (
        ("Name", "Ridge"), ("Case number", "C-7"), ("What it is to look for", "a walker"),
    ):  # fmt: skip
        pilot.get_by_label(label, exact=True).fill(text)
    pilot.get_by_role("button", name="Plan it").click()
    pilot.get_by_role("button", name="Clear it to fly").click()
    pilot.get_by_role("heading", name="Clear a flight").wait_for()
    fill(pilot, "Airspace", "Enter or change airspace", {
        "Name": "Dam", "Source, or who permits": "sheet 3",
        "Latitude and longitude of each, between semicolons": AREA,
    })  # fmt: skip
    expect(part(pilot, "Airspace").get_by_role("cell", name="forbidden")).to_be_visible()
    clearing = part(pilot, "Clear a flight")
    begins = datetime.now() + timedelta(hours=3)  # noqa: DTZ005 (typed)
    for label, text in (
        ("Latitude and longitude of each, between semicolons", WITHIN),
        ("Most height above ground, metres", "80"),
        ("From, your time", begins.strftime("%Y-%m-%dT%H:%M")),
        ("Until, your time", (begins + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")),
    ):
        clearing.get_by_label(label, exact=True).fill(text)
    clearing.get_by_label("What to do").select_option("clear")
    clearing.get_by_role("button", name="Go on").click()
    expect(clearing.locator("tr[data_state=stop], tr[data-state=stop]")).to_have_count(1)
    expect(clearing.get_by_role("alert")).to_contain_text("the airspace Dam is forbidden")


def test_a_permission_is_given_as_the_reason(pilot: Page) -> None:
    airspace = part(pilot, "Airspace")
    airspace.get_by_role("button", name="Change").click()
    expect(airspace.get_by_label("Name", exact=True)).to_have_value("Dam")
    airspace.get_by_label("Kind").select_option("permission")
    airspace.get_by_role("button", name="Enter", exact=True).click()
    expect(airspace.get_by_role("cell", name="with permission")).to_be_visible()
    clearing = part(pilot, "Clear a flight")
    begins = datetime.now() + timedelta(hours=3)  # noqa: DTZ005 (typed)
    for label, text in (
        ("Latitude and longitude of each, between semicolons", WITHIN),
        ("Most height above ground, metres", "80"),
        ("From, your time", begins.strftime("%Y-%m-%dT%H:%M")),
        ("Until, your time", (begins + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")),
    ):
        clearing.get_by_label(label, exact=True).fill(text)
    clearing.get_by_label("What to do").select_option("clear")
    clearing.get_by_role("button", name="Go on").click()
    needs = "A check needs a reason: give it, or change the plan."
    expect(clearing.get_by_role("alert")).to_have_text(needs)
    clearing.get_by_label("Reason to fly all the same").fill("permission 12/31")
    clearing.get_by_role("button", name="Go on").click()
    pilot.get_by_role("heading", name="Ridge").wait_for()
    expect(pilot.get_by_text("M-1", exact=True)).to_be_visible()


def test_a_flight_that_takes_off_early_is_asked_why(pilot: Page) -> None:
    """It is cleared from three hours on."""
    expect(pilot.locator("#unrecorded")).to_contain_text("no live source is set for this airframe")
    pilot.get_by_role("button", name="It flies", exact=True).click()
    expect(pilot.get_by_text("the flight is cleared from")).to_contain_text("wait until then")
    pilot.get_by_label("Reason to fly all the same").fill("somebody lies there")
    pilot.get_by_role("button", name="It flies all the same").click()
    expect(pilot.get_by_text("flying", exact=True)).to_be_visible()


def test_a_flights_hours_are_entered_once(pilot: Page) -> None:
    pilot.goto("/fleet")
    flown = part(pilot, "Cleared flights")
    expect(flown.get_by_role("cell", name="permission 12/31")).to_be_visible()
    flown.get_by_label("Hours flown").fill("0.5")
    flown.get_by_role("button", name="Enter").click()
    expect(flown.get_by_role("cell", name="0.50")).to_be_visible()
    expect(part(pilot, "Batteries").get_by_role("cell", name="13 / 200")).to_be_visible()
    expect(part(pilot, "Airframes").get_by_role("cell", name="0.5 h since")).to_be_visible()


@pytest.mark.parametrize(("theme", "width"), SCREENS)
def test_the_page_fits_the_screen_and_can_be_read(pilot: Page, theme: str, width: int) -> None:
    pilot.goto("/fleet")
    part(pilot, "Airframes").get_by_role("cell", name="M-1").wait_for()
    pilot.set_viewport_size({"width": width, "height": 844})
    pilot.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    assert pilot.evaluate("document.documentElement.scrollWidth") <= width
    assert pilot.evaluate(CONTRAST) == []
