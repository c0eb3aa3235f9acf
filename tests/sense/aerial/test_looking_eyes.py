import numpy as np
import pytest
from numpy.typing import NDArray

from morina.sense.aerial import Detection, ObjectKind
from morina.sense.aerial.looking.eyes import (
    ColourOnly,
    GreyOnly,
    Tiled,
    Tiles,
    as_filmed,
    coloured,
    once,
)
from morina.sense.aerial.stated import FilmKind

Image = NDArray[np.uint8]


class Bright:
    """Sees one box around each patch of its own brightness. The role Detector."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def detect(self, image: Image) -> tuple[Detection, ...]:
        self.shapes.append(image.shape)
        found = []
        for bright in (150, 200, 250):
            down, across = np.nonzero(np.abs(image[:, :, 0].astype(int) - bright) < 12)
            if len(down) > 8:
                box = (across.min(), down.min(), across.max() + 1, down.max() + 1)
                left, top, right, bottom = (float(side) for side in box)
                found.append(Detection(ObjectKind.PERSON, (left, top, right, bottom), 0.8))
        return tuple(found)


def _picture(shape: tuple[int, int], *patches: tuple[int, int, int]) -> Image:
    """Patches (left, top, brightness) 16 x 16 pixels."""
    image = np.full((*shape, 3), 20, np.uint8)
    for left, top, bright in patches:
        image[top : top + 16, left : left + 16] = bright
    return image


def test_a_picture_finer_than_the_training_is_made_smaller_and_boxes_come_back_in_its_pixels() -> (
    None
):
    detector = Bright()
    found = Tiled(detector=detector).see(_picture((1080, 1920), (1000, 500, 250)), 0.03)
    assert len(found) == 1
    assert found[0].box == pytest.approx((1000, 500, 1016, 516), abs=4)
    assert set(detector.shapes) == {(512, 640, 3)}
    assert len(detector.shapes) <= 2


def test_a_thing_where_tiles_overlap_is_told_once_and_none_is_lost() -> None:
    patches = [(592, 60, 150), (1240, 480, 200), (1900, 1060, 250)]
    found = Tiled(detector=Bright()).see(_picture((1080, 1920), *patches), 0.075)
    corners = sorted((round(one.box[0]), round(one.box[1])) for one in found)
    assert corners == [pytest.approx(patch[:2], abs=4) for patch in patches]


def test_what_lies_in_the_filling_of_a_small_picture_is_not_told() -> None:
    class Everywhere:
        def detect(self, image: Image) -> tuple[Detection, ...]:
            assert image.shape == (512, 640, 3)
            return (Detection(ObjectKind.PERSON, (600.0, 500.0, 620.0, 511.0), 0.9),)

    assert not Tiled(detector=Everywhere()).see(_picture((200, 300)), 0.075)


@pytest.mark.parametrize(
    ("shape", "metres", "most"),
    [
        ((1080, 1920), 0.075, 6), ((1080, 1920), 0.5, 12), ((512, 640), 0.075, 1),
        ((2160, 3840), 0.075, 12),
    ],
)  # fmt: skip
def test_tiles_are_few_and_cover_the_picture(
    shape: tuple[int, int], metres: float, most: int
) -> None:
    tiles = Tiles()
    scale = tiles.scale(shape, metres)
    scaled = (round(shape[0] * scale), round(shape[1] * scale))
    covered = np.zeros(scaled, bool)
    corners = list(tiles.corners(scaled))
    for left, top in corners:
        covered[top : top + 512, left : left + 640] = True
    assert covered.all()
    assert len(corners) <= most


def test_a_picture_is_not_made_larger_without_bounds() -> None:
    assert Tiles().scale((512, 640), 5.0) <= 1.5


def test_a_thermal_eye_is_shown_no_colour_and_one_for_daylight_nothing_else() -> None:
    grey, red = _picture((200, 300), (50, 50, 250)), _picture((200, 300), (50, 50, 250))
    red[:, :, 2] = 120
    eye = GreyOnly(Tiled(detector=Bright()))
    assert eye.see(grey, 0.075)
    assert not eye.see(red, 0.075)
    assert ColourOnly(Tiled(detector=Bright())).see(red, 0.075)
    assert not ColourOnly(Tiled(detector=Bright())).see(grey, 0.075)
    assert coloured(red) and not coloured(grey) and not coloured(grey[:, :, 0])


def test_what_a_person_states_was_filmed_by_stands_above_the_colours() -> None:
    thermal, daylight = Tiled(detector=Bright()), Tiled(detector=Bright())
    eyes = (GreyOnly(thermal), ColourOnly(daylight))
    assert as_filmed(eyes, None) == eyes
    assert as_filmed(eyes, FilmKind.THERMAL) == [thermal]
    assert as_filmed(eyes, FilmKind.DAYLIGHT) == [daylight]


def test_what_a_detector_and_the_moving_cue_both_see_is_the_detectors() -> None:
    car = Detection(ObjectKind.VEHICLE, (10, 10, 50, 30), 0.3)
    cue = Detection(ObjectKind.MOVING, (8, 12, 46, 30), 0.9)
    rider = Detection(ObjectKind.PERSON, (12, 10, 40, 30), 0.6)
    alone = Detection(ObjectKind.MOVING, (100, 100, 120, 110), 0.25)
    assert once([cue, car, rider, alone], 0.5) == [rider, car, alone]
