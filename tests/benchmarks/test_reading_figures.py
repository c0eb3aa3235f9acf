"""What the recogniser benchmark says of the targets of its issue."""

import sys
from argparse import Namespace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from reading.figures import figures, missed, unmeasured
from reading.trials import Label, Tally, Trial
from recogniser import readers_of

from morina.plates import Plate
from morina.sense.recogniser.adapters.own import OwnRecogniser
from morina.sense.recogniser.lines import Box
from morina.sense.recogniser.reading import PlateReading

WIDE, NARROW = (10.0, 10.0, 110.0, 30.0), (10.0, 10.0, 60.0, 20.0)


def read(text: str, box: Box = WIDE) -> PlateReading:
    return PlateReading(
        plate=Plate(text, "GB"),
        country_probability=1.0,
        confidence=1.0,
        character_confidences=(1.0,) * len(text),
        box=box,
        corners=(),
    )


def tally(*plates: tuple[str, str, Box, str]) -> Tally:
    """Of plates given as text, country, box and what was read."""
    made = Tally()
    for text, country, box, said in plates:
        made.add([Label(box, text, country)], [read(said, box)])
    made.ms[2] += [9.0, 9.0]
    made.ms[1] += [5.0, 6.0]
    return made


def test_wide_british_and_other_european_plates_are_told_apart() -> None:
    made = tally(
        ("AB12CDE", "GB", WIDE, "AB12CDE"),
        ("XY34FGH", "GB", WIDE, "XY34FGN"),
        ("CD34FGH", "GB", NARROW, "CD34FGN"),
        ("KAB1234", "DE", WIDE, "KAB1234"),
        ("B123ABC", "RO", WIDE, "X1"),
        ("7ABC123", "US", WIDE, "X1"),
        ("ZZZ111", "?", WIDE, "X1"),
    )
    found = figures(made, 7)
    assert (found["exact_share_gb_60px"], found["exact_share_gb_60px_of"]) == (0.5, 2)
    assert found["exact_share_other_european_60px"] == 1.0
    assert found["exact_share_other_european_60px_of"] == 1
    low, high = found["exact_share_gb_60px_95"]
    assert low < 0.5 < high
    assert "exact_share_gb_60px 0.5 < 0.97" in missed({"own": found})


def test_times_are_those_on_one_thread_whatever_was_tried_first() -> None:
    found = figures(tally(("AB12CDE", "GB", WIDE, "AB12CDE")), 1)
    assert found["ms_median"] == 5.5
    assert found["ms_median_by_threads"] == {2: 9.0, 1: 5.5}


def test_a_target_that_was_not_measured_is_said_to_be_so() -> None:
    made = tally(("AB12CDE", "GB", WIDE, "AB12CDE"))
    label = Label(WIDE, "AB12CDE", "GB")
    made.shrunk[55].append(Trial(label, [read("AB12CDE")]))
    found = {"own": figures(made, 1)}
    assert unmeasured(found) == [
        "exact_share_at_45px",
        "exact_share_other_european_60px",
        "false_plates beside fast-alpr",
    ]
    assert missed(found) == []


def test_each_recogniser_is_made_once_for_each_number_of_threads() -> None:
    asked = Namespace(recogniser="own", peer=None, models=None, threads=[1, 2])
    readers = readers_of(asked)
    assert list(readers) == ["own"]
    assert list(readers["own"]) == [1, 2]
    assert all(isinstance(one, OwnRecogniser) for one in readers["own"].values())
