"""Journeys and the graph of cameras they are joined over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest

from in_engine import in_engine
from invented import hotlist, listing, read
from morina.alerts import Alert, RefusedStepError, State
from morina.alerts.ahead import WayAhead, way_ahead
from morina.desk.said import translated, translated_parts
from morina.desk.words import Words
from morina.plates import Plate
from morina.records.adapters.clickhouse_journeys import joined
from morina.records.clones import Passage
from morina.records.figures import Period
from morina.records.journey_search import LATER, LEARNING, TORN, JourneySearch
from morina.records.journeys import LAST, FindJourneys, Trip, trips
from morina.records.kinds import RefusedQuestionError
from morina.records.questions import Limits, Looks, Scope
from morina.records.questions import Stop as Why
from morina.records.roads import LEAST_PASSED, LEAST_TRAVELS, Link, Roads
from morina.records.running import Running, StoppedError
from morina.sense.cameras import Camera, CameraRegistry
from morina.watch import Likeness, Listed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERIOD = Period(NOON, NOON + timedelta(hours=1))
PLATE = Plate("AB123CD", "AL")
ROADS = Roads.of(
    [Link("a", "b", 60, 600, 900), Link("a", "c", 30, 300, 400), Link("b", "a", 19, 600, 900)],
    {"a": 100, "b": 49},
)
CAMERAS = {
    name: Camera(
        camera_id=name, name="", site=name, latitude=41.0, longitude=20 + east, bearing=view
    )
    for name, east, view in (("a", 0.0, 90.0), ("b", 0.12, 0.0), ("c", 0.001, 270.0))
}


def at(camera_id: str, minutes: float) -> Passage:
    when = NOON + timedelta(minutes=minutes)
    return Passage(read_id=UUID(int=1), camera_id=camera_id, at=when, confidence=0.9)


@pytest.mark.parametrize(
    ("seen", "parts"),
    [
        ([], []),
        ([("a", 0)], ["a"]),
        ([("a", 0), ("b", 40)], ["ab"]),
        ([("a", 0), ("b", 41)], ["a", "b"]),
        ([("b", 40), ("a", 0), ("b", 95)], ["ab", "b"]),
        ([("b", 0), ("a", 33)], ["ba"]),
        ([("b", 0), ("a", 36)], ["b", "a"]),
        ([("a", 0), ("a", 10), ("a", 21)], ["aa", "a"]),
        ([("x", 0), ("y", 9), ("y", 20)], ["xy", "y"]),
    ],
)
def test_a_trip_ends_where_the_gap_is_much_longer_than_usual(
    seen: list[tuple[str, float]], parts: list[str]
) -> None:
    found = trips(PLATE, [at(*one) for one in seen], ROADS, CAMERAS)
    assert ["".join(one.camera_id for one in trip.passages) for trip in found] == parts


TO_AND_FRO = [
    (Plate("AB123CD", country), camera, minute)
    for day in range(10)
    for country, camera, minute in (
        ("AL", "a", day * 1440.0), ("AL", "b", day * 1440 + 12.0), ("AL", "a", day * 1440 + 400.0),
    )
] + [(Plate("AB123CD"), "c", 8 * 1440 + 401.0)]  # fmt: skip


class Seen:
    """Knows these passages."""

    async def passages(
        self, asked: FindJourneys, most: int, _running: Running
    ) -> Sequence[tuple[Plate, Passage]]:
        found = [(plate, at(camera, minute)) for plate, camera, minute in TO_AND_FRO]
        within = asked.scope.period
        found = [one for one in found if within.begins_at <= one[1].at < within.ends_at]
        return sorted(found, key=lambda one: one[1].at, reverse=True)[:most]

    async def roads(self, _running: Running) -> Roads:
        return ROADS

    async def cameras(self) -> list[Camera]:
        return list(CAMERAS.values())


@pytest.mark.parametrize("rows", [3, 4, 5, 7, 30, 31])
async def test_journeys_page_through_and_none_is_torn(rows: int) -> None:
    seen = Seen()
    search = JourneySearch(seen, cast(CameraRegistry, seen))
    month = Period(NOON, NOON + timedelta(days=30))
    asked = FindJourneys(scope=Scope(period=month), plate=PLATE.text)
    whole = await search.answer(asked, Running())
    assert (len(whole.found), whole.coverage.covered, whole.more) == (21, month, "")
    found: list[Trip] = []
    while True:
        answer = await search.answer(asked, Running(limits=Limits(rows=rows)))
        found += answer.found
        covered = answer.coverage.covered
        assert covered is not None
        assert all(covered.begins_at <= one.passages[0].at for one in answer.found)
        if not answer.more:
            break
        assert answer.coverage.stopped is Why.ROWS and not answer.notes
        assert covered.begins_at > NOON
        asked = replace(asked, after=answer.more)
    assert [one.passages for one in found] == [one.passages for one in whole.found]
    assert {one.ended for one in found} <= {one.ended for one in whole.found} | {LATER}


async def test_a_journey_longer_than_a_page_says_that_it_may_have_begun_earlier() -> None:
    seen = Seen()
    search = JourneySearch(seen, cast(CameraRegistry, seen))
    asked = FindJourneys(
        scope=Scope(period=Period(NOON, NOON + timedelta(minutes=30))), plate="AB123CD"
    )
    answer = await search.answer(asked, Running(limits=Limits(rows=1)))
    assert (answer.notes, answer.more != "") == ((TORN,), True)
    assert translated(TORN, Words("sq")) != TORN


class Unlearned(Seen):
    """Has learned nothing yet."""

    async def roads(self, _running: Running) -> Roads:
        raise StoppedError(Why.TIME)


async def test_journeys_are_told_also_before_what_is_usual_is_learned() -> None:
    seen = Unlearned()
    search = JourneySearch(seen, cast(CameraRegistry, seen))
    asked = FindJourneys(scope=Scope(period=PERIOD), plate="AB123CD")
    answer = await search.answer(asked, Running())
    assert (len(answer.found), answer.notes) == (1, (LEARNING,))
    assert translated(LEARNING, Words("sq")) != LEARNING


def test_a_place_that_no_answer_ended_at_is_refused() -> None:
    with pytest.raises(RefusedQuestionError, match="after"):
        FindJourneys(scope=Scope(period=PERIOD), plate="AB123CD", after="somewhere")


def test_a_trip_says_why_it_ends() -> None:
    seen = [at("a", 0), at("b", 41), at("a", 100), at("x", 200)]
    assert [one.ended for one in trips(PLATE, seen, ROADS, CAMERAS)] == [
        "the next passage came 41 min later, and after 40 min another journey begins; that is "
        "twice the 15 min in which nine of ten get there, and 10 min more",
        "the next passage came 59 min later, and after 34 min another journey begins; too little "
        "is known of that way, so it is twice the straight one at 50 km/h, and 10 min more",
        "the next passage came 1 h 40 min later, and after 10 min another journey begins; the "
        "place of a camera is not known, so the way there counts for nothing",
        LAST,
    ]
    for trip in trips(PLATE, seen, ROADS, CAMERAS):
        for part in trip.ended.split("; "):
            assert translated_parts(part, Words("sq")) != part


def test_a_trip_has_legs_with_what_is_usual_and_a_direction() -> None:
    [trip] = trips(PLATE, [at("a", 0), at("b", 12), at("x", 13)], ROADS, CAMERAS)
    leg, beyond = trip.legs
    assert (leg.took_s, leg.usual) == (720, ROADS.link("a", "b"))
    assert leg.distance_km == pytest.approx(10.07, rel=0.01)
    assert leg.heading == pytest.approx(90, abs=0.1)
    assert (beyond.usual, beyond.distance_km, beyond.heading) == (None, None, None)
    assert (trip.heading, trip.view, trip.took_s) == (None, None, 780)
    [beside] = trips(PLATE, [at("a", 0), at("c", 2)], ROADS, CAMERAS)
    assert (beside.heading, beside.view) == (None, 270)


def test_a_pair_with_small_support_says_nothing() -> None:
    assert ROADS.link("b", "a") is None
    assert Roads.of([Link("b", "a", LEAST_TRAVELS, 1, 2)], {}).link("b", "a") is not None
    assert ROADS.after("b") is None
    assert ROADS.after("nowhere") is None
    assert Roads.of([], {"b": LEAST_PASSED}).after("b") == ()


def test_days_are_joined_by_their_travels() -> None:
    days = [Link("a", "b", 30, 100, 200), Link("a", "", 10, 0, 0), Link("a", "b", 10, 140, 400)]
    roads = joined(days)
    assert roads.link("a", "b") == Link("a", "b", 40, 110, 250)
    assert roads.passed == {"a": 50}


def alert(state: State, **fields: object) -> Alert:
    return Alert(
        alert_id=uuid4(), state=state, read=read(camera_id="a", **fields),
        listed=Listed(hotlist(), listing()), likeness=Likeness.EXACT, differences=(),
        raised_at=NOON, last_seen_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("state", sorted(set(State) - {State.CONFIRMED, State.DISPATCHED}))
def test_what_lies_ahead_is_shown_of_confirmed_alerts_only(state: State) -> None:
    with pytest.raises(RefusedStepError, match="confirmed"):
        way_ahead(alert(state), ROADS, NOON)


def test_what_lies_ahead_is_counted_from_the_vehicles_of_that_camera() -> None:
    ahead = way_ahead(alert(State.CONFIRMED), ROADS, NOON + timedelta(minutes=7))
    assert ahead.known
    first, second = ahead.cameras
    assert (first.camera_id, first.share, first.passed, first.over) == ("b", 0.6, 100, False)
    assert (second.camera_id, second.share, second.travels, second.over) == ("c", 0.3, 30, True)
    assert ahead.cameras[0].usual_at == NOON + timedelta(minutes=10)
    assert ahead.cameras[0].slow_at == NOON + timedelta(minutes=15)


def test_where_too_little_is_known_nothing_is_said() -> None:
    lonely = alert(State.CONFIRMED)
    lonely = replace(lonely, read=replace(lonely.read, camera_id="b"))
    assert way_ahead(lonely, ROADS, NOON) == WayAhead(known=False)
    assert way_ahead(alert(State.DISPATCHED, clock_wrong=True), ROADS, NOON).known is False


def test_a_question_that_would_tear_trips_apart_is_refused() -> None:
    scope = Scope(period=PERIOD, looks=Looks(colour="red"))
    with pytest.raises(RefusedQuestionError, match="apart"):
        FindJourneys(scope=scope, plate="AB123CD")


def test_in_the_engine(tmp_path: Path) -> None:
    in_engine("fast_traffic", "learned", tmp_path)
