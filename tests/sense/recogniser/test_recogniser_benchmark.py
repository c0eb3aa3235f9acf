import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from morina.plates import Plate
from morina.sense.recogniser.lines import Box
from morina.sense.recogniser.reading import PlateReading

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from reading.figures import calibration_error, figures, interval, missed
from reading.trials import Label, Tally, distance, photographs

HERE, THERE = (10.0, 10.0, 110.0, 30.0), (300.0, 10.0, 400.0, 30.0)


def read(
    text: str, box: Box = HERE, country: str | None = "GB", confidence: float = 1.0
) -> PlateReading:
    return PlateReading(
        plate=Plate(text, country),
        country_probability=1.0,
        confidence=confidence,
        character_confidences=(confidence,) * len(text),
        box=box,
        corners=(),
    )


def tally(*photos: tuple[Sequence[Label], Sequence[PlateReading]]) -> Tally:
    made = Tally()
    for known, readings in photos:
        made.add(known, readings)
        made.ms[1].append(5.0)
    return made


BRITISH = Label(HERE, "AB12CDE", "GB")


def test_a_photograph_counts_by_the_reading_nearest_to_each_plate() -> None:
    made = tally(
        ([BRITISH], [read("XY34FGH", THERE), read("AB12CDE")]),
        ([BRITISH], [read("AB12COE", country=None)]),
        ([BRITISH], []),
        ([BRITISH, Label(THERE, "", "?")], [read("AB12CDX"), read("ZZ99ZZZ", THERE)]),
    )
    found = figures(made, 4)
    assert found["exact_share"] == 0.25
    assert found["look_alikes_folded_share"] == 0.5
    assert found["character_error_rate"] == pytest.approx((0 + 1 + 7 + 1) / 28, abs=1e-4)
    assert found["finder_recall"] == 0.8
    assert found["false"] == ["XY34FGH"]
    assert found["false_plates_a_photograph"] == 0.25
    assert found["british_said_british"] == [2, 4]
    assert found["by_country"] == {"GB": [1, 4]}
    assert found["by_width"] == {"100 to 200 px": [1, 4]}


def test_confidence_is_off_by_how_much_more_is_said_than_is_right() -> None:
    made = tally(
        ([BRITISH], [read("AB12CDE", confidence=0.95)]),
        ([BRITISH], [read("AB12CDX", confidence=0.95)]),
        ([BRITISH], [read("AB12CDX", confidence=0.2)]),
    )
    assert calibration_error(made.trials) == pytest.approx((2 * 0.95 - 1 + 0.2) / 3, abs=1e-4)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("AB", "", 2), ("AB12", "AB12", 0), ("AB12", "A812", 1), ("AB12", "B123", 2)],
)
def test_texts_differ_by_characters_changed_put_in_and_taken_out(
    one: str, other: str, apart: int
) -> None:
    assert distance(one, other) == distance(other, one) == apart


def test_a_share_of_few_is_known_less_well_than_of_many() -> None:
    (low, high), (lower, higher) = interval(90, 100), interval(9, 10)
    assert lower < low < 0.9 < high < higher <= 1
    assert interval(0, 0) == (0, 1)


def test_targets_not_reached_are_named() -> None:
    reached = {
        "exact_share": 0.995, "ms_median": 20.0, "calibration_error": 0.01, "false_plates": 4,
        "british_said_british": [50, 50],
    }  # fmt: skip
    assert missed({"own": reached, "fast-alpr": {"false_plates": 8}}) == []
    short = reached | {"exact_share": 0.98, "british_said_british": [49, 50]}
    assert missed({"own": short, "fast-alpr": {"false_plates": 6}}) == [
        "exact_share 0.98 < 0.99",
        "british_said_british 49 of 50",
        "false_plates 4 > half of 6",
    ]


def test_labels_without_a_box_are_photographs_without_a_plate(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(
        "source,file,x0,y0,x1,y1,text,country\n"
        "a,1.jpg,10,10,110,30,AB12CDE,UK\n"
        "a,2.jpg,,,,,,\n"
        "b,3.jpg,1,1,2,2,XY34FGH,D\n"
    )
    assert photographs(file, ["a"]) == {("a", "1.jpg"): [BRITISH], ("a", "2.jpg"): []}
    assert list(photographs(file, ["a", "b"], {"XY34FGH"})) == [("b", "3.jpg")]
