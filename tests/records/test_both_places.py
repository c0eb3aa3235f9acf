"""Was here and also there, against a slow reference, in a real engine."""

from datetime import timedelta
from pathlib import Path

import pytest

from in_engine import in_engine
from morina.records.both_places import Area, BothPlaces
from morina.records.kinds import RefusedQuestionError
from road_traffic import PERIOD

NORTH = Area("north", frozenset({"a"}), PERIOD)
SOUTH = Area("south", frozenset({"c", "d"}), PERIOD)


def test_vehicles_and_stays_are_those_of_the_slow_reference(tmp_path: Path) -> None:
    in_engine("asked_together", "both_as_plainly", tmp_path)


def test_pages_join_and_the_number_in_all_is_told(tmp_path: Path) -> None:
    in_engine("asked_together", "both_in_pages", tmp_path)


@pytest.mark.parametrize(
    "areas", [(), (NORTH,), (NORTH,) * 5, (NORTH, Area("", frozenset(), PERIOD))]
)
def test_too_few_and_empty_areas_are_refused(areas: tuple[Area, ...]) -> None:
    with pytest.raises(RefusedQuestionError, match="areas"):
        BothPlaces(areas=areas)


def test_the_question_in_words_names_areas_cameras_order_and_times() -> None:
    asked = BothPlaces(areas=(NORTH, SOUTH), in_order=True, apart=timedelta(hours=1))
    assert asked.words() == (
        "which vehicles were in north (cameras a) 2026-09-07T00:00Z to 2026-10-05T00:00Z "
        "then in south (cameras c, d) 2026-09-07T00:00Z to 2026-10-05T00:00Z, "
        "at least 1:00:00 apart"
    )
    assert asked.scope.cameras == frozenset("acd")
