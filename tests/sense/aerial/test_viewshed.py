"""What can be seen from a place, beside straight lines followed one by one."""

import json

import cv2
import numpy as np
import pytest

from made_terrain import OneClip, clip_of, middle
from morina.sense.aerial import NoPlaceError
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import AXIS_M, metres_per_degree
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.viewshed import TARGET_M, Viewshed, seen_from
from morina.sense.aerial.terrain.viewshed_layers import as_geojson, as_png


def hills(rows, columns):
    return 500 + 90 * np.sin(rows / 11) * np.cos(columns / 8) + 40 * np.sin(columns / 23)


def centre_of(viewshed: Viewshed, row: int, column: int) -> tuple[float, float]:
    west, south, east, north = viewshed.bounds
    rows, columns = viewshed.seen.shape
    return (
        north - (row + 0.5) * (north - south) / rows,
        west + (column + 0.5) * (east - west) / columns,
    )  # fmt: skip


def sees(clip: Clip, place: tuple[float, float], eye: float, target: tuple[float, float]) -> bool:
    """By 500 points of the straight line."""
    north, east = metres_per_degree(place[0])
    away = np.hypot((target[0] - place[0]) * north, (target[1] - place[1]) * east)
    t = np.linspace(0.01, 0.985, 500)
    end = float(clip.height(*target)) + TARGET_M - away**2 / (2 * AXIS_M)
    line = eye + (end - eye) * t
    ground = clip.height(
        place[0] + (target[0] - place[0]) * t, place[1] + (target[1] - place[1]) * t
    )
    return bool((line >= ground - (away * t) ** 2 / (2 * AXIS_M)).all())


@pytest.mark.parametrize("above", [2.0, 60.0, 400.0])
def test_it_agrees_with_straight_lines(above: float) -> None:
    clip = clip_of(hills)
    place = middle(clip)
    found = seen_from(clip, place, above, 3_000)
    rng, agree = np.random.default_rng(2), []
    known = np.argwhere(found.seen | found.hidden)
    for row, column in known[rng.choice(len(known), 700, replace=False)]:
        target = centre_of(found, row, column)
        eye = float(clip.height(*place)) + above
        agree.append(sees(clip, place, eye, target) == found.seen[row, column])
    assert np.mean(agree) > 0.96
    assert not (found.seen & found.hidden).any()


def test_a_wall_hides_what_is_behind_it_and_height_sees_over_it() -> None:
    clip = clip_of(lambda rows, _: np.where(rows == 190, 130.0, 100.0))
    place = middle(clip)  # row 200: the wall is 309 m to the north, 30 m high
    low, high = (seen_from(clip, place, above, 2_000) for above in (2.0, 120.0))
    rows = low.seen.shape[0]
    here = rows // 2
    column = low.seen.shape[1] // 2
    assert low.seen[here + 30, column]
    assert low.hidden[here - 30, column]
    assert high.hidden[here - 11, column]
    assert high.seen[here - 30, column]
    assert high.share_seen > 0.97 > low.share_seen


def test_flat_ground_is_seen_up_to_the_reach_and_no_further() -> None:
    clip = clip_of(lambda rows, _: np.full_like(rows, 100.0))
    found = seen_from(clip, middle(clip), 30.0, 2_500)
    assert found.share_seen == 1
    circle = np.pi / 4
    assert found.seen.mean() == pytest.approx(circle, rel=0.03)


def test_behind_unknown_ground_nothing_is_said() -> None:
    clip = clip_of(lambda rows, _: np.where(rows == 170, np.nan, 100.0))
    found = seen_from(clip, middle(clip), 30.0, 2_000)
    here, column = (side // 2 for side in found.seen.shape)
    assert found.seen[here - 20, column]
    assert not (found.seen | found.hidden)[here - 40, column]
    assert found.seen[here + 40, column]


def test_layers_for_the_map() -> None:
    clip = clip_of(hills)
    ground = TerrainGround(OneClip(clip), reach_m=3_500)
    found = ground.viewshed(*middle(clip), 5.0, 3_000)
    picture = cv2.imdecode(np.frombuffer(as_png(found), np.uint8), cv2.IMREAD_UNCHANGED)
    assert ((picture[:, :, 3] > 0) == (found.seen | found.hidden)).all()
    layer = json.loads(as_geojson(found))
    seen = {feature["properties"]["seen"] for feature in layer["features"]}
    assert seen == {True, False}
    west, south, east, north = found.bounds
    for feature in layer["features"]:
        for x, y in feature["geometry"]["coordinates"][0]:
            assert west - 1e-9 <= x <= east + 1e-9
            assert south - 1e-9 <= y <= north + 1e-9
    with pytest.raises(NoPlaceError, match="3500"):
        ground.viewshed(*middle(clip), 5.0, 9_000)
