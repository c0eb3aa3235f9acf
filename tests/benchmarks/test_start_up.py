"""The start-up benchmark measures the real command and says what it missed."""

import sys
from pathlib import Path

import cv2
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from start_up import PLATE, Round, figures, measured, missed

from morina.demo import render_photograph


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "car.jpg"
    cv2.imwrite(str(file), render_photograph(PLATE)[0])
    return file


def test_one_round_imports_reads_and_holds_memory(photograph: Path) -> None:
    one = measured(photograph, PLATE.text)
    assert 0 < one.import_s < one.whole_s
    assert 0 < one.first_s < one.whole_s
    assert 30 < one.peak_mib < 4000


def test_a_photograph_read_wrongly_is_no_measurement(photograph: Path) -> None:
    with pytest.raises(SystemExit, match="ZZ99ZZZ was not read"):
        measured(photograph, "ZZ99ZZZ")


def test_the_middle_round_counts_and_a_slow_start_is_missed() -> None:
    rounds = [Round(1.0, first_s, 3.0, 140.0) for first_s in (0.2, 0.4, 1.9)]
    found = figures(rounds)
    assert (found["first_photograph_s"], found["first_photograph_slowest_s"]) == (0.4, 1.9)
    assert missed(found) == []
    assert missed(found | {"first_photograph_s": 1.2}) == ["first_photograph_s 1.2 >= 1.0"]
