from collections.abc import Callable

import cv2
import numpy as np
import pytest

import morina
from morina.sense.recogniser.patch import patch_of
from morina.sense.recogniser.reading import Image, Recogniser


@pytest.mark.parametrize(
    ("text", "country"),
    [("EX19ABC", "GB"), ("01234AB", "XK"), ("AA123BC", "AL"), ("PGAB123", "ME")],
)
def test_a_rendered_plate_is_read_where_it_is(
    reader: Recogniser, photograph: Callable[[str, str], Image], text: str, country: str
) -> None:
    (reading,) = reader.read([photograph(text, country)])[0]
    assert reading.plate.text == text
    assert reading.plate.country in (country, None)
    x0, y0, x1, y1 = reading.box
    assert 100 < x1 - x0 < 300
    assert all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in reading.corners)
    assert len(reading.character_confidences) == len(text)


def test_each_picture_has_its_own_readings(
    reader: Recogniser, photograph: Callable[[str, str], Image]
) -> None:
    blank = np.full((480, 640, 3), 128, np.uint8)
    found = reader.read([blank, photograph("EX19ABC", "GB"), blank])
    assert [[r.plate.text for r in readings] for readings in found] == [[], ["EX19ABC"], []]


def test_a_shop_sign_is_not_a_plate(reader: Recogniser) -> None:
    sign = np.full((300, 900, 3), 240, np.uint8)
    cv2.putText(sign, "BAR ITALIA", (60, 170), cv2.FONT_HERSHEY_SIMPLEX, 4, (20, 20, 20), 10)
    assert reader.read([sign]) == [[]]


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3)])
def test_a_picture_of_any_shape_is_taken(reader: Recogniser, size: tuple[int, int]) -> None:
    assert reader.read([np.zeros((*size, 3), np.uint8)]) == [[]]


def test_a_patch_is_the_plate_straightened() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    corners = [(50.0, 60.0), (248.0, 90.0), (250.0, 140.0), (52.0, 110.0)]
    cv2.fillConvexPoly(picture, np.array(corners).astype(np.int32), (255, 255, 255))
    patch = patch_of(picture, corners)
    assert patch.shape == (50, 200, 3)
    assert patch.mean() > 245


def test_read_plates_takes_a_picture_and_refuses_what_is_none(
    photograph: Callable[[str, str], Image], tmp_path: object
) -> None:
    (reading,) = morina.read_plates(photograph("AA123BC", "AL"), countries=["AL", "GB"])
    assert (reading.plate.text, reading.plate.country) == ("AA123BC", "AL")
    with pytest.raises(FileNotFoundError):
        morina.read_plates(f"{tmp_path}/gone.jpg")
