"""Plates put together from two photographed ones."""

import numpy as np
from training.decoding import readings
from training.joined import Joiner, cuttable, places_of
from training.labels import Crop, Label
from training.outputs import COLUMNS

PLACES = (4, 9, 13, 18, 24, 29, 34)


def a_crop(text: str, tone: int, sign: str = "GB") -> Crop:
    image = np.full((60, 200, 3), tone, np.uint8)
    return Crop(
        Label("roads", f"{text}.png", (20, 10, 180, 50), text, sign), image, (20, 10, 180, 50)
    )


def joiner_of(*crops: Crop) -> Joiner:
    return Joiner([one for crop in crops if (one := cuttable(crop, crop.label.text, PLACES))])


def test_the_left_of_one_and_the_right_of_the_other() -> None:
    one, other = a_crop("AB12CDE", 200), a_crop("ZZ99ZZX", 150)
    joined = joiner_of(one, other).join(np.random.default_rng(1), one)
    assert joined is not one
    cut = next(at for at in range(1, 7) if joined.label.text[at] == other.label.text[at])
    assert joined.label.text == "AB12CDE"[:cut] + "ZZ99ZZX"[cut:]
    assert joined.label.country == "GB"
    assert joined.box[0] > 0
    assert joined.box[2] < joined.image.shape[1]


def test_the_cut_stands_between_the_characters() -> None:
    one, other = a_crop("AB12CDE", 255), a_crop("ZZ99ZZX", 0)
    joined = joiner_of(one, other).join(np.random.default_rng(2), one)
    cut = next(at for at in range(1, 7) if joined.label.text[at] == other.label.text[at])
    row = joined.image[joined.image.shape[0] // 2, :, 0]
    edge = int(np.flatnonzero(np.diff(row.astype(int)) < -100)[0])
    place = 0.05 + 0.9 * (edge - joined.box[0]) / (joined.box[2] - joined.box[0])
    assert PLACES[cut - 1] < place * COLUMNS < PLACES[cut] + 1


def test_only_plates_of_one_sign_and_length_are_joined() -> None:
    one = a_crop("AB12CDE", 200)
    others = (a_crop("ZZ99ZZ", 150), a_crop("ZZ99ZZX", 150, "D"))
    assert joiner_of(one, *others).join(np.random.default_rng(3), one) is one


def test_a_plate_read_wrongly_or_on_two_lines_is_not_cut() -> None:
    crop = a_crop("AB12CDE", 200)
    assert cuttable(crop, "AB12CDF", PLACES) is None
    assert cuttable(crop, "AB12CDE", (*PLACES[:3], *(at + COLUMNS for at in PLACES[3:]))) is None


def test_each_character_stands_at_the_surest_place_of_its_run() -> None:
    said = np.full((COLUMNS, 3), -9.0, np.float32)
    said[:, 0] = -0.01
    for place, name, sure in (
        (3, 1, -0.3),
        (4, 1, -0.1),
        (5, 1, -0.2),
        (9, 2, -0.1),
        (12, 2, -0.1),
    ):
        said[place] = (-9, -9, -9)
        said[place, name] = sure
    assert places_of(said, 0) == [4, 9, 12]
    assert readings(said[None], "01", 0)[0].text == "011"
