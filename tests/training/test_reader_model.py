"""The reader as it is shipped, tried on plates made up."""

from pathlib import Path

import numpy as np
import pytest
from training.evaluate_reader import Model, made_up_from
from training.outputs import ALPHABET, BLANK, COLUMNS, COUNTRIES, HEIGHT, ROWS, WIDTH

import morina
from morina.sense.recogniser.choosing import SHORTEST

SHIPPED = Path(morina.__file__).parent / "sense" / "recogniser" / "models" / "reader.onnx"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(SHIPPED)


def test_the_file_says_all_its_user_must_know(model: Model) -> None:
    told = model.told
    assert (told["height"], told["width"], told["alphabet"]) == (HEIGHT, WIDTH, ALPHABET)
    assert (told["decoder"], told["blank"]) == ("ctc", BLANK)
    assert told["countries"] == list(COUNTRIES)
    assert 0.3 < told["temperature"] < 5


def test_any_number_of_crops_is_taken_at_once(model: Model) -> None:
    for count in (1, 3):
        places, country = model.outputs([np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * count)
        assert places.shape == (count, ROWS * COLUMNS, len(ALPHABET) + 1)
        assert country.shape == (count, len(COUNTRIES))
        assert np.exp(places).sum(2) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("country", ["GB", "AL", "XK", "MK", "ME", "DE"])
def test_plates_seen_well_are_read_exactly(model: Model, country: str) -> None:
    trials = made_up_from(model, country, 30, hardest=0.1)
    assert sum(trial.exact for trial in trials) >= 28


def test_no_plate_is_read_where_nothing_is_written(model: Model) -> None:
    crops = [np.full((HEIGHT, WIDTH, 3), shade, np.uint8) for shade in (0, 90, 200, 255)]
    asked = [("", None, "", WIDTH)] * len(crops)
    assert all(len(trial.read) < SHORTEST for trial in model.trials(asked, crops, 1.0))
