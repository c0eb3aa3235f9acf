"""Rays against the ground, beside a plain march in steps of half a metre."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_terrain import clip_of, middle
from morina.sense.aerial.terrain.casting import cast
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.casting_pyramid import pyramid
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import axes, centred, geodetic

REACH_M = 3_900.0
STEP_M = 0.5


def ridges(rows, columns):
    return 300 + 150 * np.abs(np.sin(rows / 17)) + 60 * np.cos(columns / 9)


def cliffs(rows, columns):
    return np.where((rows // 23 + columns // 31) % 2 == 0, 200.0, 480.0)


def pits(rows, columns):
    deep = (rows % 40 - 20) ** 2 + (columns % 40 - 20) ** 2 < 60
    return np.where(deep, 50.0, 400.0 + rows / 4)


def needles(rows, columns):
    return np.where((rows % 29 == 0) & (columns % 37 == 0), 640.0, 350.0)


def noise(rows, _columns):
    return 400 + np.random.default_rng(5).normal(0, 25, rows.shape)


SHAPES = {shape.__name__: shape for shape in (ridges, cliffs, pits, needles, noise)}
CLIPS = {name: clip_of(shape) for name, shape in SHAPES.items()}
PYRAMIDS = {name: pyramid(clip) for name, clip in CLIPS.items()}


def ways(azimuth: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.stack([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)], axis=1)


def marched(
    clip: Clip, place: tuple[float, float, float], way: np.ndarray, reach_m: float = REACH_M
) -> float:
    """The same by small steps along the straight line in space, bilinear between posts."""
    metres = np.arange(0, reach_m, STEP_M)
    points = centred(*place) + metres[:, None] * (way @ axes(*place[:2]))
    latitude, longitude, height = geodetic(*points.T)
    row, column = (clip.north - latitude) / clip.step[0], (longitude - clip.west) / clip.step[1]
    i, j = np.floor(row).astype(int), np.floor(column).astype(int)
    p, q, z = row - i, column - j, clip.heights.astype(float)
    ground = (z[i, j] * (1 - q) + z[i, j + 1] * q) * (1 - p)
    ground += (z[i + 1, j] * (1 - q) + z[i + 1, j + 1] * q) * p
    under = np.flatnonzero(height <= ground)
    return float(metres[under[0]]) if len(under) else np.inf


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(SHAPES)),
    azimuth=st.floats(0, 360),
    elevation=st.floats(-90, 3),
    above=st.floats(1, 900),
    shift=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_a_ray_meets_the_ground_where_a_fine_march_does(
    name: str, azimuth: float, elevation: float, above: float, shift: tuple[float, float]
) -> None:
    clip = CLIPS[name]
    latitude, longitude = middle(clip)
    latitude, longitude = latitude + shift[0] * 0.003, longitude + shift[1] * 0.003
    place = latitude, longitude, float(clip.height(latitude, longitude)) + above
    way = ways(np.array([azimuth]), np.array([elevation]))
    found = cast(clip, PYRAMIDS[name], Bundle(place, np.zeros((1, 3)), way), REACH_M).metres[0]
    wanted = marched(clip, place, way[0])
    if found == wanted or abs(found - wanted) < 1:
        return
    # A ray that only brushes a bump between two steps of the march: it must touch it.
    touched = Bundle(place, np.zeros((1, 3)), way).at(np.array([found]))
    assert found < wanted
    assert float(touched[2][0] - clip.height(touched[0], touched[1])[0]) == pytest.approx(
        0, abs=0.05
    )


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_many_rays_at_once_are_the_rays_one_by_one(name: str) -> None:
    clip, rng = CLIPS[name], np.random.default_rng(3)
    place = (*middle(clip), 900.0)
    many = ways(rng.uniform(0, 360, 9_000), rng.uniform(-60, 1, 9_000))
    begin = rng.normal(0, 20, (9_000, 3))
    together = cast(clip, PYRAMIDS[name], Bundle(place, begin, many), REACH_M).metres
    chosen = slice(8_150, 8_250)
    few = cast(clip, PYRAMIDS[name], Bundle(place, begin[chosen], many[chosen]), REACH_M).metres
    assert together[chosen] == pytest.approx(few, abs=1e-3)
    assert np.isfinite(together).mean() > 0.5


def test_flat_ground_falls_away_with_the_earth() -> None:
    clip = clip_of(lambda rows, _: np.zeros_like(rows), posts=1_200)
    place = (*middle(clip), 100.0)
    level = Bundle(place, np.zeros((2, 3)), ways(np.zeros(2), np.array([0.0, -0.4])))
    metres = cast(clip, pyramid(clip), level, 15_000.0).metres
    assert np.isinf(metres[0])  # a level ray never comes down
    assert metres[1] > 100 / np.sin(np.radians(0.4)) + 800  # 14.3 km on a plane


def test_straight_down_ends_under_the_camera() -> None:
    clip = CLIPS["ridges"]
    latitude, longitude = middle(clip)
    ground = float(clip.height(latitude, longitude))
    down = Bundle(
        (latitude, longitude, ground + 120), np.zeros((1, 3)), np.array([[0.0, 0.0, -1.0]])
    )
    assert cast(clip, PYRAMIDS["ridges"], down, REACH_M).metres[0] == pytest.approx(120, abs=0.01)


def test_a_ray_that_begins_under_the_ground_has_gone_no_way() -> None:
    clip = CLIPS["pits"]
    place = (*middle(clip), 10.0)
    up = Bundle(place, np.zeros((1, 3)), np.array([[0.0, 0.1, 0.995]]))
    assert cast(clip, PYRAMIDS["pits"], up, REACH_M).metres[0] == 0


def holed(rows, _columns):
    return np.where((rows > 150) & (rows < 160), np.nan, 300.0)


def test_unknown_ground_on_the_way_is_not_passed_and_beyond_the_hit_does_not_matter() -> None:
    clip = clip_of(holed)  # the hole lies 40 posts (1.2 km) to the north
    place = (*middle(clip), 400.0)
    north = np.zeros(3)
    bundle = Bundle(place, np.zeros((3, 3)), ways(north, np.array([-2.0, -20.0, 3.0])))
    over, before, high = cast(clip, pyramid(clip), bundle, REACH_M).metres
    assert np.isnan(over)
    assert before == pytest.approx(100 / np.sin(np.radians(20)), abs=1)
    assert np.isnan(high)  # an unknown mountain might stand there


def test_a_ray_that_leaves_the_clip_is_unknown_not_sky() -> None:
    clip = clip_of(lambda rows, _: np.full_like(rows, 100.0), posts=60)
    place = (*middle(clip), 500.0)
    bundle = Bundle(place, np.zeros((2, 3)), ways(np.zeros(2), np.array([-1.0, -80.0])))
    metres = cast(clip, pyramid(clip), bundle, REACH_M).metres
    assert np.isnan(metres[0])
    assert metres[1] == pytest.approx(400 / np.sin(np.radians(80)), abs=1)


def test_a_ray_bends_over_the_edge_of_a_large_square() -> None:
    """A great circle that sets out due east turns south by half a post in 15 km."""

    def walled(rows, columns):
        return np.where((rows >= 1_025) & (columns >= 500), 4_000.0, 100.0)

    clip = clip_of(walled, posts=1_400)
    latitude = clip.north - 1_023.8 * clip.step[0]
    place = latitude, clip.west + 100 * clip.step[1], 1_000.0
    way = np.array([[1.0, 0.0, 0.0]])
    found = cast(clip, pyramid(clip), Bundle(place, np.zeros((1, 3)), way), 15_000.0).metres[0]
    assert found == pytest.approx(marched(clip, place, way[0], 15_000.0), abs=1)
    assert found > 10_000
