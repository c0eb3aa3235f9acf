"""Platform and sensor turns make the camera's, by MISB ST 0601."""

import random

import numpy as np
import pytest

from morina.sense.aerial.sources.klv_angles import angles, camera, relative, turned
from morina.sense.aerial.telemetry import Angles
from morina.sense.aerial.terrain import rotation

HAND = [
    (Angles(0, 0), Angles(0, 0), Angles(0, 0)),
    (Angles(90, 0), Angles(0, -30), Angles(90, -30)),
    (Angles(350, 0), Angles(20, -10), Angles(10, -10)),
    (Angles(0, 10), Angles(0, -30), Angles(0, -20)),
    (Angles(0, 10), Angles(180, -30), Angles(180, -40)),
    (Angles(0, 0, 30), Angles(90, 0), Angles(90, -30)),
    (Angles(0, 0, 30), Angles(270, 0), Angles(270, 30)),
    (Angles(0, 0, 30), Angles(0, -45), Angles(333.4349, -37.7612, 39.2315)),
    (Angles(0, 0), Angles(0, 0, 15), Angles(0, 0, 15)),
    (Angles(200, 0), Angles(0, -90), Angles(200, -90)),
]
"""Platform, sensor, camera. With the right wing 30 degrees down, a camera turned 90 degrees to the
right looks 30 degrees down, and one to the left 30 degrees up. The eighth: forward and down by 45
degrees, (0.7071, 0, 0.7071), becomes (0.7071, -0.3536, 0.6124) in that roll: left of the nose."""


@pytest.mark.parametrize(("platform", "sensor", "expected"), HAND)
def test_by_hand(platform: Angles, sensor: Angles, expected: Angles) -> None:
    got = camera(platform, sensor)
    np.testing.assert_allclose(turned(got), turned(expected), atol=1e-5)
    assert got.pitch == pytest.approx(expected.pitch, abs=1e-4)


def test_a_turn_is_said_and_done_again() -> None:
    dice = random.Random(8)
    for _ in range(500):
        way = Angles(dice.uniform(0, 360), dice.uniform(-90, 90), dice.uniform(-180, 180))
        np.testing.assert_allclose(turned(angles(turned(way))), turned(way), atol=1e-9)


def test_relative_undoes_camera() -> None:
    dice = random.Random(9)
    for _ in range(200):
        platform = Angles(dice.uniform(0, 360), dice.uniform(-60, 60), dice.uniform(-60, 60))
        wanted = Angles(dice.uniform(0, 360), dice.uniform(-89, 0), dice.uniform(-20, 20))
        got = camera(platform, relative(platform, wanted))
        np.testing.assert_allclose(turned(got), turned(wanted), atol=1e-9)


def test_rays_are_turned_by_the_same_angles() -> None:
    """What puts pixels on the ground turns a camera (east, north, up) as this does (north, east,
    down)."""
    dice = random.Random(10)
    for _ in range(100):
        way = Angles(dice.uniform(0, 360), dice.uniform(-89, 89), dice.uniform(-90, 90))
        forward, right, down = turned(way).T
        axes = rotation.turned(*(np.float64(a) for a in (way.yaw, way.pitch, way.roll)))
        mine = [(one[1], one[0], -one[2]) for one in (right, down, forward)]
        np.testing.assert_allclose(axes, mine, atol=1e-9)
