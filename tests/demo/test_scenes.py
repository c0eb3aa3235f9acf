"""Scenes: where the plate is, and what the light does."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from morina.demo import Appearance, Heading, Hour, Kind, Scene, Stage, render_photograph
from morina.demo.scenes import appear
from morina.demo.vehicles import outline_at, plate_corners_at
from morina.demo.view import View
from morina.plates import Plate

PLATE = Plate("LN67KTE", "GB")


def quiet(picture: np.ndarray) -> np.ndarray:
    """The picture with its noise smoothed away."""
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


@pytest.mark.parametrize("heading", list(Heading))
@pytest.mark.parametrize("kind", list(Kind))
def test_the_plates_pixels_lie_within_its_true_corners(kind: Kind, heading: Heading) -> None:
    scene = Scene()
    vehicle = Appearance(plate=PLATE, kind=kind, paint="white")
    drawn = appear(scene, vehicle, heading)
    marked = replace(drawn, plate=np.full_like(drawn.plate, (255, 0, 255)))
    corners = plate_corners_at(marked, scene.view, 5.0)
    assert corners is not None
    stage = Stage(scene)
    colour = stage.frame([(marked, 5.0, 0.0)]).astype(int)
    plate = (colour[..., 0] > 180) & (colour[..., 1] < 90) & (colour[..., 2] > 180)
    inside = np.zeros(plate.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(corners).astype(np.int32)], (1,))
    grown = cv2.dilate(inside, np.ones((3, 3), np.uint8))
    shrunk = cv2.erode(inside, np.ones((5, 5), np.uint8))
    assert not (plate & (grown == 0)).any()
    assert plate[shrunk == 1].mean() > 0.97


def test_unwarping_the_true_corners_gives_the_flat_plate_back() -> None:
    scene = Scene()
    drawn = appear(scene, Appearance(plate=PLATE), Heading.APPROACHING)
    corners = plate_corners_at(drawn, scene.view, 4.2)
    assert corners is not None
    frame = Stage(scene).frame([(drawn, 4.2, 0.0)])
    height, width = drawn.plate_mask.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    patch = cv2.warpPerspective(frame, matrix, (width, height))
    same = cv2.matchTemplate(quiet(patch), drawn.plate[20:-20, 40:-40], cv2.TM_CCOEFF_NORMED)
    _, best, _, at = cv2.minMaxLoc(same)
    assert best > 0.9
    assert abs(at[0] - 40) <= 6 and abs(at[1] - 20) <= 6


def test_a_point_twice_as_far_looks_half_as_large() -> None:
    level = View(pitch=0.0, yaw=0.0)
    near, far = (level.project(np.array([[-0.26, y, 1.95], [0.26, y, 1.95]])) for y in (10.0, 20.0))
    assert near[1, 0] - near[0, 0] == pytest.approx(2 * (far[1, 0] - far[0, 0]))
    assert near[1, 0] - near[0, 0] == pytest.approx(1500 * 0.052)


def test_ground_and_projection_are_inverse() -> None:
    view = View()
    x, y, meets = view.ground()
    row, column = 500, 900
    assert meets[row, column]
    back = view.project(np.array([[float(x[row, column]), float(y[row, column]), 0.0]]))
    assert back[0] == pytest.approx((column + 0.5, row + 0.5), abs=0.05)


def test_a_polygon_behind_the_camera_is_cut_at_the_nearest_plane() -> None:
    camera = np.array([[-1.0, 0.0, 2.0], [1.0, 0.0, 2.0], [1.0, 0.0, -2.0], [-1.0, 0.0, -2.0]])
    kept = View().clipped(camera)
    assert len(kept) == 4
    assert kept[:, 2].min() == pytest.approx(0.5)
    assert len(View().clipped(camera - np.array([0.0, 0.0, 5.0]))) == 0


def test_the_same_seed_renders_the_same_picture() -> None:
    first, corners = render_photograph(PLATE, seed=3)
    second, again = render_photograph(PLATE, seed=3)
    other, _ = render_photograph(PLATE, seed=4)
    assert (first == second).all() and (corners == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("heading", list(Heading))
@pytest.mark.parametrize("hour", list(Hour))
def test_a_photographs_plate_is_wide_and_whole_and_stands_out(hour: Hour, heading: Heading) -> None:
    picture, corners = render_photograph(PLATE, hour, heading, seed=2)
    assert picture.shape == (720, 1280, 3) and picture.dtype == np.uint8
    assert corners[1, 0] - corners[0, 0] >= 120
    assert (corners > 0).all() and (corners < (1280, 720)).all()
    (x0, y0), (x1, y1) = corners.min(axis=0).astype(int), corners.max(axis=0).astype(int)
    patch = cv2.cvtColor(picture[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    assert np.quantile(patch, 0.9) - np.quantile(patch, 0.1) > 70


def test_night_is_darker_than_day_and_infrared_has_no_colour() -> None:
    means = {hour: Stage(Scene(hour=hour)).frame([]).mean() for hour in Hour}
    assert means[Hour.NIGHT] < means[Hour.DUSK] < means[Hour.DAY]
    grey = Stage(Scene(hour=Hour.INFRARED)).frame([]).astype(int)
    assert np.abs(grey[..., 0] - grey[..., 2]).max() <= 1


def test_a_vehicle_changes_only_its_own_part_of_the_picture() -> None:
    scene = Scene()
    drawn = appear(scene, Appearance(plate=PLATE), Heading.APPROACHING)
    box = outline_at(drawn, scene.view, 8.0)
    assert box is not None
    empty, full = Stage(scene).frame([]), Stage(scene).frame([(drawn, 8.0, 0.0)])
    changed = (empty != full).any(axis=2)
    x0, y0, x1, y1 = box
    assert changed[y0:y1, x0:x1].any()
    changed[y0:y1, x0:x1] = False
    assert not changed.any()


def test_a_vehicle_that_has_passed_the_camera_is_not_drawn() -> None:
    scene = Scene()
    drawn = appear(scene, Appearance(plate=PLATE), Heading.APPROACHING)
    assert outline_at(drawn, scene.view, -10.0) is None
    assert plate_corners_at(drawn, scene.view, -1.0) is None


def test_a_muddy_plate_keeps_no_strong_edges_in_the_picture() -> None:
    scene = Scene()
    edges = []
    for muddy in (False, True):
        vehicle = Appearance(plate=PLATE, muddy=muddy)
        drawn = appear(scene, vehicle, Heading.APPROACHING)
        corners = plate_corners_at(drawn, scene.view, 4.5)
        assert corners is not None
        (x0, y0), (x1, y1) = corners.min(axis=0).astype(int), corners.max(axis=0).astype(int)
        grey = cv2.cvtColor(Stage(scene).frame([(drawn, 4.5, 0.0)]), cv2.COLOR_BGR2GRAY)
        edges.append(float(np.abs(np.diff(quiet(grey[y0:y1, x0:x1]).astype(int), axis=1)).mean()))
    assert edges[1] < 0.5 * edges[0]
