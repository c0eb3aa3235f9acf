"""The finder's targets, and what is made of its answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.finder_targets import (
    STRIDE,
    Marked,
    hull,
    marked,
    targets_of,
    upright,
)

from morina.sense.recogniser.finding import Found, plates_in

SIZE = (128, 256)
SLANTED = np.array([[40, 30], [140, 42], [138, 70], [38, 58]], np.float32)


def found(plates: Marked) -> list[Found]:
    """What the product makes of a network that says exactly what is wanted."""
    wanted = targets_of(plates, SIZE)
    return plates_in(wanted.heat, wanted.box, wanted.corners, STRIDE, 0.99)


def test_targets_decode_to_the_plate_they_were_made_of() -> None:
    (plate,) = found(marked([(SLANTED, True)]))
    assert plate.sureness == 1
    assert plate.box == pytest.approx(hull(SLANTED[None])[0], abs=1e-3)
    assert np.array(plate.corners) == pytest.approx(SLANTED, abs=1e-3)


@given(
    x=st.floats(0, 200),
    y=st.floats(0, 100),
    width=st.floats(7, 56),
    height=st.floats(3, 28),
)
def test_a_plate_anywhere_and_however_small_has_a_cell_of_its_own(
    x: float, y: float, width: float, height: float
) -> None:
    box = np.array([[x, y, x + width, y + height]], np.float32)
    (plate,) = found(marked([(upright(box)[0], False)]))
    assert plate.box == pytest.approx(box[0], abs=1e-3)


def test_two_plates_are_both_found_and_the_smaller_keeps_its_cells() -> None:
    small = np.array([[150, 44, 180, 54]], np.float32)
    large = np.array([[20, 10, 140, 90]], np.float32)
    plates = marked([(upright(small)[0], True), (upright(large)[0], True)])
    boxes = {tuple(np.round(it.box)) for it in found(plates)}
    assert boxes == {tuple(small[0]), tuple(large[0])}


def test_a_box_without_true_corners_teaches_no_corners() -> None:
    cornered, plain = (targets_of(marked([(SLANTED, true)]), SIZE) for true in (True, False))
    assert cornered.bent.sum() > 0
    assert plain.bent.sum() == 0
    assert (plain.near == cornered.near).all()


def test_nothing_is_asked_where_a_plate_may_be_unlabelled() -> None:
    ignored = np.array([200, 80, 240, 100], np.float32)
    wanted = targets_of(marked([(SLANTED, True)], [ignored]), SIZE)
    assert wanted.care[90 // STRIDE, 220 // STRIDE] == 0
    assert wanted.care[50 // STRIDE, 90 // STRIDE] == 1
    assert wanted.care[8 // STRIDE, 8 // STRIDE] == 1


def test_a_labelled_plate_is_asked_for_even_where_something_is_ignored() -> None:
    wanted = targets_of(marked([(SLANTED, True)], [hull(SLANTED[None])[0]]), SIZE)
    assert wanted.care[wanted.heat == 1].all()
