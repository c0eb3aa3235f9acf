"""How a place is said to who goes there."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from morina.desk.pages.aerial.tasks_words import (
    accuracy_said,
    called_said,
    decimal,
    degrees_minutes,
    height_said,
    placed_said,
)
from morina.desk.words import Words
from morina.sense.aerial import AerialTask, Named, PlacedBy, TaskKind, TaskState

T = Words("en")
TASK = AerialTask(
    task_id=UUID(int=1), kind=TaskKind.RESCUE, state=TaskState.OPEN, sortie_id=UUID(int=2),
    track_id=None, latitude=42.1, longitude=20.4, ce90_m=15_000.0, height_m=None, said="waves",
    officer="ana", made_at=datetime(2026, 3, 1, tzinfo=UTC), case_number="C-7",
    named=Named.IN_TROUBLE, placed=PlacedBy.AIRCRAFT,
)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ((42.10002, 20.42), "N 42° 06.001' E 020° 25.200'"),
        ((-42.10002, -20.42), "S 42° 06.001' W 020° 25.200'"),
        ((41.9999999, 20.0), "N 42° 00.000' E 020° 00.000'"),
        ((0.0, 179.999999), "N 00° 00.000' E 180° 00.000'"),
    ],
)
def test_degrees_and_minutes(place: tuple[float, float], said: str) -> None:
    assert degrees_minutes(*place) == said


def test_decimal_degrees_are_to_a_metre() -> None:
    assert decimal(42.1000234, 20.4) == "42.10002, 20.40000"


def test_the_aircrafts_own_place_is_never_said_to_be_what_it_saw() -> None:
    assert "where the aircraft was, not what it saw" in placed_said(TASK, T)
    assert accuracy_said(TASK, T) == "up to 15 km from the aircraft"
    assert height_said(TASK, T) == "not known"
    assert "42.10000, 20.40000" in called_said(TASK, T)


def test_a_place_says_by_whose_word_it_is_and_how_sure_its_height_is() -> None:
    said = replace(TASK, placed=PlacedBy.SAID, ce90_m=100.0, height_m=700.0, le90_m=12.4)
    assert accuracy_said(said, T) == "about 100 m, by a person's word"
    assert "a person gave this place" in placed_said(said, T).lower()
    assert height_said(said, T).endswith("m above sea level, give or take 12 m")
    computed = replace(said, placed=PlacedBy.COMPUTED, le90_m=None)
    assert (placed_said(computed, T), accuracy_said(computed, T)) == ("", "90 % within 100 m")
    assert height_said(computed, T).endswith("m above sea level")
