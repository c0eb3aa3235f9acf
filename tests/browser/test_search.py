"""The search page in a real browser against a real node: what an investigator asks of it."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from playwright.sync_api import APIResponse, Locator, Page, expect
from tests.browser.test_sites import shown_everywhere

from invented import read
from morina.sense import Evidence, Read
from running import RunningNode

expect.set_options(timeout=60_000)

COUNT_CLICKS = """
addEventListener("click", (e) => {
  if (e.isTrusted && e.detail > 0) {
    sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
  }
}, true)
"""
"""Clicks of the mouse; those a key makes have no detail."""

NOW = datetime.now(UTC).replace(microsecond=0)
HOURS = (6, 17, 9, 20, 13, 11)
"""At which the six journeys begin, so that no habit explains them."""

STANDING = re.compile(r"[1-9]\d* cameras? stands? there: \S")
"""Each test has a road of its own, all at the same places."""

PLACES = ((42.05, 20.40), (42.10, 20.45), (42.15, 20.55), (42.20, 20.65), (42.25, 20.75))


@dataclass(frozen=True)
class Road:
    """Five cameras along a road, and reads published as passing them."""

    desk: Page
    node: RunningNode
    cameras: tuple[str, ...]
    name: str
    publish: Callable[[list[Read]], None]

    def passed(self, reads: list[Read], plate: str, n: int) -> None:
        """Publish, then wait until ``n`` passages of the plate are kept."""
        for at in range(0, len(reads), 200):
            self.publish(reads[at : at + 200])
        for _ in range(600):
            if self.kept(plate) >= n:
                return
            self.desk.wait_for_timeout(500)
        raise AssertionError(f"only {self.kept(plate)} of {n} passages of {plate} are kept")

    def kept(self, plate: str) -> int:
        """How many passages of it can be found."""
        period = {
            "begins_at": (NOW - timedelta(days=20)).isoformat(),
            "ends_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        }
        asked = self.desk.request.post(
            "/api/v1/records/questions",
            data={
                "kind": "texts",
                "purpose": {
                    "code": "oversight",
                    "case_number": "T-1",
                    "legal_basis": "Invented Act",
                    "justification": "a test waits for its reads",
                },
                "question": {"scope": {"period": period}, "text": {"text": plate}},
            },
            headers={"Origin": self.node.url},
        )
        assert asked.ok, asked.text()
        here = f"/api/v1/records/questions/{asked.json()['question_id']}"
        while self.desk.request.get(f"{here}?wait_s=20").json()["stage"] in ("waiting", "running"):
            pass  # it waits itself
        found = self.desk.request.get(f"{here}/answer").json()["found"]
        return sum(one["passages"] for one in found)


@pytest.fixture
def road(desk: Page, node: RunningNode) -> Iterator[Road]:
    """A road of its own."""
    name = uuid4().hex[:6]
    cameras = tuple(f"road-{name}-{n}" for n in range(len(PLACES)))
    for n, (camera, (latitude, longitude)) in enumerate(zip(cameras, PLACES, strict=True)):
        place = {"name": f"Lane {name} {n}", "site": f"Site {name} {n}"}
        sent = {**place, "latitude": latitude, "longitude": longitude}
        put = desk.request.put(f"/api/v1/cameras/{camera}", data=sent, headers={"Origin": node.url})
        assert put.ok, put.text()

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop running in this one
        yield Road(
            desk=desk, node=node, cameras=cameras, name=name,
            publish=lambda reads: thread.submit(node.publish, reads).result(),
        )  # fmt: skip


def new_plate() -> str:
    """A text nobody else's test uses, without characters that look alike."""
    dice = Random()
    letters = "".join(dice.choices("EFHJKLNPRTX", k=5))
    return f"{letters}{dice.randrange(347, 350)}"


def at(text: str | None, camera: str, moment: datetime, **fields: object) -> Read:
    """A passage without pictures."""
    usual: dict[str, object] = {"evidence": None, "confidence": 0.97}
    return read(
        text, "AL", camera_id=camera, captured_at=moment, received_at=moment, **usual | fields
    )


def give_purpose(page: Page) -> None:
    """One click on what it is for; the rest is typed."""
    page.get_by_label("stolen vehicle").click()
    for typed in ("C-2026-117", "Invented Act, section 12", "stolen on Monday near the mill"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)


def search(page: Page, text: str) -> None:
    """From the search page to an answer."""
    expect(page.locator("[name=plate]")).to_be_focused()
    page.keyboard.type(text)
    give_purpose(page)
    page.get_by_role("button", name="Search", exact=True).click()


def answer(page: Page) -> Locator:
    """What is said above the findings."""
    return page.locator(".answered")


def test_where_was_it_last_week_takes_three_clicks(
    desk: Page, road: Road, pass_by: Callable[[str], Read]
) -> None:
    plate = new_plate()
    with_picture = pass_by("CD34EFG").evidence
    assert isinstance(with_picture, Evidence)
    reads = [at(plate, camera, NOW - timedelta(days=2, minutes=9 * n))
             for n, camera in enumerate(road.cameras)]  # fmt: skip
    reads[0] = replace(reads[0], evidence=with_picture)
    old = at(plate, road.cameras[0], NOW - timedelta(days=9))
    road.passed([*reads, old], plate, 6)
    desk.goto("/")
    desk.evaluate(COUNT_CLICKS)
    desk.context.add_init_script(COUNT_CLICKS)
    desk.get_by_role("link", name="Search", exact=True).click()
    search(desk, plate.lower())
    expect(desk.get_by_role("heading", name=f"{plate}: 5 passages")).to_be_visible()
    assert desk.evaluate("Number(sessionStorage.clicks)") == 3
    said = answer(desk)
    expect(said).to_contain_text("for case C-2026-117 (stolen vehicle): consultation no.")
    expect(said).to_contain_text("Looked at")
    passages = desk.locator(".passage")
    expect(passages).to_have_count(5)
    expect(passages.first).to_contain_text(f"Lane {road.name} 0")
    expect(passages.first).to_contain_text("confidence 97%")
    expect(passages.first.locator("img")).to_have_attribute("loading", "lazy")
    expect(passages.first.get_by_role("link", name="overview image")).to_be_visible()
    expect(desk.locator(".map-camera-numbered")).to_have_text(["1", "2", "3", "4", "5"])
    shown_everywhere(desk)


def test_a_refused_purpose_says_what_is_missing_and_asks_nothing(desk: Page) -> None:
    plate = new_plate()
    desk.goto("/search")
    expect(desk.locator("[name=plate]")).to_be_focused()
    desk.keyboard.type(plate)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Choose what the question is for.")).to_be_visible()
    desk.get_by_label("stolen vehicle").click()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Give the case number: every question needs it.")).to_be_visible()
    expect(desk.locator("[name=case_number]")).to_be_focused()
    desk.keyboard.type("C-1")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Invented Act")
    desk.keyboard.press("Tab")
    desk.keyboard.type("because")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Say in a sentence what is looked for, and why.")).to_be_visible()
    assert desk.request.get(f"/api/v1/records/consultations?plate={plate}").json() == []
    desk.keyboard.type(" it was stolen")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name=f"{plate}: 0 passages")).to_be_visible()
    expect(desk.get_by_text("Nothing was found.")).to_be_visible()
    [logged] = desk.request.get(f"/api/v1/records/consultations?plate={plate}").json()
    assert logged["justification"] == "because it was stolen"


def test_all_passages_are_reached_page_by_page(desk: Page, road: Road) -> None:
    plate, camera = new_plate(), road.cameras[1]
    reads = [at(plate, camera, NOW - timedelta(minutes=n)) for n in range(1005)]
    road.passed(reads, plate, 1005)
    desk.goto("/search")
    search(desk, plate)
    expect(desk.get_by_role("heading", name=f"{plate}: 1000 passages")).to_be_visible()
    expect(answer(desk)).to_contain_text("There is more than is shown at once")
    expect(desk.locator(".passage")).to_have_count(50)
    desk.get_by_text("50 of 1000").wait_for()
    desk.get_by_role("button", name="More", exact=True).click()
    expect(desk.locator(".passage")).to_have_count(100)
    desk.get_by_role("button", name="Older passages").click()
    expect(desk.get_by_role("heading", name=f"{plate}: 5 passages")).to_be_visible()
    expect(desk.locator(".passage")).to_have_count(5)
    desk.get_by_role("button", name="Back to the answer before").click()
    expect(desk.get_by_role("heading", name=f"{plate}: 1000 passages")).to_be_visible()


def test_a_pattern_shows_the_texts_and_one_opens_its_passages(desk: Page, road: Road) -> None:
    plate = new_plate()
    other = plate[:-1] + ("1" if plate[-1] != "1" else "4")
    camera, ago = road.cameras[2], NOW - timedelta(hours=3)
    reads = [at(plate, camera, ago), at(plate, camera, NOW - timedelta(hours=9))]
    road.passed([*reads, at(other, camera, ago)], other, 1)
    road.passed([], plate, 2)
    desk.goto("/search")
    search(desk, f"{plate[:-1]}?")
    expect(desk.get_by_role("heading", name=f"{plate[:-1]}?: 2 plates")).to_be_visible()
    rows = desk.locator("tbody tr")
    expect(rows.first).to_contain_text(plate)
    shown_everywhere(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.get_by_role("button", name=f"Passages of {other}").click()
    expect(desk.get_by_role("heading", name=f"{other}: 1 passage")).to_be_visible()


def test_one_different_character_is_marked_and_said(desk: Page, road: Road) -> None:
    plate = new_plate()
    road.passed([at(plate, road.cameras[0], NOW - timedelta(hours=1))], plate, 1)
    asked = plate[:2] + "W" + plate[3:]
    desk.goto("/search")
    expect(desk.locator("[name=plate]")).to_be_focused()
    desk.locator("[name=fits]").select_option("near")
    desk.locator("[name=plate]").focus()
    search(desk, asked)
    row = desk.locator("tbody tr").filter(has_text="instead of W")
    expect(row.locator("mark")).to_have_text(plate[2])
    expect(row).to_contain_text(f"{plate[2]} at place 3 instead of W")


def test_who_travelled_with_it_is_one_click_from_the_plate(desk: Page, road: Road) -> None:
    plate, companion = new_plate(), new_plate()
    dice, reads = Random(5), []
    for day in range(1, 7):
        start = NOW.replace(hour=HOURS[day - 1], minute=7 * day) - timedelta(days=day)
        for n, camera in enumerate(road.cameras):
            moment = start + timedelta(minutes=9 * n)
            reads += [
                at(plate, camera, moment),
                at(companion, camera, moment + timedelta(seconds=15)),
            ]
    week_ago = NOW - timedelta(days=7)
    for _ in range(1200):
        moment = week_ago + timedelta(seconds=dice.randrange(7 * 86_400 - 60))
        reads.append(at(new_plate(), dice.choice(road.cameras), moment))
    road.passed(reads, plate, 30)
    road.passed([], companion, 30)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("button", name="Who travelled with it").click()
    expect(desk.get_by_role("heading", name=f"Who travelled with {plate}")).to_be_visible()
    first = desk.locator(".companions > li").first
    expect(first).to_contain_text(companion)
    expect(first).to_contain_text("chance does not explain it")
    expect(first).to_contain_text("met at 5 of 5 places on 6 of 6 journeys")
    expect(desk.get_by_role("heading", name=f"Met {companion}")).to_be_visible()
    expect(desk.locator(".meetings li")).to_have_count(30)
    expect(desk.locator(".meetings li").first).to_contain_text("15 s after it")
    expect(desk.locator(".map-camera-numbered")).to_have_count(5)
    shown_everywhere(desk)


def test_the_week_by_hour_and_what_is_remembered(desk: Page, road: Road) -> None:
    plate = new_plate()
    moments = [NOW - timedelta(days=2), NOW - timedelta(days=2, minutes=1)]
    road.passed([at(plate, road.cameras[0], moment) for moment in moments], plate, 2)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("button", name="Usual times").click()
    expect(desk.get_by_role("heading", name=f"Usual times of {plate}")).to_be_visible()
    expect(desk.locator(".facts")).to_contain_text("In what we still remember")
    counts = [int(cell) for cell in desk.locator(".week td").all_inner_texts() if cell]
    assert sum(counts) == 2
    shown_everywhere(desk)


def test_an_impossible_journey_is_judged_and_its_plate_labelled(desk: Page, road: Road) -> None:
    plate = new_plate()
    first = at(plate, road.cameras[0], NOW - timedelta(days=1))
    second = at(plate, road.cameras[4], NOW - timedelta(days=1) + timedelta(minutes=2))
    road.passed([first, second], plate, 2)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("button", name="Impossible journeys", exact=True).click()
    expect(desk.get_by_role("heading", name=f"Impossible journeys of {plate}")).to_be_visible()
    journey = desk.locator(".companions > li")
    expect(journey).to_have_count(1)
    expect(journey).to_contain_text("suspected clone")
    expect(journey).to_contain_text("Two vehicles may bear this plate")
    expect(desk.locator(".map-camera-numbered")).to_have_text(["1", "2"])
    shown_everywhere(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    journey.get_by_text("Label it as a suspected clone").click()
    journey.get_by_role("button", name="Label", exact=True).click()
    expect(journey.get_by_role("alert")).to_contain_text("3 words or more")
    journey.get_by_label("Why two vehicles may bear it").fill("seen red and seen blue")
    journey.get_by_role("button", name="Label", exact=True).click()
    expect(journey).to_contain_text(f"{plate} is labelled as a suspected clone.")
    labels = desk.request.get("/api/v1/suspected-clones").json()
    [label] = [one for one in labels if one["plate"]["text"] == plate]
    assert set(label["passages"]) == {str(first.read_id), str(second.read_id)}


def test_who_was_at_both_places_under_the_purpose_given_before(desk: Page, road: Road) -> None:
    plate, here_only = new_plate(), new_plate()
    here, there = road.cameras[0], road.cameras[3]
    road.passed(
        [at(plate, here, NOW - timedelta(hours=5)), at(plate, there, NOW - timedelta(hours=4)),
         at(here_only, here, NOW - timedelta(hours=5))],
        plate, 2,
    )  # fmt: skip
    desk.goto("/search")
    search(desk, plate)
    expect(desk.get_by_role("heading", name=f"{plate}: 2 passages")).to_be_visible()
    desk.get_by_role("button", name="At two places").click()
    expect(desk.locator("[name=code]")).to_have_count(0)
    expect(desk.locator("[name=where2]")).to_be_visible()
    desk.get_by_role("button", name="Search", exact=True).click()
    expect(desk.get_by_text("is not chosen; choose a site or a camera")).to_be_visible()
    desk.locator("[name=where1]").select_option(f"camera:{here}")
    desk.locator("[name=where2]").select_option(f"site:Site {road.name} 3")
    desk.get_by_role("button", name="Search", exact=True).click()
    names = f"Lane {road.name} 0, Site {road.name} 3"
    expect(desk.get_by_role("heading", name=f"At both places: {names}")).to_be_visible()
    expect(answer(desk)).to_contain_text("for case C-2026-117")
    row = desk.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(plate)
    shown_everywhere(desk)


def test_an_area_is_drawn_with_the_mouse_and_asked_for_as_drawn(desk: Page, road: Road) -> None:
    plate = new_plate()
    road.passed(
        [at(plate, road.cameras[1], NOW - timedelta(hours=2)),
         at(plate, road.cameras[4], NOW - timedelta(hours=1))],
        plate, 2,
    )  # fmt: skip
    desk.goto("/search")
    desk.wait_for_function("window.did_handshake")
    desk.locator("[name=where]").select_option("area")
    drawing = desk.locator(".map-draws")
    drawing.scroll_into_view_if_needed()
    expect(drawing).to_have_attribute("aria-label", "Map. Arrow keys move it, plus and minus zoom.")
    box = drawing.bounding_box()
    assert box is not None
    for across, down in ((0.2, 0.05), (0.97, 0.05), (0.97, 0.3)):
        desk.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    spots = desk.locator("[name=where_spots]")
    expect(spots).to_have_value(re.compile(r"^[\d.]+ [\d.]+; [\d.]+ [\d.]+; [\d.]+ [\d.]+$"))
    expect(desk.locator(".map-corner")).to_have_count(3)
    desk.get_by_role("button", name="Take the last corner out").click()
    expect(desk.locator(".map-corner")).to_have_count(2)
    spots.fill("42.08 20.40; 42.12 20.40; 42.12 20.50; 42.08 20.50")
    expect(desk.locator(".map-corner")).to_have_count(4)
    expect(desk.locator(".where-panel [role=status]")).to_contain_text(STANDING)
    shown_everywhere(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("[name=plate]").focus()
    search(desk, plate)
    expect(desk.get_by_role("heading", name=f"{plate}: 1 passage")).to_be_visible()
    [logged] = desk.request.get(f"/api/v1/records/consultations?plate={plate}&limit=1").json()
    assert "area 42.08 20.4; 42.12 20.4; 42.12 20.5; 42.08 20.5" in logged["question"]


@pytest.mark.usefixtures("road")
def test_a_corner_is_set_and_taken_out_without_the_mouse(desk: Page) -> None:
    desk.goto("/search")
    desk.wait_for_function("window.did_handshake")
    desk.locator("[name=where]").select_option("strip")
    drawing = desk.locator(".map-draws")
    drawing.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".map-corner")).to_have_count(1)
    desk.keyboard.press("ArrowRight")
    desk.wait_for_timeout(500)
    desk.keyboard.press("Enter")
    expect(desk.locator(".map-corner")).to_have_count(2)
    desk.locator(".map-corner").first.focus()
    desk.keyboard.press("Delete")
    expect(desk.locator(".map-corner")).to_have_count(1)
    desk.locator("[name=where_spots]").fill("42.05 20.40; 42.10 20.45")
    desk.locator("[name=where_within]").fill("50")
    expect(desk.locator(".where-panel [role=status]")).to_contain_text(STANDING)
    desk.locator("[name=where_spots]").fill("north of here")
    desk.locator("[name=plate]").focus()
    search(desk, "AA123BC")
    expect(desk.get_by_text("is no place; write latitude and longitude")).to_be_visible()


def test_several_cameras_are_asked_together(desk: Page, road: Road) -> None:
    plate = new_plate()
    reads = [
        at(plate, camera, NOW - timedelta(hours=n)) for n, camera in enumerate(road.cameras, 1)
    ]
    road.passed(reads, plate, 5)
    desk.goto("/search")
    desk.wait_for_function("window.did_handshake")
    desk.locator("[name=where]").select_option("several")
    ticks = desk.locator(".tick-list")
    ticks.get_by_label(f"Lane {road.name} 0, Site {road.name} 0").check()
    ticks.get_by_label(f"Site {road.name} 3 (Sites)").check()
    shown_everywhere(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("[name=plate]").focus()
    search(desk, plate)
    expect(desk.get_by_role("heading", name=f"{plate}: 2 passages")).to_be_visible()


def test_journeys_say_where_to_and_are_drawn_one_by_one(desk: Page, road: Road) -> None:
    plate = new_plate()
    start = NOW - timedelta(days=2)
    there = [at(plate, camera, start + timedelta(minutes=9 * n))
             for n, camera in enumerate(road.cameras)]  # fmt: skip
    back = [at(plate, camera, start + timedelta(days=1, minutes=9 * n))
            for n, camera in enumerate(road.cameras[2::-1])]  # fmt: skip
    road.passed([*there, *back], plate, 8)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("button", name="Journeys", exact=True).click()
    expect(desk.get_by_role("heading", name=f"Journeys of {plate}: 2 journeys")).to_be_visible()
    journeys = desk.locator(".companions > li")
    expect(journeys.nth(0)).to_contain_text("3 passages, 18 min, towards the south-west")
    expect(journeys.nth(1)).to_contain_text("5 passages, 36 min, towards the north-east")
    expect(journeys.nth(1)).to_contain_text("9 min after the one before")
    expect(desk.locator(".map-camera-numbered")).to_have_count(3)
    desk.get_by_role("button", name="On the map: journey 2").click()
    expect(desk.locator(".map-camera-numbered")).to_have_text(["1", "2", "3", "4", "5"])
    shown_everywhere(desk)


def test_a_plate_partly_known_is_found_in_any_order(desk: Page, road: Road) -> None:
    plate = new_plate()
    road.passed([at(plate, road.cameras[0], NOW - timedelta(hours=1))], plate, 1)
    desk.goto("/search")
    expect(desk.locator("[name=plate]")).to_be_focused()
    expect(desk.locator("[name=length]")).to_be_hidden()
    desk.locator("[name=fits]").select_option("partial")
    desk.locator("[name=length]").fill("8")
    desk.locator("[name=plate]").focus()
    search(desk, plate[::-1])
    expect(desk.locator("tbody tr").filter(has_text=plate)).to_have_count(1)


def test_look_alikes_are_grouped_by_how_much_they_differ(desk: Page, road: Road) -> None:
    beginning = new_plate()[:6].replace("E", "F")
    plate, one, two = f"{beginning}B0", f"{beginning}80", f"{beginning}8O"
    moments = [NOW - timedelta(hours=n) for n in range(1, 4)]
    texts = zip((two, one, plate), moments, strict=True)
    road.passed([at(text, road.cameras[0], moment) for text, moment in texts], plate, 1)
    road.passed([], two, 1)
    desk.goto("/search")
    search(desk, plate)
    desk.get_by_role("button", name="With look-alikes").click()
    expect(desk.get_by_role("heading", name=f"{plate} and its look-alikes: 3")).to_be_visible()
    expect(desk.locator(".grades h3")).to_have_text(
        ["as asked for", "1 character differs", "2 characters differ"]
    )
    rows = desk.locator(".grades .alike")
    expect(rows.nth(1)).to_contain_text("8 at place 7 instead of B")
    expect(rows.nth(2).locator("mark")).to_have_text(["8", "O"])
    shown_everywhere(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.get_by_role("button", name=f"Passages of {two}").click()
    expect(desk.get_by_role("heading", name=f"{two}: 1 passage")).to_be_visible()


def test_a_suspected_clone_and_pinned_reads_are_told_with_the_answer(
    desk: Page, road: Road, call: Callable[[str, object], APIResponse]
) -> None:
    plate = new_plate()
    passed = at(plate, road.cameras[0], NOW - timedelta(hours=2))
    road.passed([passed], plate, 1)
    review = (NOW + timedelta(days=90)).date().isoformat()
    label = {"text": plate, "reason": "seen red and seen blue", "review_on": review}
    call("/suspected-clones", label | {"passages": [str(passed.read_id)]})
    purpose = {"code": "crime", "case_number": "C-9", "legal_basis": "Invented Act, section 12",
               "justification": "a test pins its read"}  # fmt: skip
    ends = {"begins_at": (NOW - timedelta(days=1)).isoformat(), "ends_at": NOW.isoformat()}
    call("/records/pins", {"purpose": purpose, "plate": plate, "review_at": review} | ends)
    desk.goto("/search")
    search(desk, plate)
    said = answer(desk)
    expect(said.get_by_role("note")).to_contain_text("The keeper may be innocent")
    expect(said.get_by_role("note")).to_contain_text("seen red and seen blue")
    expect(said).to_contain_text(f"1 read of {plate} is pinned for another case until")
    expect(said).not_to_contain_text("C-9")
    row = desk.locator(".passage").first
    expect(row).to_contain_text("suspected clone: protect the keeper")
    shown_everywhere(desk)
