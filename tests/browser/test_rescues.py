"""A track is named by one key; who is in trouble stands before mountain rescue at once."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.conftest import PATIENCE_MS, person
from tests.browser.test_cameras_health import CONTRAST

from flown import fly, moving
from morina.sense.aerial import ObjectKind
from morina.sense.aerial.adapters.sortie_rows import KEEP_MOMENT, moment_row
from morina.sense.aerial.roles import Moment
from running import RunningNode

SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
THUMB_PX = 44
"""The least a control must measure, WCAG 2.5.5."""


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    """A node at which a rescue is loud at once."""
    chosen = {"MORINA_AERIAL__RESCUE_MINUTES": "0.0001", "MORINA_AERIAL__WORKERS": "0"}
    with RunningNode.start(reachable_folder / "rescues", chosen) as running:
        yield running


@pytest.fixture(scope="module")
def officer(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who names tracks."""
    yield from person(browser, node, "an.officer", "operator", ("/sorties", "Sorties"))


@pytest.fixture(scope="module")
def supervisor(browser: Browser, node: RunningNode) -> Iterator[Page]:
    yield from person(browser, node, "a.supervisor", "supervisor", ("/cameras", "Cameras"))


@pytest.fixture(scope="module")
def pilot(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who flies, and names no tracks."""
    yield from person(browser, node, "a.pilot", "drone_pilot", ("/sorties", "Sorties"))


@pytest.fixture(scope="module")
def rescuer(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who goes there; signs in without saying where to."""
    yield from person(browser, node, "a.rescuer", "mountain_rescue", ("/", "Rescues"))


@pytest.fixture
def flight(node: RunningNode) -> str:
    """The page of a flight with a vehicle, track 1, and a person, track 2."""
    sortie_id = uuid4()
    tracks = sorted(
        (moving(sortie_id, kind) for kind in (ObjectKind.VEHICLE, ObjectKind.PERSON)),
        key=lambda one: one.track_id,
    )
    fly(node.addresses["postgres"], *tracks, sortie_id=sortie_id)
    return f"/sorties/{sortie_id}"


def chosen(page: Page, kind: str) -> None:
    """Choose the track of this kind in the list, as with the mouse."""
    row = page.locator("[data-track]", has=page.get_by_text(re.compile(f"^{kind}, ")))
    row.get_by_role("button").click()
    expect(page.locator("#naming ~ p").first).to_have_text(re.compile("^Track"))


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and all of it can be read, in light and dark."""
    for theme, width in SCREENS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []


def test_a_track_is_named_by_one_key_under_a_purpose_and_handed_over(
    officer: Page, flight: str
) -> None:
    officer.goto(flight)
    chosen(officer, "vehicle")
    officer.locator("body").press("v")
    expect(officer.get_by_text("First say what for")).to_be_visible()
    part = officer.locator("section", has=officer.locator("#naming"))
    part.get_by_label("What for").last.select_option(label="serious crime")
    expect(part.get_by_label("Case number")).to_have_value("C-7")
    part.get_by_label("Legal basis").fill("Police Act 12")
    part.get_by_label("What is looked for, and why").fill("lorry with stolen timber by the mill")
    part.get_by_role("button", name="Name tracks for this").click()
    expect(part.get_by_role("button", name="Change")).to_be_visible()
    officer.keyboard.press("v")
    expect(part.get_by_text("Named: vehicle")).to_be_visible()
    review = part.locator("[data-review]")
    expect(review).to_contain_text("The machine said vehicle, 71%")
    part.get_by_role("button", name="Cameras it may pass next").click()
    expect(part.get_by_text("No camera lies ahead of its course")).to_be_visible()
    part.get_by_label("What the patrol is to know").fill("white lorry on the forest road")
    part.get_by_role("button", name="Hand over to a patrol").click()
    expect(part.get_by_text("Handed over. It stands under Patrols.")).to_be_visible()
    fits(officer)
    officer.goto("/patrols")
    expect(officer.locator("[data-task]")).to_contain_text("white lorry on the forest road")
    expect(officer.get_by_role("button", name="We go")).to_have_count(0)
    officer.goto("/rates")
    expect(officer.get_by_role("row", name="vehicle")).to_contain_text("1 of 1")
    expect(officer.get_by_text("1 review says next to nothing")).to_be_visible()


def purpose_said(page: Page) -> Locator:
    """Say what for; the part in which tracks are named."""
    part = page.locator("section", has=page.locator("#naming"))
    part.get_by_label("What for").last.select_option(label="serious crime")
    part.get_by_label("Legal basis").fill("Police Act 12")
    part.get_by_label("What is looked for, and why").fill("lorry with stolen timber by the mill")
    part.get_by_role("button", name="Name tracks for this").click()
    expect(part.get_by_role("button", name="Change")).to_be_visible()
    return part


def test_what_another_named_is_handed_over_without_naming_it_anew(
    officer: Page, flight: str
) -> None:
    officer.goto(flight)
    chosen(officer, "vehicle")
    purpose_said(officer)
    officer.keyboard.press("v")
    row = officer.locator("[data-track]", has=officer.get_by_text(re.compile("^vehicle, ")))
    expect(row).to_contain_text("a person says: vehicle")
    officer.reload()
    expect(row).to_contain_text("a person says: vehicle")
    chosen(officer, "vehicle")
    part = officer.locator("section", has=officer.locator("#naming"))
    part.get_by_label("What the patrol is to know").fill("white lorry")
    part.get_by_role("button", name="Hand over to a patrol").click()
    expect(part.get_by_text("First say what for")).to_be_visible()
    purpose_said(officer)
    part.get_by_role("button", name="Hand over to a patrol").click()
    expect(part.get_by_text("Handed over. It stands under Patrols.")).to_be_visible()
    expect(part.locator("[data-review]")).to_have_count(1)
    chosen(officer, "person")
    expect(part.get_by_label("What the patrol is to know")).to_have_count(0)


def test_who_is_in_trouble_stands_before_the_rescuers_without_reloading(
    officer: Page, rescuer: Page, supervisor: Page, flight: str
) -> None:
    expect(rescuer).to_have_url(re.compile("/rescues$"))
    expect(rescuer.get_by_text("Nothing waits, and nobody is out.")).to_be_visible()
    officer.goto(flight)
    chosen(officer, "person")
    officer.locator("body").press("t")
    officer.keyboard.type("waves with both arms")
    officer.keyboard.press("Enter")
    expect(officer.get_by_text("Rescue is called.")).to_be_visible()
    card = rescuer.locator("[data-task]")
    expect(card).to_contain_text("waves with both arms", timeout=PATIENCE_MS)
    expect(card).to_contain_text("someone in trouble")
    expect(card.get_by_label("Decimal degrees")).to_have_value("42.10002, 20.42000")
    minutes = card.get_by_label("Degrees and minutes")
    expect(minutes).to_have_value("N 42° 06.001' E 020° 25.200'")
    waiting = supervisor.locator(".rescues-waiting")
    expect(waiting).to_contain_text("1 rescue waits", timeout=PATIENCE_MS)
    expect(waiting).to_have_attribute("data-loud", "4")
    fits(rescuer)
    rescuer.set_viewport_size({"width": 390, "height": 844})
    for name in ("We go", "Copy"):
        for one in card.get_by_role("button", name=name).all():
            box = one.bounding_box()
            assert box and box["height"] >= THUMB_PX, name
    card.get_by_role("button", name="We go").click()
    expect(card).to_have_attribute("data-state", "taken")
    expect(waiting).to_be_hidden(timeout=PATIENCE_MS)
    card.get_by_role("button", name="We are there").click()
    expect(card).to_have_attribute("data-state", "there")
    card.get_by_text("Finished", exact=True).click()
    card.get_by_role("button", name="found and helped").click()
    expect(card).to_have_count(0)
    rescuer.locator("details", has_text="Finished").locator("summary").click()
    expect(rescuer.get_by_text("found and helped")).to_be_visible()


def test_rescuers_see_nothing_else_of_the_flight(rescuer: Page, flight: str) -> None:
    for path in (flight, "/sorties", "/patrols", "/search"):
        answer = rescuer.goto(path)
        assert answer and answer.status == 403, path
    sortie = flight.replace("/sorties/", "/api/v1/aerial/sorties/")
    for what in ("", "/tracks", "/moments", "/picture?at=0", "/reviews"):
        assert rescuer.request.get(sortie + what).status == 403, what
    rescuer.goto("/rescues")
    links = rescuer.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert links[0] == "Rescues"
    assert not {"Sorties", "Patrols", "Live"} & set(links)


@pytest.fixture(params=["ready", "flying"])
def bare(request: pytest.FixtureRequest, node: RunningNode) -> str:
    """The page of a flight of which no more is known than where the aircraft was: no camera
    angles, no terrain, no picture."""
    dsn, sortie_id = node.addresses["postgres"], uuid4()
    fly(dsn, sortie_id=sortie_id)
    places = [
        Moment(frame=n, at_s=float(n), latitude=42.3 + n / 1000, longitude=20.5, height_m=None)
        for n in range(4)
    ]
    with psycopg.connect(dsn) as connection:
        for one in places:
            connection.execute(KEEP_MOMENT, moment_row(sortie_id, one))
        changed = "UPDATE sortie SET state = %s, width = 0, airframe = 'X' WHERE sortie_id = %s"
        connection.execute(changed, (request.param, sortie_id))
    return f"/sorties/{sortie_id}"


def called(page: Page, said: str, place: str = "") -> None:
    """By the form at the head of the page of a flight."""
    asks = page.locator(".calling")
    if not asks.get_by_label("What is seen").is_visible():
        asks.get_by_text("Someone in trouble: call rescue").click()
    asks.get_by_label("What is seen, in a few words").fill(said)
    if place:
        asks.get_by_label("Place, if you know it").fill(place)
    asks.get_by_role("button", name="Call rescue").click()


def test_rescue_is_called_from_a_flight_of_which_no_place_is_known(
    pilot: Page, rescuer: Page, bare: str
) -> None:
    words = f"waves {uuid4().hex[:6]}"
    pilot.goto(bare)
    expect(pilot.locator("#slider")).to_have_attribute("max", "3")
    called(pilot, f"{words} first")
    told = pilot.locator(".calling [role=status]")
    expect(told).to_contain_text("where the aircraft was, not what it saw")
    fits(pilot)
    called(pilot, f"{words} second", "N 42° 15.000' E 20° 30.000'")
    expect(told).to_contain_text("42.25000, 20.50000")
    pilot.set_viewport_size({"width": 1280, "height": 844})
    field = pilot.get_by_label("Place, if you know it")
    field.fill("")
    pilot.locator(".viewer-map .leaflet-container").click(position={"x": 60, "y": 60})
    expect(field).to_have_value(re.compile(r"^42\.\d{6}, 20\.\d{6}$"))
    called(pilot, f"{words} third")
    expect(told).to_contain_text("A person gave this place")
    rescuer.goto("/rescues")
    cards = {
        which: rescuer.locator("[data-task]", has_text=f"{words} {which}")
        for which in ("first", "second", "third")
    }
    expect(cards["first"].locator("[data-placed=aircraft]")).to_be_visible(timeout=PATIENCE_MS)
    expect(cards["first"]).to_contain_text("up to 15 km from the aircraft")
    expect(cards["second"].get_by_label("Decimal degrees")).to_have_value("42.25000, 20.50000")
    expect(cards["third"].locator("[data-placed=said]")).to_be_visible()
    fits(rescuer)


def spoken_of(node: RunningNode) -> str:
    """The page of a flight whose files are here, and of which an officer named a track."""
    sortie_id = uuid4()
    track = moving(sortie_id)
    dsn = node.addresses["postgres"]
    fly(dsn, track, sortie_id=sortie_id)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO sortie_review (sortie_id, track_id, named, officer, at, machine, share,"
            " remark, why) VALUES (%s, %s, 'vehicle', 'ana', now(), 'person', 0.7, '', '{}')",
            (sortie_id, track.track_id),
        )
        connection.execute(
            "INSERT INTO sortie_file (sortie_id, kind, name, kept_as, bytes, sha256)"
            " VALUES (%s, 'telemetry', 'a.srt', 'a.srt', 1, 'x')",
            (sortie_id,),
        )
    return f"/sorties/{sortie_id}"


def test_what_people_spoke_of_is_done_anew_only_once_they_are_told_and_say_why(
    pilot: Page, node: RunningNode
) -> None:
    pilot.set_viewport_size({"width": 1280, "height": 844})
    pilot.goto(spoken_of(node))
    pilot.get_by_text("Hand in video and telemetry").click()
    telemetry = {"name": "b.srt", "mimeType": "text/plain", "buffer": b"1\n"}
    pilot.locator("input[name=telemetry]").set_input_files(telemetry)
    pilot.get_by_role("button", name="Hand in", exact=True).click()
    handing = pilot.locator(".hand-in")
    expect(handing.get_by_text("1 tracks named, 0 tasks")).to_be_visible()
    expect(handing.get_by_label("Why it is done all the same")).to_be_visible()
    pilot.get_by_role("button", name="Work it through again", exact=True).click()
    again = pilot.locator("form", has=pilot.get_by_role("button", name="all the same"))
    expect(again.get_by_text("stays as it was")).to_be_visible()
    expect(pilot.get_by_text("ready", exact=True)).to_be_visible()
    again.get_by_label("Why it is done all the same").fill("the terrain is imported now")
    again.get_by_role("button", name="Work it through again all the same").click()
    expect(pilot.get_by_text("waiting to be worked through")).to_be_visible()


def test_a_flight_is_forgotten_early_for_a_reason(pilot: Page, flight: str) -> None:
    pilot.goto(flight)
    pilot.get_by_text("Forget it now").click()
    expect(pilot.get_by_text("are gone for good")).to_be_visible()
    pilot.get_by_label("Why it is forgotten before its time").fill("a test flight")
    pilot.get_by_role("button", name="Forget it", exact=True).click()
    expect(pilot).to_have_url(re.compile("/sorties$"))
    answer = pilot.request.get(flight.replace("/sorties/", "/api/v1/aerial/sorties/"))
    assert answer.status == 404


def test_tracks_are_taken_out_by_a_button_for_a_purpose(officer: Page, flight: str) -> None:
    officer.set_viewport_size({"width": 1280, "height": 844})
    officer.goto(flight)
    part = officer.locator("#giving")
    part.get_by_text("Take the tracks out as a file").click()
    part.get_by_label("Format").select_option(label="KML")
    part.get_by_label("What for").first.select_option(label="serious crime")
    part.get_by_label("Case number").fill("C-7")
    part.get_by_label("Legal basis").fill("Police Act 12")
    part.get_by_label("What is looked for, and why").fill("police work")
    part.get_by_role("button", name="Take it out").click()
    expect(part.get_by_role("alert")).not_to_be_empty()
    part.get_by_label("What is looked for, and why").fill("lorry with stolen timber by the mill")
    with officer.expect_download() as given:
        part.get_by_role("button", name="Take it out").click()
    assert given.value.suggested_filename.endswith(".kml")
    assert b"<kml" in Path(given.value.path()).read_bytes()
    expect(part.get_by_text("Saved as sortie-")).to_be_visible()
    fits(officer)
