import cv2
import numpy as np
import pytest

from morina.sense.recogniser.crops import MARGIN_ACROSS, MARGIN_DOWN, batch_of, crop_of

TILTED = [(50.0, 60.0), (248.0, 90.0), (250.0, 140.0), (52.0, 110.0)]


@pytest.mark.parametrize("scale", [0.3, 1.0, 4.0])
def test_a_tilted_plate_fills_the_crop_but_for_its_margin(scale: float) -> None:
    picture = np.zeros((round(200 * scale), round(300 * scale), 3), np.uint8)
    corners = [(x * scale, y * scale) for x, y in TILTED]
    cv2.fillConvexPoly(picture, np.array(corners).round().astype(np.int32), (255, 255, 255))
    crop = crop_of(picture, corners, 40, 160)
    across, down = round(MARGIN_ACROSS * 160), round(MARGIN_DOWN * 40)
    assert crop.shape == (40, 160, 3)
    assert crop[down + 3 : -down - 3, across + 3 : -across - 3].min() > 180
    assert crop[:, : across - 4].max() < 100


def test_left_stays_left_and_top_stays_top() -> None:
    picture = np.zeros((100, 400, 3), np.uint8)
    picture[:50, :200, 2] = 255
    crop = crop_of(picture, [(0, 0), (400, 0), (400, 100), (0, 100)], 40, 160)
    assert crop[10, 40, 2] > 200
    assert crop[30, 40, 2] == crop[10, 120, 2] == 0


@pytest.mark.parametrize("corner", [(-30.0, -20.0), (280.0, 190.0), (900.0, 900.0)])
def test_a_plate_partly_or_wholly_outside_the_picture_is_cut_all_the_same(
    corner: tuple[float, float],
) -> None:
    x, y = corner
    picture = np.full((200, 300, 3), 128, np.uint8)
    crop = crop_of(picture, [(x, y), (x + 60, y), (x + 60, y + 15), (x, y + 15)], 40, 160)
    assert crop.min() == crop.max() == 128


def test_a_batch_is_blue_green_red_from_0_to_1() -> None:
    crop = np.zeros((40, 160, 3), np.uint8)
    crop[..., 0] = 255
    batch = batch_of([crop, crop])
    assert batch.shape == (2, 3, 40, 160)
    assert batch.dtype == np.float32
    assert batch[0, 0].min() == 1
    assert batch[0, 1:].max() == 0
