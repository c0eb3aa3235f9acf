from pathlib import Path

import numpy as np
import pytest

from morina.sense.recogniser.adapters.own import OwnRecogniser
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.reading import Image
from networks import finder, reader

LEFT, RIGHT = (20, 10), (30, 60)


@pytest.fixture
def scene() -> Image:
    """A picture in which the plate on the left is light, all else dark."""
    image = np.full((384, 640, 3), 20, np.uint8)
    image[156:172, 52:116] = 240
    return image


def recogniser(
    folder: Path, decoder: str = "ctc", countries: tuple[str, ...] = ()
) -> OwnRecogniser:
    finder(folder / "finder.onnx", {LEFT: 0.9, RIGHT: 0.6}, (384, 640))
    reader(folder / "reader.onnx", "AB12CDE", "GB", decoder)
    return OwnRecogniser(models=folder, countries=countries)


@pytest.mark.parametrize("decoder", ["ctc", "slots"])
def test_what_is_found_is_cut_out_read_and_named(
    tmp_path: Path, scene: Image, decoder: str
) -> None:
    (reading,) = recogniser(tmp_path, decoder).read([scene])[0]
    assert (reading.plate.text, reading.plate.country) == ("AB12CDE", "GB")
    assert reading.box == (52, 156, 116, 172)
    assert reading.corners == ((52, 156), (116, 156), (116, 172), (52, 172))
    assert reading.confidence > 0.99
    assert len(reading.character_confidences) == 7
    assert reading.seen == ""


def test_a_larger_picture_is_searched_smaller_and_read_in_full(
    tmp_path: Path, scene: Image
) -> None:
    double = scene.repeat(2, axis=0).repeat(2, axis=1)
    (reading,) = recogniser(tmp_path).read([double])[0]
    assert reading.box == (104, 312, 232, 344)


def test_what_the_reader_sees_no_text_in_is_no_plate(tmp_path: Path, scene: Image) -> None:
    blank = np.zeros_like(scene)
    found = recogniser(tmp_path).read([blank, scene])
    assert [len(readings) for readings in found] == [0, 1]


def test_only_countries_expected_are_named(tmp_path: Path, scene: Image) -> None:
    (reading,) = recogniser(tmp_path, countries=("AL",)).read([scene])[0]
    assert (reading.plate.text, reading.plate.country) == ("AB12CDE", None)


def test_each_picture_is_read_with_its_cameras_word(tmp_path: Path, scene: Image) -> None:
    own = recogniser(tmp_path)
    agreed, silent, disputed = own.read([scene] * 3, [Said("GB"), None, Said("AL", 0.9)])
    sure = [found[0].country_probability for found in (agreed, silent, disputed)]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 3


def test_a_word_is_needed_for_every_picture_or_for_none(tmp_path: Path, scene: Image) -> None:
    with pytest.raises(ValueError, match="zip"):
        recogniser(tmp_path).read([scene, scene], [Said("GB")])


def test_a_picture_without_plates_has_no_readings(tmp_path: Path, scene: Image) -> None:
    finder(tmp_path / "finder.onnx", {}, (384, 640))
    reader(tmp_path / "reader.onnx", "AB12CDE", "GB")
    assert OwnRecogniser(models=tmp_path).read([scene]) == [[]]


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3)])
def test_the_shipped_networks_take_a_picture_of_any_shape(size: tuple[int, int]) -> None:
    assert OwnRecogniser().read([np.zeros((*size, 3), np.uint8)]) == [[]]
