import math
from dataclasses import replace

import pytest

from flat_ground import FlatGround
from morina.sense.aerial import Angles, Box, Detection, ObjectKind, Pose, Spread
from morina.sense.aerial.looking.places import foot, metres_per_pixel, stood_at
from morina.sense.aerial.tracking.tracker import Plane

SPREAD = Spread(horizontal_m=2, vertical_m=2, yaw_deg=1, pitch_deg=1, roll_deg=1)
POSE = Pose(
    latitude=42.0, longitude=20.0, height_m=100, camera=Angles(0, -90), view=(60.0, 36.0),
    spread=SPREAD,
)  # fmt: skip
SIZE = (1920, 1080)
PLANE = Plane.around(42.0, 20.0)


def _box(box: Box) -> Detection:
    return Detection(ObjectKind.PERSON, box, 0.8)


@pytest.mark.parametrize(("pitch", "down"), [(-90, 120), (-60, 130), (0, 140)])
def test_a_thing_stands_lower_in_its_box_the_flatter_it_is_looked_at(
    pitch: float, down: float
) -> None:
    assert foot(_box((100, 100, 110, 140)), pitch) == pytest.approx((105, down))


def test_a_box_stands_where_its_foot_is_and_its_own_error_grows_with_it() -> None:
    small, large = stood_at(
        [_box((950, 530, 970, 550)), _box((1420, 490, 1460, 590))], POSE, FlatGround(), SIZE
    )
    wide = 2 * 100 * math.tan(math.radians(30)) / SIZE[0]
    east, north = PLANE.metres(large.place.latitude, large.place.longitude)
    assert (east, north) == pytest.approx((480 * wide, 0), abs=0.05)
    assert small.own == pytest.approx(((3 * wide) ** 2, 0, (3 * wide) ** 2), rel=0.1)
    assert large.own[2] == pytest.approx((11 * wide) ** 2, rel=0.1)
    assert small.place.covariance == (4, 0, 4)


def test_from_the_side_the_error_is_longer_along_the_sight() -> None:
    slanting = replace(POSE, camera=Angles(90, -20))
    (seen,) = stood_at([_box((950, 530, 970, 550))], slanting, FlatGround(), SIZE)
    ee, en, nn = seen.own
    assert ee > 5 * nn
    assert abs(en) < 0.05 * ee


def test_what_stands_in_the_sky_is_left_out() -> None:
    level = replace(POSE, camera=Angles(0, -5))
    boxes = [_box((950, 10, 970, 30)), _box((950, 900, 970, 920))]
    assert [one.detection for one in stood_at(boxes, level, FlatGround(), SIZE)] == boxes[1:]
    assert stood_at([], level, FlatGround(), SIZE) == ()


def test_how_large_a_pixel_is_on_the_ground() -> None:
    wide = 2 * 100 * math.tan(math.radians(30)) / SIZE[0]
    assert metres_per_pixel(POSE, FlatGround(), SIZE[0]) == pytest.approx(wide, rel=0.01)
    up = replace(POSE, camera=Angles(0, 5))
    assert metres_per_pixel(up, FlatGround(), SIZE[0]) is not None
    sky = replace(POSE, camera=Angles(0, 40))
    assert metres_per_pixel(sky, FlatGround(), SIZE[0]) is None
