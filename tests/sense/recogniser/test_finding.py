import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.sense.recogniser.finding import (
    MULTIPLE,
    Found,
    apart,
    fitted,
    longer_sides,
    overlap,
    plates_in,
)

STRIDE = 8
Maps = tuple[np.ndarray, np.ndarray, np.ndarray]


def maps() -> Maps:
    """Nothing found in 128 x 80 pixels; every cell would be a plate of 32 x 16."""
    box = np.zeros((4, 10, 16), np.float32)
    box[:] = np.array([16, 8, 16, 8], np.float32)[:, None, None]
    corners = np.zeros((8, 10, 16), np.float32)
    corners[:] = np.array([-16, -8, 16, -8, 16, 8, -16, 8], np.float32)[:, None, None]
    return np.zeros((10, 16), np.float32), box, corners


def found(made: Maps, threshold: float = 0.3) -> list[Found]:
    return plates_in(*made, STRIDE, threshold)


def test_a_peak_is_a_plate_around_the_centre_of_its_cell() -> None:
    made = maps()
    made[0][4, 6] = 0.9
    made[0][4, 7] = 0.8
    (plate,) = found(made)
    assert plate.sureness == pytest.approx(0.9)
    assert plate.box == (36, 28, 68, 44)
    assert plate.corners == ((36, 28), (68, 28), (68, 44), (36, 44))


def test_cells_below_the_threshold_are_none() -> None:
    made = maps()
    made[0][4, 6] = 0.2
    assert found(made) == []


def test_one_plate_seen_twice_is_one_and_two_apart_are_two() -> None:
    made = maps()
    made[0][4, 4], made[0][4, 6], made[0][4, 12] = 0.7, 0.9, 0.8
    made[1][0, 4, 4] = 8
    made[1][2, 4, 4] = 24
    assert [plate.sureness for plate in found(made)] == pytest.approx([0.9, 0.8])


def test_tilted_corners_are_kept() -> None:
    made = maps()
    made[0][4, 6] = 0.9
    made[2][:, 4, 6] = [-16, -8, 14, -4, 16, 8, -14, 4]
    assert found(made)[0].corners == ((36, 28), (66, 32), (68, 44), (38, 40))


@pytest.mark.parametrize(
    "offsets",
    [
        [16, -8, -16, -8, -16, 8, 16, 8],
        [-16, -8, 16, 8, 16, -8, -16, 8],
        [-60, -40, 60, -40, 60, 40, -60, 40],
    ],
    ids=["the wrong way round", "crossed", "far from the box"],
)
def test_corners_that_make_no_plate_give_way_to_the_box(offsets: list[float]) -> None:
    made = maps()
    made[0][4, 6] = 0.9
    made[2][:, 4, 6] = offsets
    assert found(made)[0].corners == ((36, 28), (68, 28), (68, 44), (36, 44))


def test_a_box_turned_inside_out_is_no_plate() -> None:
    made = maps()
    made[0][4, 6] = 0.9
    made[1][:, 4, 6] = -8
    assert found(made) == []


def test_a_plate_keeps_its_place_at_another_scale() -> None:
    small = Found(0.9, (1, 2, 3, 4), ((1, 2), (3, 2), (3, 4), (1, 4)))
    assert small.scaled(2, 3) == Found(0.9, (2, 6, 6, 12), ((2, 6), (6, 6), (6, 12), (2, 12)))


@given(st.integers(1, 700), st.integers(1, 700))
def test_a_picture_of_any_shape_is_fitted(height: int, width: int) -> None:
    picture = fitted(np.full((height, width, 3), 255, np.uint8), 320)
    assert picture.shape[0:2] == (1, 3)
    assert all(side % MULTIPLE == 0 and 2 * MULTIPLE <= side <= 320 for side in picture.shape[2:])
    assert picture.min() == picture.max() == 1


def test_overlap_is_the_common_part_of_both() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


@pytest.mark.parametrize(
    ("width", "height", "sides"),
    [
        (640, 480, (640,)),
        (1280, 960, (640,)),
        (1599, 900, (640,)),
        (1600, 900, (800,)),
        (1080, 1920, (960,)),
        (2560, 1440, (640, 1280)),
        (3840, 2160, (640, 1920)),
        (7680, 4320, (640, 1920)),
    ],
)
def test_wide_pictures_are_searched_at_half_their_size(
    width: int, height: int, sides: tuple[int, ...]
) -> None:
    assert longer_sides(np.zeros((height, width, 3), np.uint8), 640) == sides


def test_a_finder_that_searches_finer_itself_is_left_to() -> None:
    assert longer_sides(np.zeros((1080, 1920, 3), np.uint8), 1024) == (1024,)


@pytest.mark.parametrize("size", [(720, 1280), (960, 1280), (750, 1000), (1080, 1920)])
def test_a_picture_made_smaller_is_still_the_picture(size: tuple[int, int]) -> None:
    down, across = (np.linspace(0, 1, side, dtype=np.float32) for side in size)
    picture = np.stack([*np.meshgrid(across, down), np.zeros(size, np.float32)], axis=2)
    found = fitted((picture * 255).astype(np.uint8), 640)[0]
    rows, columns = found.shape[1:]
    assert np.abs(found[0] - np.linspace(0, 1, columns)).max() < 0.01
    assert np.abs(found[1] - np.linspace(0, 1, rows)[:, None]).max() < 0.01
    assert found[2].max() == 0


def test_of_plates_in_one_another_the_first_is_kept() -> None:
    def at(*box: float) -> Found:
        x0, y0, x1, y1 = box
        return Found(0.9, (x0, y0, x1, y1), ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))

    whole, part, other = at(0, 0, 400, 100), at(200, 20, 390, 80), at(500, 0, 550, 12)
    assert apart([whole, part, other]) == [whole, other]
