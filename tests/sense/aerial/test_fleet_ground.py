"""The ground under an area, above the sea."""

import numpy as np
import pytest

from made_terrain import STEP, OneClip
from morina.sense.aerial.fleet.ground import ground_under
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.geoid import undulation

AREA = ((20.0, 10.0), (20.01, 10.0), (20.01, 10.01), (20.0, 10.01))


def clip(hole: bool = False) -> Clip:
    """500 m, with a peak of 700 m within the area and one of 900 m far from it."""
    heights = np.full((360, 360), 500, np.float32)
    lines, across = Clip(heights, 10.05, 19.95, (STEP, STEP), 2.0).grid(
        [10.005, 9.96], [20.005] * 2
    )
    heights[round(lines[0]), round(across[0])] = np.nan if hole else 700
    heights[round(lines[1]), round(across[1])] = 900
    return Clip(heights, 10.05, 19.95, (STEP, STEP), 2.0)


def test_lowest_and_highest_are_of_the_area_with_room_for_error() -> None:
    found = ground_under(OneClip(clip()), AREA)
    geoid = float(undulation(10.005, 20.005))
    assert found == pytest.approx((500 - geoid - 4, 700 - geoid + 4), abs=0.3)


def test_ground_that_is_not_known_is_not_guessed() -> None:
    assert ground_under(OneClip(clip(hole=True)), AREA) is None
    beyond = tuple((x + 0.045, y) for x, y in AREA)
    assert ground_under(OneClip(clip()), beyond) is None


def test_an_area_too_large_is_not_compared() -> None:
    assert (
        ground_under(OneClip(clip()), tuple((x * 1.0, y + n) for n, (x, y) in enumerate(AREA)))
        is None
    )
