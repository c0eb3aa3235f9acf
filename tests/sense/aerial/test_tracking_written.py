"""What stays where it is in the picture while the ground goes by is no thing on the ground."""

from collections.abc import Callable
from uuid import uuid4

import numpy as np

from morina.sense.aerial import Detection, ObjectKind, Place
from morina.sense.aerial.tracking.tracker import Plane, Seen, Tracker

PLANE = Plane.around(42.1, 20.4)
POSE = (9.0, 2.0, 4.0)
STEP_S = 0.2
Point = tuple[float, float]
Over = Callable[[float], Point]


def seen(ground: Point, pixel: Point, noise: np.random.Generator) -> Seen:
    latitude, longitude = PLANE.place(*np.add(ground, noise.normal(0, 0.3, 2)).tolist())
    place = Place(latitude=latitude, longitude=longitude, height_m=700, covariance=POSE,
                  height_sd_m=3, range_m=100)  # fmt: skip
    left, top = np.add(pixel, noise.normal(0, 0.8, 2)).tolist()
    box = (left, top, left + 12, top + 16)
    return Seen(Detection(ObjectKind.PERSON, box, 0.8), place, (0.25, 0.0, 0.25))


def followed(seconds: float, ground: Over, pixel: Over) -> tuple[Tracker, int]:
    """A tracker that saw one thing, at places on the ground and in the picture by time; and how
    many pictures it was a track in."""
    tracker, noise, shown = Tracker(uuid4()), np.random.default_rng(3), 0
    for at_s in np.arange(0, seconds, STEP_S).tolist():
        tracker.look(at_s, [seen(ground(at_s), pixel(at_s), noise)])
        shown += len(tracker.open())
    return tracker, shown


def test_letters_over_ground_that_goes_by_begin_no_track() -> None:
    tracker, shown = followed(30, lambda t: (3 * t, 0), lambda _: (300, 40))
    assert shown == 0 and not tracker.end() and not tracker.withdrawn()


def test_one_who_stands_under_a_camera_that_hovers_is_a_track() -> None:
    tracker, _ = followed(30, lambda _: (0, 0), lambda _: (300, 40))
    [track] = tracker.end()
    assert len(track.points) == 150 and not tracker.withdrawn()


def test_nor_is_one_dropped_whose_compass_drifts_meanwhile() -> None:
    tracker, _ = followed(120, lambda t: (4 * np.sin(t / 20), 0), lambda _: (300, 40))
    [track] = tracker.end()
    assert len(track.points) == 600


def test_letters_that_were_a_track_while_it_hovered_are_withdrawn_once_it_flies() -> None:
    tracker, shown = followed(30, lambda t: (max(3 * (t - 12), 0), 0), lambda _: (300, 40))
    assert shown > 0 and not tracker.end()
    [gone] = tracker.withdrawn()
    assert gone and not tracker.withdrawn(), "told once"


def test_one_who_stands_is_a_track_of_a_camera_that_goes_slowly() -> None:
    _, shown = followed(10, lambda _: (0, 0), lambda t: (300 - 5 * t, 40))
    assert shown > 25


def test_a_car_the_camera_goes_with_is_a_track_though_it_stays_near_the_middle() -> None:
    tracker, _ = followed(
        30, lambda t: (12 * t, 0), lambda t: (300 + 12 * np.sin(t), 240 + 9 * np.sin(1.7 * t))
    )
    [track] = tracker.end()
    assert track.points[-1].speed_ms > 10
