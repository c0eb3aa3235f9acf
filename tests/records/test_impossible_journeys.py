"""Impossible journeys: judged by tables here, found in real engines of their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from in_engine import in_engine
from morina.plates import Plate
from morina.records.clone_search import FindImpossible
from morina.records.clones import (
    FAULT_PLATES,
    CloneRules,
    Corridor,
    Judgement,
    Passage,
    TooFast,
    faults,
    judged,
    too_fast,
)
from morina.records.figures import Period
from morina.records.kinds import RefusedQuestionError
from morina.records.mistaken import Around, MisreadTest, Nearby, Often, alike, arounds
from morina.records.questions import Hours, Scope
from morina.records.ways import bearing, km_between
from morina.sense.cameras import Camera

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = CloneRules()
PLATE = Plate("AB123CD", "AL")


def camera(camera_id: str, km_east: float, site: str = "") -> Camera:
    return Camera(
        camera_id=camera_id, name="", site=site or camera_id, latitude=0.0,
        longitude=km_east / 111.195,
    )  # fmt: skip


CAMERAS = {
    one.camera_id: one
    for one in (
        camera("a", 0), camera("a2", 0.4), camera("a3", 10), camera("b", 60), camera("b2", 65),
        camera("c", 120), camera("north", 60, "ferry north"), camera("south", 0, "ferry south"),
    )
}  # fmt: skip


def at(camera_id: str, minutes: float, **fields: object) -> Passage:
    usual: dict[str, object] = {
        "read_id": UUID(int=1),
        "camera_id": camera_id,
        "at": NOON + timedelta(minutes=minutes),
        "confidence": 0.97,
    }
    return Passage(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def journey(first: Passage, second: Passage, plate: Plate = PLATE) -> TooFast:
    found = too_fast(plate, first, second, CAMERAS, RULES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("first", "second", "minutes", "rules", "is_too_fast"),
    [
        ("a", "b", 19, RULES, True),
        ("a", "b", 20, RULES, False),
        ("a", "b", 0, RULES, True),
        ("a", "a2", 0, RULES, False),
        ("a", "a2", 0, CloneRules(place_error_km=0.19, clock_error_s=1), True),
        ("a", "b", 19, CloneRules(clock_error_s=61), False),
        ("a", "b", 19, CloneRules(most_kmh=200), False),
        ("south", "north", 19, RULES, True),
        ("south", "north", 19, CloneRules(
            corridors=(Corridor("ferry north", "ferry south", 250),)), False),
        ("north", "south", 100, RULES, False),
        ("north", "south", 100, CloneRules(
            corridors=(Corridor("ferry north", "ferry south", 35),)), True),
        ("a", "b", 100, CloneRules(
            corridors=(Corridor("ferry north", "ferry south", 35),)), False),
    ],
)  # fmt: skip
def test_too_fast_is_speed_and_distance_beyond_all_errors(
    first: str, second: str, minutes: float, rules: CloneRules, is_too_fast: bool
) -> None:
    found = too_fast(PLATE, at(first, 0), at(second, minutes), CAMERAS, rules)
    assert (found is not None) is is_too_fast


def test_distance_and_bearing() -> None:
    assert km_between(CAMERAS["a"], CAMERAS["b"]) == pytest.approx(60, rel=1e-3)
    assert bearing(CAMERAS["a"], CAMERAS["b"]) == pytest.approx(90)
    assert bearing(CAMERAS["b"], CAMERAS["a"]) == pytest.approx(270)


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("AB123CD", "AB123CD", False),
        ("AB123CD", "A8I23CO", True),
        ("AB123CD", "AB723CD", True),
        ("AB123CD", "AB123C", True),
        ("AB123CD", "AB1239CD", True),
        ("AB123CD", "AB132CD", False),
        ("AB123CD", "XY123CD", False),
    ],
)
def test_alike_are_look_alikes_and_what_is_one_character_apart(
    one: str, other: str, is_alike: bool
) -> None:
    assert alike(one, other) is is_alike
    seen = Around((Nearby(other, "a", NOON),), (Often(other, "b", 4),))
    expected = seen if is_alike or one == other else Around()
    assert arounds([one], seen)[one] == expected


def near(text: str, camera_id: str, minutes: float) -> Nearby:
    return Nearby(text, camera_id, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("around", "misread_of"),
    [
        (Around(), ""),
        (Around((near("AB723CD", "b2", 7),)), "AB723CD"),
        (Around((near("AB723CD", "b", 4.9),)), "AB723CD"),
        (Around((near("XY999ZZ", "b2", 7),)), ""),
        (Around((near("AB723CD", "b2", 50),)), ""),
        (Around((near("AB723CD", "c", 5.5),)), ""),
        (Around((near("AB723CD", "b2", 7), near("AB723CD", "c", 5.5))), ""),
        (Around((near("AB723CD", "b2", 7), near("AB123CD", "b2", 8))), ""),
        (Around((near("AB723CD", "b2", 7), near("AB123CD", "b", 5))), "AB723CD"),
        (
            Around((near("AB723CD", "b2", 7), near("AB723CD", "b2", 2), near("AB123CD", "b2", 8))),
            "AB723CD",
        ),
        (Around((near("AB723CD", "b2", 7), near("AB723CD", "b", 9))), ""),
        (Around(often=(Often("AB723CD", "b", 3),)), "AB723CD"),
        (Around(often=(Often("AB723CD", "b", 2),)), ""),
        (Around(often=(Often("AB723CD", "c", 9),)), ""),
        (Around((near("AB123CD", "b2", 8),), (Often("AB723CD", "b", 9),)), ""),
        (Around((near("AB723CD", "c", 5.5),), (Often("AB723CD", "b", 9),)), ""),
    ],
)
def test_a_misread_is_likely_where_another_plate_was_about_and_this_one_was_not(
    around: Around, misread_of: str
) -> None:
    mistaken = MisreadTest(CAMERAS, RULES)(journey(at("a", 0), at("b", 5)), around)
    assert (mistaken.text if mistaken else "") == misread_of


def test_a_reading_that_a_person_verified_is_no_misread() -> None:
    around = Around((near("AB723CD", "b2", 7),))
    verified = journey(at("a", 0), at("b", 5, verified=True, confidence=0.1))
    assert MisreadTest(CAMERAS, RULES)(verified, around) is None


def many(first: str, second: str, plates: int, apart_min: float = 1) -> list[TooFast]:
    return [
        journey(at(first, n * apart_min), at(second, n * apart_min + 1), Plate(f"AA{n}"))
        for n in range(plates)
    ]


def test_many_plates_too_fast_between_two_cameras_at_once_are_a_fault_of_a_camera() -> None:
    assert faults(many("a", "b", FAULT_PLATES - 1)) == {}
    assert faults(many("a", "b", FAULT_PLATES, apart_min=100)) == {}
    same = [journey(at("a", n), at("b", n + 1)) for n in range(FAULT_PLATES)]
    assert faults(same) == {}
    wrong = faults(many("a", "b", FAULT_PLATES))
    assert len(wrong) == FAULT_PLATES
    assert {(one.plates, one.suspect) for one in wrong.values()} == {(FAULT_PLATES, "")}


def test_a_camera_that_is_wrong_against_several_is_the_one_to_look_at() -> None:
    wrong = faults([*many("a", "b", FAULT_PLATES), *many("b", "c", FAULT_PLATES)])
    assert {one.suspect for one in wrong.values()} == {"b"}
    one = next(iter(wrong))
    told = judged(one, wrong[one])
    assert told.judgement is Judgement.FAULT and "Look at b first" in told.why


def test_a_suspected_clone_is_told_with_what_speaks_for_and_against() -> None:
    van, car = at("a", 0, make="Ford", colour="red"), at("b", 5, make="VW", colour="Red")
    told = judged(journey(van, car, Plate("AB123CD")))
    assert told.judgement is Judgement.CLONE
    assert told.speed_kmh == pytest.approx(60 / (310 / 3600), rel=1e-3)
    for words in ("make differs", "colour agrees", "country was not read", "innocent", "180 km/h"):
        assert words in told.why


def test_a_clock_known_to_be_wrong_is_told_first() -> None:
    told = judged(journey(at("a", 0), at("b", 5, clock_wrong=True)))
    assert told.judgement is Judgement.FAULT and "clock of b was wrong" in told.why


def test_a_question_that_cannot_be_answered_is_refused() -> None:
    period = Period(NOON, NOON + timedelta(hours=1))
    with pytest.raises(RefusedQuestionError, match="hours"):
        FindImpossible(scope=Scope(period=period, hours=Hours(zone=ZoneInfo("UTC"))))
    for nowhere in ("somewhere", "0001-01-01T00:00:00+14:00~AB123CD.AL"):
        with pytest.raises(RefusedQuestionError, match="more"):
            FindImpossible(scope=Scope(period=period), after=nowhere)
    asked = FindImpossible(scope=Scope(period=period), plate="ab-123 cd")
    assert asked.plates == ("AB123CD",) and "AB123CD" in asked.words()


@pytest.mark.parametrize("function", ["as_plainly", "planted", "false_alarms"])
def test_in_the_engine(tmp_path: Path, function: str) -> None:
    print(in_engine("fast_traffic", function, tmp_path))
