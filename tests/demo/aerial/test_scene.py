"""The truth of the rendered sortie, and how tracks are held against it."""

import math
from uuid import uuid4

import pytest

from morina.demo.aerial import Actor, demo_scene, judged
from morina.sense.aerial import ObjectKind, Track, TrackPoint

SCENE = demo_scene(42.0, 20.0)


def track(name: str, off_m: tuple[float, float], sd_m: float = 2.0) -> Track:
    """A track that follows an actor, off by so much east and north."""
    points = []
    for at_s in range(45, 60):
        there = next(one for one in SCENE.truth(at_s) if one.actor.name == name)
        latitude, longitude = SCENE.place(there.east + off_m[0], there.north + off_m[1])
        points.append(
            TrackPoint(at_s=at_s, latitude=latitude, longitude=longitude, speed_ms=1.0,
                       course_deg=0.0, covariance=(sd_m**2, 0.0, sd_m**2))
        )  # fmt: skip
    return Track(track_id=uuid4(), sortie_id=uuid4(), kind=ObjectKind.PERSON, points=points,
                 agreeing=5, share=0.8)  # fmt: skip


def test_an_actor_goes_along_its_path_at_its_speed_and_is_gone_at_its_end() -> None:
    one = Actor(name="one", kind=ObjectKind.PERSON, path=[(0, 0), (0, 10), (10, 10)], speed_ms=2,
                from_s=1)  # fmt: skip
    assert one.at(0.9) is None
    assert one.at(3.5) == pytest.approx((0, 5, 0))
    assert one.at(8.5) == pytest.approx((5, 10, 90))
    assert one.at(11.1) is None


def test_metres_and_degrees_turn_into_one_another() -> None:
    assert SCENE.metres(*SCENE.place(321.5, -80.25)) == pytest.approx((321.5, -80.25))
    phi = math.radians(42)
    along = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    across = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi)
    assert SCENE.place(0, 1000)[0] - 42.0 == pytest.approx(1000 / along, rel=1e-5)
    assert SCENE.place(1000, 0)[1] - 20.0 == pytest.approx(1000 / across, rel=1e-5)


def test_a_track_is_held_against_what_it_follows() -> None:
    [near] = judged(SCENE, [track("crossing", (3.0, -4.0))])
    assert (near.name, near.points) == ("crossing", 15)
    assert near.middle_m == pytest.approx(5.0, abs=0.01)
    assert near.held == 0.0, "2 m of spread do not hold an error of 5 m on the ellipse of 90 %"
    [wide] = judged(SCENE, [track("crossing", (3.0, -4.0), sd_m=3.0)])
    assert wide.held == 1.0


def test_a_track_of_nothing_is_told() -> None:
    [none] = judged(SCENE, [track("crossing", (0.0, -60.0))])
    assert none.name == ""
    assert math.isnan(none.middle_m)
