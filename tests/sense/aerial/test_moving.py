from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from morina.sense.aerial import Detection, ObjectKind
from morina.sense.aerial.looking.moving import Cue, MovingCue
from morina.sense.aerial.looking.moving_still import shift

Image = NDArray[np.uint8]
SIZE = (640, 360)
METRES = 0.1


def _ground(seed: int = 5) -> Image:
    """Grass and stones, 1400 x 1400."""
    random = np.random.default_rng(seed)
    small = random.integers(60, 180, (175, 175)).astype(np.uint8)
    ground = cv2.resize(small, (1400, 1400), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    ground += random.integers(-6, 7, ground.shape).astype(np.int16)
    return np.clip(ground, 0, 255).astype(np.uint8)


GROUND = _ground()


def _filmed(number: int, things: Sequence[tuple[float, float]], turn: float = 0.4) -> Image:
    """Picture ``number``: the drone goes on by 6 pixels and turns; things are 24 x 12 and bright,
    told in pixels of the picture as it would be without the drone's going on."""
    ground = GROUND.copy()
    for x, y in things:
        cv2.rectangle(ground, (int(x), int(y)), (int(x) + 24, int(y) + 12), 250, -1)
    matrix = cv2.getRotationMatrix2D((700.0, 700.0), turn * number, 1.0)
    matrix[:, 2] -= (380 + 6 * number, 500)
    picture = cv2.warpAffine(ground, matrix, SIZE, flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8)


def _where(number: int, at: tuple[float, float], turn: float = 0.4) -> tuple[float, float]:
    matrix = cv2.getRotationMatrix2D((700.0, 700.0), turn * number, 1.0)
    matrix[:, 2] -= (380 + 6 * number, 500)
    x, y = matrix @ (at[0] + 12, at[1] + 6, 1.0)
    return float(x), float(y)


def _holds(found: Sequence[Detection], at: tuple[float, float]) -> bool:
    return any(
        one.box[0] - 6 <= at[0] <= one.box[2] + 6 and one.box[1] - 6 <= at[1] <= one.box[3] + 6
        for one in found
    )


def test_what_moves_is_shown_where_it_is_now_and_what_stands_is_not() -> None:
    cue, standing, shown = MovingCue(), (900.0, 620.0), 0
    for number in range(12):
        moving = (600.0 + 15 * number, 720.0)
        found = cue.see(_filmed(number, [moving, standing]), METRES)
        assert len(found) <= 2
        assert all(one.kind is ObjectKind.MOVING for one in found)
        assert not _holds(found, _where(number, standing))
        shown += _holds(found, _where(number, moving))
    assert shown >= 9


def test_a_flight_over_ground_where_nothing_moves_shows_nothing() -> None:
    cue = MovingCue()
    for number in range(12):
        assert not cue.see(_filmed(number, []), METRES)


def test_the_first_pictures_and_those_after_a_cut_show_nothing() -> None:
    cue = MovingCue()
    for start in (0, 100):
        for number in range(2):
            moving = (600.0 + start + 40 * number, 720.0)
            assert not cue.see(_filmed(number, [moving]), METRES)
        cue.see(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), METRES)


def test_things_too_large_or_too_small_on_the_ground_are_no_things() -> None:
    for metres in (0.005, 3.0):
        cue = MovingCue()
        for number in range(5):
            assert not cue.see(_filmed(number, [(600.0 + 15 * number, 720.0)]), metres)


def test_of_more_than_the_most_the_largest_are_told() -> None:
    cue = MovingCue(Cue(most=3))
    found: Sequence[Detection] = ()
    for number in range(3):
        things = [(480.0 + 90 * one + 30 * number, 600.0 + 40 * (one % 5)) for one in range(6)]
        found = cue.see(_filmed(number, things), METRES)
    assert len(found) == 3


def test_a_larger_picture_is_brought_down_and_its_boxes_back() -> None:
    cue, large = MovingCue(Cue(across=320)), MovingCue()
    for number in range(3):
        picture = _filmed(number, [(700.0 + 20 * number, 720.0)])
        small_found, large_found = cue.see(picture, METRES), large.see(picture, METRES)
    assert small_found[0].box == pytest.approx(large_found[0].box, abs=6)


@pytest.mark.parametrize("by", [3, 90])
def test_how_the_ground_moved_is_found_near_and_far(by: int) -> None:
    before, now = GROUND[300:660, 300:940].copy(), GROUND[300:660, 300 + by : 940 + by].copy()
    found = shift(before, now)
    assert found is not None
    assert found.matrix[0, 2] == pytest.approx(-by, abs=0.5)
    assert found.agreeing > 0.8


def test_two_pictures_of_other_places_have_no_shift() -> None:
    assert shift(GROUND[:360, :640].copy(), GROUND[900:1260, 700:1340].copy()) is None
    assert shift(np.zeros((360, 640), np.uint8), np.zeros((360, 640), np.uint8)) is None
