"""Convoys against a slow reference, planted truths and the false-alarm rate, in real engines."""

from pathlib import Path

import pytest

from in_engine import in_engine
from morina.records.clone_search import FindImpossible
from morina.records.convoy import Convoy
from morina.records.convoy_chance import Scene, tail
from morina.records.convoy_companion import perhaps_itself
from morina.records.convoy_meetings import Meeting, Met, Passed, Rule, Track
from morina.records.journeys import FindJourneys
from morina.records.kinds import RefusedQuestionError
from morina.records.questions import Scope
from plain_convoy import at_least
from road_traffic import BEGINS_AT, PERIOD

MODULE = "asked_together"


def test_meetings_and_scores_are_those_of_the_slow_reference(tmp_path: Path) -> None:
    in_engine(MODULE, "convoys_as_plainly", tmp_path)


def test_convoys_on_three_journeys_are_found_and_neighbours_and_commuters_are_not(
    tmp_path: Path,
) -> None:
    print(in_engine(MODULE, "planted", tmp_path))


def test_random_traffic_with_packs_commuters_and_events_makes_no_convoys(tmp_path: Path) -> None:
    print(in_engine(MODULE, "false_alarms", tmp_path))


def test_misreads_of_the_target_are_told_apart_and_nothing_is_cut_off_silently(
    tmp_path: Path,
) -> None:
    in_engine(MODULE, "limits", tmp_path)


def test_of_very_many_passages_the_newest_are_looked_at_and_this_is_said(tmp_path: Path) -> None:
    in_engine(MODULE, "many_passages", tmp_path)


def test_the_flow_of_months_is_counted_on_some_days_for_all(tmp_path: Path) -> None:
    in_engine(MODULE, "long_flow", tmp_path)


@pytest.mark.parametrize("many", [0, 1, 2, 4])
def test_the_chance_of_as_many_is_that_of_all_ways_added_up(many: int) -> None:
    chances = [0.1, 0.5, 0.03, 0.9, 1e-9]
    assert tail(chances, many) == pytest.approx(at_least(chances, many), rel=1e-12)


def test_very_small_chances_keep_their_digits() -> None:
    assert tail([1e-9] * 3, 3) == pytest.approx(1e-27, rel=1e-9)


def test_there_and_back_on_one_day_is_one_journey() -> None:
    midnight = int(BEGINS_AT.timestamp())
    hours = (8, 9, 17, 23.5, 24.5, 32)
    track = Track.of([Passed("a", int(midnight + hour * 3600), "X") for hour in hours], Rule())
    assert track.journey == (0, 0, 0, 0, 0, 1)


def test_two_reads_of_one_passage_are_one() -> None:
    reads = [Passed("a", second, "X") for second in (1000, 1100, 1200, 1400)]
    assert [one.second for one in Track.of(reads, Rule()).passages] == [1000, 1400]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("AB12", "AB13", True), ("AB12", "AB1", True), ("B12", "AB12", True),
        ("AB12", "BA12", False), ("AB12", "AB134", False), ("AB12", "AB1234", False),
    ],
)  # fmt: skip
def test_one_character_other_missing_or_more_may_be_the_target(
    one: str, other: str, near: bool
) -> None:
    for plate, target in ((one, other), (other, one)):
        track = Track.of([Passed("a", 1000, target)], Rule())
        met = (Meeting(0, "a", 1001),)
        scene = Scene(track, (), Met({plate: met}, (1,)), {}, {}, Rule())
        assert perhaps_itself(scene, plate, met, target) is near


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (Rule(within_s=0), "within_s"), (Rule(sites=1), "sites"), (Rule(apart_km=0), "apart_km"),
    ],
)  # fmt: skip
def test_rules_out_of_reach_are_refused(rule: Rule, place: str) -> None:
    with pytest.raises(RefusedQuestionError, match=place):
        Convoy(plate="AB12CDE", scope=Scope(period=PERIOD), rule=rule)


@pytest.mark.parametrize("question", [Convoy, FindJourneys, FindImpossible])
def test_a_text_that_is_no_plate_is_refused_with_its_place_and_what_to_do(
    question: type[Convoy | FindJourneys | FindImpossible],
) -> None:
    with pytest.raises(RefusedQuestionError, match="plate: character '#' at place 3") as refused:
        question(scope=Scope(period=PERIOD), plate="AB#12")
    assert refused.value.place == "plate" and refused.value.mend


def test_the_question_in_words_names_plate_rule_and_period() -> None:
    words = Convoy(plate="ab12 cde", scope=Scope(period=PERIOD)).words()
    assert "AB12CDE" in words
    assert "within 120 s at 3 places or more, 1 km apart" in words
    assert "2026-09-07T00:00Z" in words
