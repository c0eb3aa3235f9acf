"""The shipped networks, on pictures rendered and drawn."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from morina.sense.recogniser.adapters.own import OwnRecogniser
from morina.sense.recogniser.reading import Image


@pytest.fixture(scope="module")
def own() -> OwnRecogniser:
    """The recogniser with the networks that are shipped."""
    return OwnRecogniser()


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("EX19ABC", "GB"),
        ("01234AB", "XK"),
        ("AA123BC", "AL"),
        ("PGAB123", "ME"),
        ("SK1234AB", "MK"),
    ],
)
def test_a_rendered_plate_is_read_where_it_is_and_its_country_named(
    own: OwnRecogniser, photograph: Callable[[str, str], Image], text: str, country: str
) -> None:
    (reading,) = own.read([photograph(text, country)])[0]
    assert (reading.plate.text, reading.plate.country) == (text, country)
    assert reading.confidence > 0.9
    x0, y0, x1, y1 = reading.box
    assert 100 < x1 - x0 < 300
    assert all(x0 - 10 <= x <= x1 + 10 and y0 - 10 <= y <= y1 + 10 for x, y in reading.corners)


def test_a_small_plate_is_read(own: OwnRecogniser, photograph: Callable[[str, str], Image]) -> None:
    small = cv2.resize(photograph("EX19ABC", "GB"), None, fx=0.4, fy=0.4)
    (reading,) = own.read([small.astype(np.uint8)])[0]
    assert reading.plate.text == "EX19ABC"
    assert reading.box[2] - reading.box[0] < 75


@pytest.mark.parametrize("words", ["BAR ITALIA", "PARKING", "SUZUKI"])
def test_a_sign_is_not_a_plate(own: OwnRecogniser, words: str) -> None:
    sign = np.full((300, 900, 3), 240, np.uint8)
    cv2.putText(sign, words, (60, 170), cv2.FONT_HERSHEY_SIMPLEX, 4, (20, 20, 20), 10)
    assert own.read([sign]) == [[]]
