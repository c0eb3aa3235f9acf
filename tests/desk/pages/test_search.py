"""What the search page makes of its form and of answers, without a browser."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from nicegui import Client
from nicegui.page import page

from invented import NOW
from morina.accountability import PurposeCode, RefusedPurposeError, User
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.search.answered import Desk
from morina.desk.pages.search.controls import Controls
from morina.desk.pages.search.covered import STOPPED, down_words, sentences
from morina.desk.pages.search.fields import (
    PERIODS,
    VEHICLES,
    apart_of,
    area_of,
    areas_of,
    back_of,
    day_of,
    hours_of,
    instant,
    period_of,
    periods,
    purpose_of,
    scope_of,
    text_of,
)
from morina.desk.pages.search.marked import difference_words
from morina.desk.pages.search.page import REFUSED
from morina.desk.pages.search.track import Stop, pin, ways_of
from morina.desk.pages.search.trips import leg_words, towards
from morina.desk.pages.search.where import Places, Where, standing_in, where_of
from morina.desk.pages.visit import Visit
from morina.desk.said import translated, translated_parts, translated_sentences
from morina.desk.services import Services
from morina.desk.words import Words
from morina.plates import Plate
from morina.records import Period
from morina.records.asking import Rules
from morina.records.clones import CloneRules, Fault, Mistaken, Passage, judged, too_fast
from morina.records.journeys import trips
from morina.records.kinds import RefusedQuestionError
from morina.records.place import Place, Spot, Strip
from morina.records.placing import CHOOSE, NOTHING_THERE
from morina.records.questions import Coverage, Down, Less
from morina.records.questions import Stop as Why
from morina.records.retention import Group, Retention
from morina.records.roads import Link, Roads
from morina.records.texts import AnyText, Exact, LookAlikes, Near, Partial, Unread, Wildcard
from morina.sense.cameras import Camera
from morina.sense.cameras.wire.classes import CLASSES

TIRANE = ZoneInfo("Europe/Tirane")
CAMERAS = tuple(
    Camera(camera_id=f"lane-{n}", name=f"Lane {n}", site="Bridge" if n < 3 else "Pass",
           latitude=42 + n / 10, longitude=20.5)
    for n in range(1, 4)
)  # fmt: skip
KNOWN = Places(CAMERAS, {"border": frozenset({"lane-3"})})
GATE = Group(name="gate", owner="a", policy="b", days=200, cameras=frozenset({"lane-3"}))
WHY = {
    "code": "stolen_vehicle",
    "case_number": " C-1 ",
    "legal_basis": "Invented Act",
    "justification": "stolen on Monday",
}


def desk(language: str = "en") -> Desk:
    user = User(name="arta", full_name="Arta", time_zone="Europe/Tirane")
    visit = Visit(cast(Services, None), user, Words(language))
    return Desk(visit, {one.camera_id: one for one in CAMERAS}, cast(Any, None), ())


def test_every_purpose_has_a_name_and_every_refusal_its_words() -> None:
    assert set(PURPOSES) == set(PurposeCode)
    for field in WHY:
        with pytest.raises(RefusedPurposeError) as refused:
            purpose_of(WHY | {field: ""}, "arta")
        assert refused.value.field in REFUSED


def test_a_purpose_is_that_of_the_form() -> None:
    made = purpose_of(WHY, "arta")
    assert (made.officer, made.code, made.case_number) == ("arta", "stolen_vehicle", "C-1")


@pytest.mark.parametrize(
    ("fits", "typed", "text"),
    [
        ("exact", " aa 123-bc", Exact("AA123BC")),
        ("look_alikes", "AA123BC", LookAlikes("AA123BC")),
        ("near", "AA123BC", Near("AA123BC")),
        ("pattern", "AA*", Wildcard("AA*")),
        ("exact", "AB?2*", Wildcard("AB?2*")),
        ("any", "", AnyText()),
        ("unread", "", Unread()),
        ("partial", "2 aB", Partial("2AB")),
    ],
)
def test_what_is_typed_is_asked_as_chosen(fits: str, typed: str, text: object) -> None:
    assert text_of({"fits": fits, "plate": typed}) == text


@pytest.mark.parametrize(
    ("fits", "typed"),
    [("exact", ""), ("exact", "AA!"), ("near", "AA"), ("pattern", "A*"), ("any", "AA123BC"),
     ("pattern", "A" * 13), ("pattern", "AB#"), ("partial", "A")],
)  # fmt: skip
def test_a_refused_text_is_refused_in_albanian(fits: str, typed: str) -> None:
    with pytest.raises(RefusedQuestionError) as refused:
        text_of({"fits": fits, "plate": typed})
    said = f"{refused.value.fault}; {refused.value.mend}"
    assert translated(said, Words("sq")) != said


def test_the_length_of_a_plate_partly_known_is_as_typed() -> None:
    fields = {"fits": "partial", "plate": "AB2"}
    assert text_of(fields | {"length": " 7 "}) == Partial("AB2", 7)
    for wrong in ("seven", "2", "99"):
        with pytest.raises(RefusedQuestionError, match="length") as refused:
            text_of(fields | {"length": wrong})
        said = f"{refused.value.fault}; {refused.value.mend}"
        assert translated(said, Words("sq")) != said


def test_the_last_week_is_asked_for_unless_chosen_otherwise() -> None:
    assert period_of({}, NOW, TIRANE, 365) == Period(NOW - timedelta(days=7), NOW)
    day = period_of({"period": "24h"}, NOW, TIRANE, 365)
    assert day.begins_at == NOW - timedelta(hours=24)
    everything = period_of({"period": "all"}, NOW, TIRANE, 365)
    assert everything.begins_at == NOW - timedelta(days=365)


@pytest.mark.parametrize(
    ("kept", "days_back", "days", "words"),
    [
        (Retention(days=90), 365, 90, "all we remember"),
        (Retention(days=30, groups=(GATE,)), 365, 200, "all we remember"),
        (Retention(days=30, groups=(GATE,)), 100, 100,
         "all that may be asked for, the last 100 days"),
        (None, 365, 365, "all we remember"),
    ],
)  # fmt: skip
def test_all_we_remember_goes_back_as_far_as_reads_are_kept_and_may_be_asked_for(
    kept: Retention | None, days_back: int, days: int, words: str
) -> None:
    asking = SimpleNamespace(rules=Rules(days_back=days_back))
    services = SimpleNamespace(
        search=SimpleNamespace(asking=asking),
        forgotten=SimpleNamespace(policies=kept) if kept else None,
    )
    back = back_of(cast(Services, services))
    assert back.days == days
    assert periods(back, Words("en"))["all"] == words
    assert set(periods(back, Words("en"))) == set(PERIODS)


def test_own_times_are_by_the_officers_clock() -> None:
    own = {"period": "own", "begins_at": "2026-07-01T10:00", "ends_at": "2026-07-01T11:30"}
    hours = period_of(own, NOW, TIRANE, 365)
    assert hours.begins_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert hours.ends_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    with pytest.raises(RefusedQuestionError, match="begins_at"):
        period_of(own | {"begins_at": ""}, NOW, TIRANE, 365)


def test_a_day_is_from_midnight_to_midnight_there_also_when_clocks_change() -> None:
    day = day_of({"day": "2026-10-25"}, TIRANE)
    assert day.begins_at == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day.ends_at - day.begins_at == timedelta(hours=25)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "soon"])
def test_a_day_at_either_end_of_the_calendar_is_refused_under_its_field(day: str) -> None:
    with pytest.raises(RefusedQuestionError, match="day: is no day; choose one"):
        day_of({"day": day}, TIRANE)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "soon"])
def test_a_time_before_all_time_is_refused_under_its_field(typed: str) -> None:
    with pytest.raises(RefusedQuestionError, match="begins_at: is no time"):
        instant({"begins_at": typed}, "begins_at", TIRANE)


def test_place_hours_and_looks_are_those_of_the_form() -> None:
    fields = {"where": "site:Bridge", "hours_begin": "22:00", "hours_end": "06:00", "day4": "yes",
              "make": " Fiat ", "country": "AL"}  # fmt: skip
    scope = scope_of(fields, KNOWN, NOW, TIRANE, 365)
    assert scope.cameras == {"lane-1", "lane-2"}
    assert scope.hours is not None
    assert (scope.hours.begins, scope.hours.ends) == (time(22), time(6))
    assert scope.hours.weekdays == {4}
    assert (scope.looks.make, scope.country) == ("Fiat", "AL")
    alone = scope_of({"where": "camera:lane-3"}, KNOWN, NOW, TIRANE, 365)
    assert alone.cameras == {"lane-3"}
    assert scope_of({}, KNOWN, NOW, TIRANE, 365).cameras is None


@pytest.mark.parametrize(("language", "lorry"), [("en", "lorry"), ("sq", "kamion")])
async def test_the_kind_of_vehicle_is_chosen_of_those_cameras_words_become(
    language: str, lorry: str
) -> None:
    assert set(VEHICLES) == set(CLASSES)
    user = User(name="arta", full_name="Arta", time_zone="Europe/Tirane")
    with Client(page("/search"), request=None) as client:
        Controls(Visit(cast(Services, None), user, Words(language)), KNOWN).more()
    [pick] = [one for one in client.elements.values() if one.props.get("name") == "vehicle_class"]
    assert pick.tag == "select"
    options = {one.props["value"]: one._text for one in pick}
    assert set(options) == {"", *CLASSES} and options["lorry"] == lorry
    scope = scope_of({"vehicle_class": "lorry"}, KNOWN, NOW, TIRANE, 365)
    assert scope.looks.vehicle_class == "lorry"


def test_no_hours_are_asked_where_all_are_meant() -> None:
    assert hours_of({}, TIRANE) is None
    assert hours_of({f"day{n}": "yes" for n in range(7)}, TIRANE) is None
    late = hours_of({"hours_begin": "20:00"}, TIRANE)
    assert late is not None
    assert late.weekdays == frozenset(range(7))


def test_an_area_needs_a_place() -> None:
    times = {"begins1": "2026-07-01T10:00", "ends1": "2026-07-01T11:00"}
    area = area_of(times | {"where1": "site:Pass"}, 1, KNOWN, TIRANE)
    assert (area.name, area.cameras) == ("Pass", {"lane-3"})
    assert area.place == Place(sites=frozenset({"Pass"}))
    alone = area_of(times | {"where1": "camera:lane-1"}, 1, KNOWN, TIRANE)
    assert (alone.name, alone.cameras) == ("Lane 1", {"lane-1"})
    group = area_of(times | {"where1": "group:border"}, 1, KNOWN, TIRANE)
    assert (group.name, group.cameras) == ("border", frozenset())
    assert group.place == Place(groups=frozenset({"border"}))
    with pytest.raises(RefusedQuestionError, match="where1"):
        area_of(times, 1, KNOWN, TIRANE)


def test_areas_are_those_the_form_has_in_their_order() -> None:
    times = {f"{end}{n}": "2026-07-01T10:00" for end in ("begins", "ends") for n in (1, 2, 3)}
    times |= {f"ends{n}": "2026-07-01T11:00" for n in (1, 2, 3)}
    drawn = {"where2": "area", "where2_spots": "42 20; 42.5 20; 42.5 21; 42 21"}
    fields = times | drawn | {"where1": "site:Pass", "where3": "camera:lane-1"}
    names = [area.name for area in areas_of(fields, KNOWN, TIRANE)]
    assert names == ["Pass", "area 2", "Lane 1"]
    assert apart_of({"apart": " 30 "}) == timedelta(minutes=30)
    assert apart_of({}) == timedelta()
    with pytest.raises(RefusedQuestionError, match="apart"):
        apart_of({"apart": "half an hour"})


def test_an_area_drawn_is_asked_for_as_drawn() -> None:
    fields = {"where": "area", "where_spots": " 42.05 20.40; 42.25, 20.4;42.25 20.6 ; "}
    scope = scope_of(fields, KNOWN, NOW, TIRANE, 365)
    corners = (Spot(42.05, 20.4), Spot(42.25, 20.4), Spot(42.25, 20.6))
    assert (scope.cameras, scope.place) == (None, Place(area=corners))
    assert standing_in(Place(area=corners), CAMERAS) == {"lane-2"}


def test_a_strip_drawn_is_asked_for_with_its_metres() -> None:
    fields = {"where": "strip", "where_spots": "42.1 20.5; 42.2 20.5", "where_within": "250"}
    place = scope_of(fields, KNOWN, NOW, TIRANE, 365).place
    assert place == Place(corridor=Strip((Spot(42.1, 20.5), Spot(42.2, 20.5)), 250))
    assert standing_in(place, CAMERAS) == {"lane-1", "lane-2"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"where": "area"}, "where_spots"),
        ({"where": "area", "where_spots": "42 20; 43 20"}, "where_spots"),
        ({"where": "area", "where_spots": "42,05 20,40; 43 20; 43 21"}, "where_spots"),
        ({"where": "area", "where_spots": "42 20; 95 20; 43 21"}, "where_spots"),
        ({"where": "strip", "where_spots": "42 20", "where_within": "9"}, "where_spots"),
        ({"where": "strip", "where_spots": "42 20; 43 20", "where_within": "far"}, "where_within"),
        ({"where": "strip", "where_spots": "42 20; 43 20", "where_within": "0"}, "where_within"),
        ({"where": "several"}, "where_several"),
    ],
)
def test_what_is_drawn_wrongly_is_refused_in_albanian(fields: dict[str, str], name: str) -> None:
    with pytest.raises(RefusedQuestionError) as refused:
        where_of(fields, "where", KNOWN)
    assert refused.value.place == name
    said = f"{refused.value.fault}; {refused.value.mend}"
    assert translated(said, Words("sq")) != said


def test_several_ticked_are_asked_for_together() -> None:
    def ticked(*names: str) -> Where:
        fields = {"where": "several"} | {f"where_at:{name}": "yes" for name in names}
        return where_of(fields, "where", KNOWN)

    assert ticked("camera:lane-1", "camera:lane-3").cameras == {"lane-1", "lane-3"}
    sites = ticked("site:Bridge", "site:Pass")
    assert sites.place == Place(sites=frozenset({"Bridge", "Pass"}))
    assert (ticked("group:border").cameras, ticked("group:border").called) == (None, "border")
    mixed = ticked("group:border", "camera:lane-1")
    assert (mixed.cameras, mixed.place) == ({"lane-1", "lane-3"}, None)
    assert mixed.called == "border, Lane 1"


def test_a_place_without_cameras_is_refused_in_albanian() -> None:
    said = f"{NOTHING_THERE}; {CHOOSE}"
    assert translated(said, Words("sq")) != said


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [((4,), "4"), ((1, 2), "1,2"), ((1, 3), "1,3"), ((2, 3, 4), "2-4"), ((9, 10, 11), "9-11"),
     ((1, 3, 5, 7), "7 +3"), ((100, 200), "200 +1")],
)  # fmt: skip
def test_a_pin_tells_its_passages_or_the_newest(numbers: tuple[int, ...], shown: str) -> None:
    assert pin(numbers) == shown


def test_each_way_between_cameras_is_drawn_once() -> None:
    path = ["a", "a", "b", "a", "c", "b"]
    stops = [Stop(n, camera, NOW) for n, camera in enumerate(path, 1)]
    assert ways_of(stops) == {"a": ("b", "c"), "c": ("b",)}


def test_what_differs_is_said() -> None:
    words = difference_words(Near("AA123BC").differences("AA128BC"), Words("en"))
    assert words == "8 at place 5 instead of 3"
    more = difference_words(Near("AA123BC").differences("AA1X23BC"), Words("en"))
    assert more == "one character more at place 4: X"
    fewer = difference_words(Near("AA123BC").differences("AA13BC"), Words("sq"))
    assert fewer == "një shenjë më pak: mungon 2 e vendit 4"


def test_it_is_said_what_was_looked_at_and_what_was_not() -> None:
    asked = Period(NOW - timedelta(days=7), NOW)
    covered = Period(NOW - timedelta(days=2), NOW)
    oldest = NOW - timedelta(days=3)
    whole = Coverage(asked=asked, covered=covered, stopped=Why.TIME, remembered_since=oldest)
    said = list(sentences(desk(), whole))
    assert said[0] == "Looked at 27 Feb 2026 13:00 to 1 Mar 2026 13:00, your time."
    assert said[1] == STOPPED[Why.TIME]
    assert said[2].startswith("The oldest read still kept is of 26 Feb 2026")
    nothing = replace(whole, covered=None, stopped=None, remembered_since=asked.begins_at)
    assert list(sentences(desk(), nothing)) == ["Nothing could be looked at."]
    assert set(STOPPED) == set(Why)


def test_go_on_below_is_said_only_where_there_is_a_button() -> None:
    asked = Period(NOW - timedelta(days=7), NOW)
    for why in (Why.ROWS, Why.TIME):
        coverage = Coverage(asked=asked, covered=asked, stopped=why)
        assert "go on below" in list(sentences(desk(), coverage, goes_on=True))[1]
        assert "ask for less time" in list(sentences(desk(), coverage))[1]


def test_cameras_of_which_less_is_kept_are_named() -> None:
    asked = Period(NOW - timedelta(days=30), NOW)
    since = NOW - timedelta(days=6)
    less = (
        Less(cameras=("lane-1", "lane-2"), since=since),
        Less(cameras=("lane-3",), since=asked.begins_at, hits_only=True),
    )
    coverage = Coverage(asked=asked, covered=asked, remembered_since=asked.begins_at, less=less)
    assert list(sentences(desk(), coverage))[1:] == [
        "Of Lane 1, Lane 2 nothing is kept from before 23 Feb 2026.",
        "Of Lane 3 only hits are kept: what else passed was only counted, and that nothing is"
        " found there means nothing.",
    ]
    many = Less(cameras=tuple(f"road-{n:02}" for n in range(20)), since=since)
    [said] = list(sentences(desk("sq"), replace(coverage, less=(many,))))[1:]
    assert "road-07 dhe 12 të tjera" in said


def test_a_camera_that_was_down_is_named() -> None:
    hour = Period(NOW, NOW + timedelta(hours=1))
    assert down_words(desk(), Down("lane-1", hour)) == "Lane 1, 1 Mar 2026 13:00 - 1 Mar 2026 14:00"
    assert down_words(desk(), Down("gone", hour)).startswith("gone, ")


def test_a_leg_says_how_long_it_took_what_is_usual_and_where_to() -> None:
    first, later = ends()
    cameras = {one.camera_id: one for one in CAMERAS}
    known = Roads.of([Link("lane-1", "lane-3", 40, 1200, 1500)], {"lane-1": 100})
    later = replace(later, at=NOW + timedelta(minutes=22))
    [trip] = trips(Plate("AA123BC", "AL"), [first, later], known, cameras)
    said = leg_words(trip.legs[0], Words("en"))
    assert said == (
        "22 min after the one before, usual is 20 min, nine of ten within 25 min, 22.2 km away, "
        "towards the north"
    )
    [trip] = trips(Plate("AA123BC", "AL"), [first, later], Roads({}, {}), cameras)
    assert "too little is known of what is usual there" in leg_words(trip.legs[0], Words("en"))


@pytest.mark.parametrize(
    ("degrees", "said"),
    [(0, "north"), (22, "north"), (23, "north-east"), (180, "south"), (338, "north"),
     (315, "north-west"), (359.9, "north")],
)  # fmt: skip
def test_a_direction_is_one_of_eight(degrees: float, said: str) -> None:
    assert towards(degrees, Words("en")) == f"towards the {said}"


def ends(**fields: Any) -> tuple[Passage, Passage]:
    first = Passage(read_id=uuid4(), camera_id="lane-1", at=NOW, confidence=0.95, **fields)
    later = replace(first, read_id=uuid4(), camera_id="lane-3", at=NOW + timedelta(minutes=2))
    return first, later


def test_why_a_journey_is_impossible_is_said_in_albanian() -> None:
    cameras = {one.camera_id: one for one in CAMERAS}
    first, later = ends(make="Fiat", colour="red")
    later = replace(later, make="Opel")
    found = too_fast(Plate("AA123BC", None), first, later, cameras, CloneRules())
    assert found is not None
    late = replace(found, first=replace(first, clock_wrong=True))
    mistaken = Mistaken(later, "AA128BC", "Likely a misread of AA128BC at camera lane-3: that plate"
                        " passed this camera on 3 of the last 7 days.")  # fmt: skip
    for journey in (
        judged(found), judged(late), judged(found, Fault(7)), judged(found, Fault(7, "lane-1")),
        judged(found, None, mistaken),
    ):  # fmt: skip
        for sentence in translated_sentences(journey.why, Words("en")).split(". "):
            assert sentence not in translated_sentences(journey.why, Words("sq")), sentence


def test_why_vehicles_are_told_is_said_in_albanian_part_by_part() -> None:
    words = (
        "met at 5 of 5 places on 6 of 6 journeys; by chance 0.11 journeys expected, from its own "
        "passages there and the flow of each site; of 1,240 vehicles compared, such a coincidence "
        "is expected 2.3e-05 times"
    )
    said = translated_parts(words, Words("sq"))
    assert said.startswith("takuar në 5 nga 5 vende")
    assert said.endswith("pritet 2.3e-05 herë")
    assert "expected" not in said
