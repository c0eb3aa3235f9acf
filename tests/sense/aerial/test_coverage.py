"""What was looked at: against sums made by hand on flat ground."""

import json
import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from kept_sorties import SPREAD
from morina.sense.aerial import Angles, Footprint, ObjectKind, Pose
from morina.sense.aerial.coverage.asked import around
from morina.sense.aerial.coverage.chance import FLAT_DEG, FULL, ChanceModel
from morina.sense.aerial.coverage.gaps import polygons
from morina.sense.aerial.coverage.grid import Covering, Grid, RefusedAreaError, filled
from morina.sense.aerial.coverage.rings import holds, inside
from morina.sense.aerial.coverage.shown import age_png, gaps_geojson, pod_png
from morina.sense.aerial.roles import Moment

PERSON = ObjectKind.PERSON
METRE = 1 / 111_320
GRID = Grid(west=20.0, south=0.0, east=20.0 + 900 * METRE, north=600 * METRE)
"""At the equator: 30 columns, 20 rows of 30 m."""


def looking(at_s: float, box: tuple[float, float, float, float], **changed: float) -> Moment:
    """A picture of a box (metres from the grid's south-west corner), from above its middle."""
    west, south, east, north = (one * METRE for one in box)
    ring = tuple(
        (20 + x, y) for x, y in ((west, south), (east, south), (east, north), (west, north))
    )
    latitude, longitude = (south + north) / 2, 20 + (west + east) / 2
    pose = Pose(
        latitude=latitude, longitude=longitude, height_m=100.0,
        camera=Angles(0.0, changed.get("pitch", -90.0)), view=(60.0, 40.0), spread=SPREAD,
    )  # fmt: skip
    seen = Footprint(at_s, (*ring, ring[0]), False, changed.get("metres", 0.05))
    return Moment(
        frame=int(at_s * 10), at_s=at_s, latitude=latitude, longitude=longitude, height_m=100.0,
        pose=pose, footprint=seen,
    )  # fmt: skip


def test_the_grid_is_of_square_cells() -> None:
    assert GRID.shape == (20, 30)
    north = Grid(west=20.0, south=42.0, east=20.1, north=42.1)
    rows, columns = north.shape
    assert columns / rows == pytest.approx(math.cos(math.radians(42.05)), abs=0.01)
    with pytest.raises(RefusedAreaError, match="too many"):
        Grid(west=10, south=40, east=20, north=50)
    with pytest.raises(RefusedAreaError, match="no inside"):
        Grid(west=20, south=40, east=20, north=50)


def test_cells_of_a_ring_are_those_whose_middle_lies_in_it() -> None:
    random = np.random.default_rng(4)
    for _ in range(40):
        angle = np.sort(random.uniform(0, 2 * np.pi, 9))
        away = random.uniform(50, 400, 9) * METRE
        ring = [
            (20 + 400 * METRE + float(r * np.cos(a)), 300 * METRE + float(r * np.sin(a)))
            for a, r in zip(angle, away, strict=True)
        ]
        rows, columns, cells = filled(GRID, ring)
        east, north = GRID.middles()
        whole = np.zeros(GRID.shape, bool)
        whole[rows, columns] = cells
        assert (whole == inside(ring, east[None, :], north[:, None])).all()
        assert whole[10, 12] == holds(ring, float(east[12]), float(north[10]))


def test_a_pass_counts_once_and_a_second_pass_is_a_second_chance() -> None:
    covering = Covering(GRID)
    box = (0.0, 0.0, 300.0, 300.0)
    covering.flight([looking(second / 2, box) for second in range(10)], 1_000.0)
    once = covering.covered(2_000.0)
    assert once.passes[3, 3] == 1 and once.passes[15, 20] == 0
    assert once.age_s[3, 3] == 2_000 - 1_004.5 and np.isinf(once.age_s[15, 20])
    best = once.pod[PERSON][4:6, 4:6].max()
    assert best == pytest.approx(FULL[PERSON])
    covering.flight([looking(0.0, box), looking(60.0, box)], 5_000.0)
    thrice = covering.covered(6_000.0)
    assert thrice.passes[5, 5] == 3
    assert thrice.pod[PERSON][4:6, 4:6].max() == pytest.approx(1 - (1 - FULL[PERSON]) ** 3)
    assert thrice.pod[PERSON][15, 20] == 0.0


def test_flights_taken_in_another_order_give_the_same() -> None:
    flights = [
        ([looking(0, (0, 0, 300, 300)), looking(30, (90, 90, 600, 420))], 50.0),
        ([looking(0, (150, 0, 500, 300), metres=0.12)], 9_000.0),
    ]
    one, other = Covering(GRID), Covering(GRID)
    for moments, began in flights:
        one.flight(moments, began)
    for moments, began in reversed(flights):
        other.flight(moments, began)
    for kind in FULL:
        assert np.allclose(one.covered(1e4).pod[kind], other.covered(1e4).pod[kind])
    assert (one.covered(1e4).age_s == other.covered(1e4).age_s).all()


def test_coarse_and_flat_looks_find_less() -> None:
    model = ChanceModel()

    def chance(metres: float, down: float) -> float:
        return float(model.of_look(PERSON, np.array([metres]), np.array([down]))[0])

    assert chance(0.05, 90) == FULL[PERSON] == chance(0.05, FLAT_DEG)
    assert chance(0.5 / 4.5, 90) == pytest.approx(FULL[PERSON] / 2)
    assert chance(0.17, 90) == 0.0
    assert chance(0.05, 10) == pytest.approx(
        FULL[PERSON] * math.sin(math.radians(10)) / math.sin(math.radians(30))
    )
    with pytest.raises(ValueError, match="no share found"):
        ChanceModel({PERSON: 1.0})


def test_far_corners_of_a_flat_look_are_coarser_than_near_ones() -> None:
    covering = Covering(GRID)
    looks = replace(looking(0, (0, 0, 900, 600), pitch=-20.0, metres=0.15), latitude=0.0)
    covering.flight([looks], 0.0)
    pod = covering.covered(10.0).pod[ObjectKind.VEHICLE]
    assert pod[4, 15] > pod[18, 15] >= 0


def test_without_a_footprint_nothing_was_looked_at() -> None:
    covering = Covering(GRID)
    bare = replace(looking(0, (0, 0, 300, 300)), footprint=None, pose=None)
    covering.flight([bare], 0.0)
    assert covering.covered(1.0).passes.sum() == 0
    with pytest.raises(RefusedAreaError, match="saw nothing"):
        around([bare], 30.0)


def test_gaps_are_polygons_with_their_holes_that_hold_just_these_cells() -> None:
    random = np.random.default_rng(7)
    for share in (0.1, 0.5, 0.9):
        cells = random.random(GRID.shape) < share
        east, north = GRID.middles()
        found = np.zeros(GRID.shape, bool)
        for outline, *holes in polygons(GRID, cells):
            held = inside(outline, east[None, :], north[:, None])
            for hole in holes:
                held &= ~inside(hole, east[None, :], north[:, None])
            assert not (found & held).any()
            found |= held
        assert (found == cells).all()


def test_small_gaps_are_left_out_and_the_largest_comes_first() -> None:
    cells = np.zeros(GRID.shape, bool)
    cells[0, 0] = cells[10:15, 10:20] = cells[2:4, 2:4] = True
    cells[12, 12] = False
    big, small = polygons(GRID, cells, least_cells=2)
    assert len(big) == 2 and len(small) == 1
    assert big[0][0] == big[0][-1] and len(big[0]) == 5


def test_the_map_gets_small_geojson_and_pictures() -> None:
    covering = Covering(GRID)
    covering.flight([looking(0, (0, 0, 900, 300))], 0.0)
    covered = covering.covered(7_200.0)
    said = json.loads(gaps_geojson(covered, PERSON, 0.2))
    assert said["features"][0]["geometry"]["type"] == "Polygon" and len(said["assumed"]) == 3
    age = cv2.imdecode(np.frombuffer(age_png(covered), np.uint8), cv2.IMREAD_UNCHANGED)
    assert age is not None and age.shape == (20, 30, 4)
    assert age[19, 5].tolist() == [84, 163, 49, 140] and age[0, 5, 3] == 0
    pod = cv2.imdecode(np.frombuffer(pod_png(covered, PERSON), np.uint8), cv2.IMREAD_UNCHANGED)
    assert pod is not None and pod[15, 15, 3] > 0 and pod[0, 0, 3] == 0
