"""The shipped networks, on pictures rendered and drawn."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from morina.demo.scenes import render_photograph
from morina.plates import Plate
from morina.sense.recogniser import finding
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


def far_away(photograph: Image, size: tuple[int, int], part: float) -> Image:
    """The photograph made ``part`` of its size, on a blurred road of ``size`` (width, height)."""
    small = cv2.resize(photograph, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
    road = cv2.GaussianBlur(cv2.resize(photograph, size), (0, 0), size[0] / 60)
    y, x = size[1] // 2, size[0] // 3
    road[y : y + small.shape[0], x : x + small.shape[1]] = small
    return road.astype(np.uint8)


@pytest.fixture
def far_plate() -> Callable[[str, str, tuple[int, int]], Image]:
    """A picture of that size with a plate 50 pixels wide."""

    def made(text: str, country: str, size: tuple[int, int]) -> Image:
        near, corners = render_photograph(Plate(text, country))
        xs = [x for x, _ in np.asarray(corners)]
        return far_away(near, size, 50 / (max(xs) - min(xs)))

    return made


@pytest.mark.parametrize(("text", "country"), [("EX19ABC", "GB"), ("AA123BC", "AL")])
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_a_plate_of_50_pixels_is_read_in_a_wide_picture(
    own: OwnRecogniser, far_plate: Callable[..., Image], text: str, country: str, size: object
) -> None:
    found = own.read([far_plate(text, country, size)])[0]
    assert [reading.plate.text for reading in found] == [text]


def test_it_is_read_only_because_wide_pictures_are_searched_finer(
    own: OwnRecogniser, far_plate: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FINER_FROM", 10_000)
    assert own.read([far_plate("EX19ABC", "GB", (3840, 2160))]) == [[]]


def test_a_plate_that_fills_a_wide_picture_is_read_as_well(
    own: OwnRecogniser, photograph: Callable[[str, str], Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = photograph("EX19ABC", "GB")
    x0, y0, x1, y1 = map(round, own.read([near])[0][0].box)
    close = near[max(0, y0 - 60) : y1 + 60, max(0, x0 - 60) : x1 + 60]
    scene = cv2.resize(close, (3840, 2160), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    assert [found.plate.text for found in own.read([scene])[0]] == ["EX19ABC"]
    monkeypatch.setattr(finding, "COARSE_TOO_FROM", 10_000)
    assert [found.plate.text for found in own.read([scene])[0]] != ["EX19ABC"]


@pytest.mark.parametrize("words", ["BAR ITALIA", "PARKING", "SUZUKI"])
def test_a_sign_is_not_a_plate(own: OwnRecogniser, words: str) -> None:
    sign = np.full((300, 900, 3), 240, np.uint8)
    cv2.putText(sign, words, (60, 170), cv2.FONT_HERSHEY_SIMPLEX, 4, (20, 20, 20), 10)
    assert own.read([sign]) == [[]]
