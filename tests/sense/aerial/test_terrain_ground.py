"""From pixels to places, footprints and back, over terrain made by formula."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from made_terrain import NORTH, STEP, WEST, OneClip, clip_of, middle
from morina.sense.aerial import Angles, Flag, Lens, MissingTerrainError, NoPlaceError, Pose, Spread
from morina.sense.aerial.terrain.earth import metres_per_degree
from morina.sense.aerial.terrain.terrain_ground import TerrainGround

SPREAD = Spread(horizontal_m=2, vertical_m=3, yaw_deg=1, pitch_deg=0.5, roll_deg=0.5)
SURE = Spread(
    horizontal_m=1e-3, vertical_m=1e-3, yaw_deg=1e-6, pitch_deg=1e-6, roll_deg=1e-6, view_share=1e-9
)
REACH_M = 3_000.0
MIDDLE = np.array([[0.5, 0.5]])


def flat(rows, _columns):
    return np.full_like(rows, 100.0)


def ridge(rows, _columns):
    """200 m high, 60 m wide, 20 posts (618 m) north of the middle."""
    return np.where(np.abs(rows - 180) < 2, 300.0, 100.0)


def over(shape, **changes) -> tuple[TerrainGround, Pose]:
    clip = clip_of(shape, sd_m=changes.pop("sd_m", 2.0))
    latitude, longitude = middle(clip)
    plain = Pose(
        latitude=latitude, longitude=longitude, height_m=300.0, camera=Angles(0, -45),
        view=(40, 30), spread=SPREAD,
    )  # fmt: skip
    return TerrainGround(OneClip(clip), reach_m=REACH_M), replace(plain, **changes)


def metres(pose: Pose, latitude: float, longitude: float) -> tuple[float, float]:
    north, east = metres_per_degree(pose.latitude)
    return (longitude - pose.longitude) * east, (latitude - pose.latitude) * north


@pytest.mark.parametrize("yaw", [0.0, 70.0, 200.0])
def test_the_middle_of_the_picture_lies_where_the_camera_points(yaw: float) -> None:
    ground, pose = over(flat, camera=Angles(yaw, -30, 17))
    place = ground.places(pose, MIDDLE)[0]
    assert place is not None
    away = 200 / np.tan(np.radians(30))
    wanted = away * np.sin(np.radians(yaw)), away * np.cos(np.radians(yaw))
    assert metres(pose, place.latitude, place.longitude) == pytest.approx(wanted, abs=0.15)
    assert place.range_m == pytest.approx(400, abs=0.1)
    assert place.height_m == pytest.approx(100, abs=1e-3)
    assert not place.flags


def test_corners_of_a_picture_straight_down() -> None:
    ground, pose = over(flat, camera=Angles(90, -90))
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    found = [metres(pose, p.latitude, p.longitude) for p in ground.places(pose, corners) if p]
    across, down = 200 * np.tan(np.radians(20)), 200 * np.tan(np.radians(15))
    wanted = [(down, across), (down, -across), (-down, -across), (-down, across)]  # top is east
    assert np.allclose(found, wanted, atol=0.05)


def test_roll_clockwise_from_behind_lowers_the_right_side() -> None:
    ground, pose = over(flat, camera=Angles(0, -30, 10))
    left, right = ground.places(pose, np.array([[0.0, 0.5], [1.0, 0.5]]))
    assert left is not None
    assert right is not None
    assert right.range_m < left.range_m


def test_an_ellipse_over_flat_ground_is_that_of_the_formula() -> None:
    ground, pose = over(flat, camera=Angles(0, -40))
    place = ground.places(pose, MIDDLE)[0]
    assert place is not None
    down = np.radians(40)
    along = [2.0, np.hypot(3, 2) / np.tan(down), 200 / np.sin(down) ** 2 * np.radians(0.5)]
    beside = [2.0, 200 / np.tan(down) * np.radians(1)]
    assert place.ellipse.major_m == pytest.approx(2.146 * np.linalg.norm(along), rel=0.02)
    assert place.ellipse.minor_m == pytest.approx(2.146 * np.linalg.norm(beside), rel=0.02)
    assert min(place.ellipse.bearing_deg, 180 - place.ellipse.bearing_deg) < 1
    assert place.le90_m == pytest.approx(1.645 * 2, rel=0.02)


def test_ninety_per_cent_of_drawn_errors_lie_in_the_ellipse_low_over_a_ridge() -> None:
    def crest(rows, _columns):
        return np.where(np.abs(rows - 180) < 2, 300.0, 250.0)

    ground, pose = over(crest, height_m=330.0, camera=Angles(3, -3.2))
    place = ground.places(pose, MIDDLE)[0]
    assert place is not None
    assert Flag.SECOND_HIT in place.flags
    rng, sure = np.random.default_rng(12), over(crest, sd_m=1e-6)[0]
    ee, en, nn = place.covariance
    inverse, inside = np.linalg.inv([[ee, en], [en, nn]]), []
    north, east = metres_per_degree(pose.latitude)
    for _ in range(400):
        off = rng.normal(0, [2, 2, np.hypot(3, 2), 1, 0.5, 0.5])
        true = replace(
            pose, latitude=pose.latitude + off[1] / north, longitude=pose.longitude + off[0] / east,
            height_m=pose.height_m + off[2], spread=SURE,
            camera=Angles(3 + off[3], -3.2 + off[4], off[5]),
        )  # fmt: skip
        truth = sure.places(true, MIDDLE)[0]
        assert truth is not None
        x = np.array(metres(pose, truth.latitude, truth.longitude))
        x -= metres(pose, place.latitude, place.longitude)
        inside.append(x @ inverse @ x <= 4.605)
    assert 0.84 < np.mean(inside) < 0.95


def test_a_ray_that_only_just_meets_a_crest_may_have_gone_on() -> None:
    ground, pose = over(ridge, height_m=330.0)
    low = np.degrees(np.arctan2(330 - 296, 610))
    just = ground.places(replace(pose, camera=Angles(0, -low)), MIDDLE)[0]
    assert just is not None
    assert just.range_m < 630
    assert Flag.SECOND_HIT in just.flags
    well = ground.places(replace(pose, camera=Angles(0, -low - 3)), MIDDLE)[0]
    assert well is not None
    assert well.range_m < 630  # the same wall, 32 m under its crest
    assert Flag.SECOND_HIT not in well.flags


def test_low_rays_are_flagged_and_the_sky_has_no_place() -> None:
    ground, pose = over(flat, camera=Angles(0, -4.5))
    middle_, sky = ground.places(pose, np.array([[0.5, 0.5], [0.5, 0.0]]))
    assert middle_ is not None
    assert Flag.GRAZING in middle_.flags
    assert sky is None


def test_pixels_of_places_are_the_pixels_they_came_from() -> None:
    lens = Lens(k1=-0.08, k2=0.02, p1=0.001, p2=-0.0005, k3=-0.01)
    ground, pose = over(flat, camera=Angles(123, -50, 6), lens=lens)
    at = np.array([[0.5, 0.5], [0.03, 0.06], [0.9, 0.2], [0.7, 0.97]])
    for place, wanted in zip(ground.places(pose, at), at, strict=True):
        assert place is not None
        found = ground.pixel(pose, place.latitude, place.longitude)
        assert found == pytest.approx(wanted, abs=1e-5)
    assert ground.pixel(pose, pose.latitude + 0.003, pose.longitude) is None  # behind the camera


def test_the_lens_is_opencvs() -> None:
    lens = Lens(k1=-0.2, k2=0.05, p1=0.002, p2=-0.001, k3=-0.01)
    ground, pose = over(flat, camera=Angles(0, -90), lens=lens)
    at = np.array([[0.1, 0.2], [0.95, 0.5], [0.4, 0.9]])
    half = np.tan(np.radians([20, 15]))
    matrix = np.diag([0.5 / half[0], 0.5 / half[1], 1.0])
    matrix[:2, 2] = 0.5
    bends = np.array([lens.k1, lens.k2, lens.p1, lens.p2, lens.k3])
    wanted = cv2.undistortPoints(at[:, None].copy(), matrix, bends)[:, 0] * 200
    for place, (right, down) in zip(ground.places(pose, at), wanted, strict=True):
        assert place is not None
        assert metres(pose, place.latitude, place.longitude) == pytest.approx(
            (right, -down), abs=0.05
        )


def test_what_lies_behind_a_ridge_is_not_in_the_picture() -> None:
    ground, pose = over(ridge, camera=Angles(0, -12), view=(40, 30))
    behind = NORTH - 170 * STEP
    assert ground.pixel(pose, behind, pose.longitude) is None
    assert ground.pixel(pose, NORTH - 185 * STEP, pose.longitude) is not None
    high = replace(pose, height_m=1_200.0, camera=Angles(0, -50))
    assert ground.pixel(high, behind, pose.longitude) is not None


def test_a_footprint_is_a_closed_ring_against_the_clock() -> None:
    ground, pose = over(flat, camera=Angles(0, -45))
    found = ground.footprint(pose, 7.5)
    assert found is not None
    assert (found.at_s, found.cut, found.ring[0]) == (7.5, False, found.ring[-1])
    x, y = np.array(found.ring).T
    assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0
    near, far = (300 - 100) / np.tan(np.radians([60, 30]))
    north = [metres(pose, latitude, longitude)[1] for longitude, latitude in found.ring]
    assert (min(north), max(north)) == (pytest.approx(near, rel=0.01), pytest.approx(far, rel=0.01))
    wide = 200 / np.sin(np.radians(45)) * 2 * np.tan(np.radians(20))
    assert found.metres_per_pixel == pytest.approx(wide / 1_920, rel=0.01)


def test_a_footprint_up_to_the_horizon_is_cut_and_of_sky_there_is_none() -> None:
    ground, pose = over(flat, camera=Angles(0, -5))
    found = ground.footprint(pose, 0)
    assert found is not None
    assert found.cut
    farthest = max(
        np.hypot(*metres(pose, latitude, longitude)) for longitude, latitude in found.ring
    )
    assert 1_000 < farthest <= REACH_M
    assert ground.footprint(replace(pose, camera=Angles(0, 40)), 0) is None


def test_missing_terrain_is_an_error_and_never_the_sea() -> None:
    def holed(rows, _columns):
        return np.where(rows < 190, np.nan, 100.0)

    ground, pose = over(holed, camera=Angles(0, -20))
    with pytest.raises(MissingTerrainError, match="N45_00_E010_00"):
        ground.places(pose, MIDDLE)
    with pytest.raises(MissingTerrainError):
        ground.footprint(pose, 0)
    with pytest.raises(MissingTerrainError):
        ground.pixel(pose, NORTH - 100 * STEP, WEST + 200 * STEP)
    assert ground.places(replace(pose, camera=Angles(0, -75)), MIDDLE)[0] is not None
    with pytest.raises(MissingTerrainError):
        ground.places(replace(pose, latitude=NORTH - 100 * STEP), MIDDLE)


def test_a_camera_under_the_ground_is_refused_with_what_to_look_at() -> None:
    ground, pose = over(flat, height_m=60.0)
    with pytest.raises(NoPlaceError, match=r"40 m under the ground.*take-off"):
        ground.places(pose, MIDDLE)


def test_a_thin_strip_of_ground_at_the_horizon_is_a_ring_or_nothing() -> None:
    ground, pose = over(flat)
    for pitch in np.linspace(8, 15, 15):  # the lower edge of the picture lies 15 degrees lower
        found = ground.footprint(replace(pose, camera=Angles(0, pitch, 3)), 0)
        if found is not None:
            x, y = np.array(found.ring).T
            assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0
    assert ground.footprint(replace(pose, camera=Angles(0, 8)), 0) is not None
