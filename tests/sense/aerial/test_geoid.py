import numpy as np
import pytest

from morina.sense.aerial.terrain.geoid import undulation


@pytest.mark.parametrize(
    ("latitude", "longitude", "metres"),
    [
        # The test values NIMA gave out with its own program for this grid.
        (38.6281550, 269.7791550, -31.628),
        (-14.6212170, 305.0211140, -2.969),
        (46.8743190, 102.4487290, -43.575),
        (-23.6174460, 133.8747120, 15.871),
        (38.6254730, 359.9995000, 50.066),
        (-0.4667440, 0.0023000, 17.329),
    ],
)
def test_the_values_its_makers_published_are_met(
    latitude: float, longitude: float, metres: float
) -> None:
    assert undulation(latitude, longitude) == pytest.approx(metres, abs=0.25)  # theirs: a spline


def test_posts_of_the_grid_are_met_to_the_centimetre() -> None:
    # Read out of the grid by hand: the poles and the posts around them.
    assert undulation(90.0, 0.0) == pytest.approx(13.606, abs=0.006)
    assert undulation(-90.0, 77.0) == pytest.approx(-29.534, abs=0.006)


def test_longitudes_of_any_turn_and_both_sides_of_greenwich_agree() -> None:
    assert undulation(42.0, -339.6) == pytest.approx(undulation(42.0, 20.4), abs=1e-9)
    below, above = undulation(10.0, -1e-9), undulation(10.0, 1e-9)
    assert below == pytest.approx(above, abs=1e-6)
    grid = undulation(np.linspace(-90, 90, 7)[:, None], np.linspace(-180, 180, 9)[None, :])
    assert grid.shape == (7, 9)
    assert -107 < grid.min() < grid.max() < 86
