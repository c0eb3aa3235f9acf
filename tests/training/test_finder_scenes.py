"""Pictures the finder learns from: what is asked for is where it was drawn."""

import numpy as np
import pytest
from training.finder_targets import hull
from training.scenes import Scenes
from training.scenes_photographs import Photograph
from training.scenes_plates import Piece, lay, posed
from training.scenes_rendered import RenderedScene

from morina.sense.recogniser.finding import overlap

SIZE = (192, 256)
EMPTY = np.zeros((0, 4), np.float32)
MAGENTA = Piece(
    np.full((50, 200, 3), (255, 0, 255), np.uint8), np.full((50, 200), 255, np.uint8), True
)


def street(boxes: list[tuple[float, ...]], ignored: np.ndarray = EMPTY) -> Photograph:
    """A grey photograph, white where a plate is said to be."""
    picture = np.full((300, 400, 3), 90, np.uint8)
    for x0, y0, x1, y1 in boxes:
        picture[int(y0) : int(y1), int(x0) : int(x1)] = 250
    marks = np.array(boxes, np.float32).reshape(-1, 4)
    return Photograph("openlpr_train", "street.jpg", picture, marks, ignored)


def rendered() -> RenderedScene:
    corners = np.array([[100, 100], [180, 110], [180, 130], [100, 120]], np.float32)
    return RenderedScene(np.full((300, 400, 3), 60, np.uint8), corners)


def drawn(photograph: Photograph, seed: int):
    scenes = Scenes([photograph], [rendered()], [MAGENTA])
    return scenes.draw(SIZE, np.random.default_rng(seed))


def test_the_same_seed_draws_the_same_picture() -> None:
    photograph = street([(150, 150, 250, 175)])
    (one, asked), (other, again) = drawn(photograph, 5), drawn(photograph, 5)
    assert (one == other).all()
    assert (asked.boxes == again.boxes).all()
    assert one.shape == (*SIZE, 3)


def test_a_laid_plate_covers_its_corners_and_nothing_far_from_them() -> None:
    picture = np.zeros((*SIZE, 3), np.uint8)
    corners = np.array([[60, 60], [180, 75], [178, 110], [58, 92]], np.float32)
    seeds = iter(range(100))
    while (picture == 0).all() or (picture[5, 5] > 0).any():
        picture[:] = 0
        lay(picture, MAGENTA, corners, np.random.default_rng(next(seeds)))
    assert picture[85, 120, 0] > 2 * picture[85, 120, 1]
    assert (picture[:40] == 0).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_posed_plate_is_as_wide_as_wanted_and_turns_clockwise(seed: int) -> None:
    corners = posed(MAGENTA, 90.0, np.random.default_rng(seed))
    assert np.ptp(corners[:, 0]) == pytest.approx(90, abs=1e-3)
    after = np.roll(corners, -1, axis=0)
    assert (corners[:, 0] * after[:, 1] - after[:, 0] * corners[:, 1]).sum() > 0
    assert corners[0, 0] < corners[1, 0]


def test_plates_asked_for_are_whole_and_not_in_the_way_of_each_other() -> None:
    photograph = street([(150, 150, 250, 175)])
    for seed in range(30):
        _, asked = drawn(photograph, seed)
        assert (asked.boxes[:, 2] - asked.boxes[:, 0] >= 7).all()
        inside = np.clip(asked.boxes, 0, (256, 192, 256, 192))
        assert np.abs(inside - asked.boxes).max(initial=0) < 0.2 * 256
        for at, box in enumerate(asked.boxes):
            assert all(overlap(box, other) == 0 for other in asked.boxes[at + 1 :])
        assert (hull(asked.corners) == asked.boxes).all()


def test_a_real_box_stays_on_its_plate_through_scaling_and_mirroring() -> None:
    photograph = street([(150, 150, 250, 175)])
    seen = 0
    for seed in range(30):
        picture, asked = drawn(photograph, seed)
        for box, cornered in zip(asked.boxes, asked.cornered, strict=True):
            if not cornered and box[2] - box[0] > 30:
                x, y = int((box[0] + box[2]) / 2), int((box[1] + box[3]) / 2)
                above = max(0, int(box[1] - (box[3] - box[1])))
                seen += 1
                assert picture[y, x].mean() >= picture[above, x].mean()
    assert seen > 10


def test_where_a_plate_is_suspected_nothing_is_asked_and_nothing_laid() -> None:
    everywhere = np.array([[0, 0, 400, 300]], np.float32)
    seen = 0
    for seed in range(20):
        _, asked = drawn(street([], everywhere), seed)
        if (asked.ignored[:, 2] - asked.ignored[:, 0] > 0.9 * SIZE[1]).any():
            seen += 1
            assert len(asked.boxes) == 0
    assert seen > 5
