import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.sense.aerial import Detection, ObjectKind, Place, Track
from morina.sense.aerial.tracking.tracker import GAITS, Plane, Seen, Tracker, Tracking

PLANE = Plane.around(42.1, 20.4)
STEP_S = 0.2
OWN = 0.25
"""Variance of the box's own error on the ground, square metres."""
POSE = (9.0, 2.0, 4.0)
PIXELS_A_METRE = 12
Point = tuple[float, float]
Way = Callable[[float], Point | None]


def _seen(
    at: Point, kind: ObjectKind = ObjectKind.PERSON, pose: tuple[float, float, float] = POSE,
    passed: int = 0,
) -> Seen:  # fmt: skip
    """``passed``: pictures since a camera that flies on saw it first."""
    latitude, longitude = PLANE.place(*at)
    place = Place(
        latitude=latitude, longitude=longitude, height_m=700, covariance=pose, height_sd_m=3,
        range_m=300,
    )  # fmt: skip
    left, top = 500 + PIXELS_A_METRE * at[0] + 10 * passed, 500 - PIXELS_A_METRE * at[1]
    return Seen(Detection(kind, (left, top, left + 8, top + 20), 0.8), place, (OWN, 0.0, OWN))


def _walk(at: Point, speed: Point) -> Way:
    return lambda t: (at[0] + speed[0] * t, at[1] + speed[1] * t)


def _tracked(
    ways: Sequence[Way], for_s: float, seed: int = 1, rules: Tracking | None = None
) -> list[Track]:
    """Every way with noise of its own and no error of the pose; missed in one picture of ten."""
    random, tracker, found = np.random.default_rng(seed), Tracker(uuid4(), rules), list[Track]()
    for look in range(round(for_s / STEP_S)):
        true = [way(look * STEP_S) for way in ways if random.random() > 0.1]
        noisy = [np.add(at, random.normal(0, OWN**0.5, 2)) for at in true if at is not None]
        found += tracker.look(look * STEP_S, [_seen((one[0], one[1])) for one in noisy])
    return [*found, *tracker.end()]


def _followed(track: Track, ways: Sequence[Way]) -> set[int]:
    """Numbers of the ways its points lie nearest to."""
    return {
        min(range(len(ways)), key=lambda one: math.dist(at, ways[one](point.at_s) or (9e9, 9e9)))
        for point in track.points
        for at in [PLANE.metres(point.latitude, point.longitude)]
    }


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(
        st.tuples(st.floats(-1.8, 1.8), st.floats(-1.8, 1.8)), min_size=1, max_size=6
    ),
)  # fmt: skip
def test_each_of_those_that_keep_apart_is_one_track_of_one_name(
    seed: int, speeds: list[Point]
) -> None:
    ways = [_walk((80.0 * number, 0), speed) for number, speed in enumerate(speeds)]
    tracks = _tracked(ways, 15, seed)
    assert sorted(way for track in tracks for way in _followed(track, ways)) == [*range(len(ways))]
    assert len(tracks) == len({track.track_id for track in tracks}) == len(ways)
    assert all(track.kind is ObjectKind.PERSON and not track.hint for track in tracks)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_scattered_false_alarms_make_no_track(seed: int) -> None:
    random, tracker = np.random.default_rng(seed), Tracker(uuid4())
    for look in range(300):
        places = random.uniform(-150, 150, (random.poisson(3), 2)).tolist()
        assert not tracker.look(look * STEP_S, [_seen((east, north)) for east, north in places])
    assert not tracker.end()


@pytest.mark.parametrize("seed", range(8))
def test_two_that_cross_keep_their_names(seed: int) -> None:
    ways = [_walk((-10, 0), (1.5, 0.9)), _walk((-10, 12), (1.5, -0.9))]
    tracks = _tracked(ways, 14, seed)
    assert [_followed(track, ways) for track in tracks if track.points[-1].at_s > 12]
    for way, track in zip(
        ways, sorted(tracks, key=lambda one: one.points[0].latitude), strict=True
    ):
        last = track.points[-1]
        at, true = PLANE.metres(last.latitude, last.longitude), way(last.at_s)
        assert true is not None
        assert math.dist(at, true) < 3


def test_a_gap_is_bridged_and_what_lay_in_it_has_no_box() -> None:
    def under_a_tree(t: float) -> Point | None:
        return None if 5 < t < 8 else (1.2 * t, 0.0)

    (track,) = _tracked([under_a_tree], 14)
    assert all((p.box is None) >= (5 < p.at_s < 8) for p in track.points)
    wide = [p.covariance[0] for p in track.points if 7.5 < p.at_s < 8]
    close = [p.covariance[0] for p in track.points if p.at_s > 10]
    assert min(wide) > 1.1 * max(close)


def test_a_car_of_a_hundred_kilometres_an_hour_is_followed() -> None:
    tracker = Tracker(uuid4())
    for number in range(20):
        tracker.look(number * STEP_S, [_seen((28 * number * STEP_S, 0), ObjectKind.VEHICLE)])
    (track,) = tracker.end()
    assert len(track.points) == 20
    assert track.points[-1].speed_ms == pytest.approx(28, abs=1)
    assert track.points[-1].course_deg == pytest.approx(90, abs=1)


def test_who_is_gone_longer_begins_anew_under_another_name() -> None:
    def gone(t: float) -> Point | None:
        return None if 5 < t < 12 else (0.0, 0.0)

    before, after = _tracked([gone], 18)
    assert before.track_id != after.track_id
    assert before.points[-1].at_s <= 5 and after.points[0].at_s >= 11.9


def test_false_alarms_on_the_way_of_one_who_is_gone_do_not_prolong_the_track() -> None:
    tracker = Tracker(uuid4())
    found = list[Track]()
    for number in range(100):
        at_s = number * STEP_S
        there = at_s < 5 or number % 12 == 0
        found += tracker.look(at_s, [_seen((1.2 * at_s, 0))] if there else [])
    (track,) = found
    assert track.points[-1].at_s == pytest.approx(4.8)


def test_one_in_sight_chooses_before_one_that_is_gone() -> None:
    """From 6 s on it is seen, every second time, just where the one who is gone is foretold."""
    tracker = Tracker(uuid4())
    for number in range(60):
        at_s = number * STEP_S
        gone, stays = [_seen((0, 1))] if at_s < 4 else [], number % 2 if at_s > 6 else 0
        tracker.look(at_s, [*gone, _seen((0, stays))])
    (track,) = tracker.open()
    assert all(point.box for point in track.points)
    assert len(track.points) == 60


def test_three_pictures_that_agree_are_no_track_and_the_fourth_makes_one() -> None:
    tracker = Tracker(uuid4(), Tracking(agreeing=4, within=6))
    for number in range(4):
        assert not tracker.open()
        tracker.look(number * STEP_S, [_seen((0, 0), passed=number)])
    (track,) = tracker.open()
    assert (track.agreeing, len(track.points)) == (4, 4)


def test_bicycles_alone_are_no_track_and_join_one_that_is_there() -> None:
    tracker = Tracker(uuid4())
    for look in range(20):
        bicycle = _seen((0.0, 0.4 * look), ObjectKind.BICYCLE)
        rider = [_seen((0.0, 0.4 * look))] if look > 10 and look % 2 else []
        assert not tracker.look(look * STEP_S, rider or [bicycle])
        assert not (tracker.open() and look < 11)
    [track] = tracker.end()
    assert len(track.points) == 9, "from the first time the rider was seen"


def test_four_of_seven_pictures_are_not_four_of_six() -> None:
    tracker = Tracker(uuid4(), Tracking(agreeing=4, within=6))
    for number, there in enumerate("1101001"):
        tracker.look(number * STEP_S, [_seen((0, 0))] if there == "1" else [])
    assert not tracker.open()


def test_the_kind_is_that_of_most_pictures_and_the_moving_cue_has_no_vote() -> None:
    tracker = Tracker(uuid4())
    kinds = [ObjectKind.MOVING] * 6 + [ObjectKind.VEHICLE] * 3 + [ObjectKind.PERSON]
    for number, kind in enumerate(kinds):
        tracker.look(number * STEP_S, [_seen((0, 0), kind, passed=number)])
    (track,) = tracker.end()
    assert (track.kind, track.hint) == (ObjectKind.VEHICLE, False)


@pytest.mark.parametrize(("speed", "within_s"), [(1.4, 12), (8.0, 3)])
def test_what_only_the_moving_cue_saw_is_a_hint_once_it_went(speed: float, within_s: int) -> None:
    tracker = Tracker(uuid4())
    for number in range(5 * within_s):
        tracker.look(number * STEP_S, [_seen((speed * number * STEP_S, 0), ObjectKind.MOVING)])
    (track,) = tracker.end()
    assert (track.kind, track.hint) == (ObjectKind.MOVING, True)


def test_what_the_moving_cue_alone_sees_always_at_one_place_is_no_track() -> None:
    tracker = Tracker(uuid4())
    for number in range(50):
        tracker.look(number * STEP_S, [_seen((0.2 * (number % 3), 0), ObjectKind.MOVING)])
    assert not tracker.end()


def test_an_error_that_all_pictures_share_is_never_averaged_away() -> None:
    tracker = Tracker(uuid4())
    for number in range(500):
        tracker.look(number * STEP_S, [_seen((0, 0))])
    (track,) = tracker.end()
    ee, en, nn = track.points[-1].covariance
    over = np.array([[ee, en], [en, nn]]) - np.array([[9.0, 2.0], [2.0, 4.0]])
    assert np.linalg.eigvalsh(over).min() > 0


def test_an_hour_in_view_is_bounded_and_ends_where_it_was_last_seen() -> None:
    tracker = Tracker(uuid4(), Tracking(most_points=100))
    for number in range(18_000):
        tracker.look(number * STEP_S, [_seen((0, 0))])
    (track,) = tracker.end()
    assert 50 <= len(track.points) <= 100
    assert track.points[0].at_s == 0
    assert track.points[-1].at_s == pytest.approx(3599.8)
    gaps = [later.at_s - one.at_s for one, later in pairwise(track.points)]
    assert max(gaps) < 3 * 3600 / 50


def test_more_than_the_most_are_not_followed() -> None:
    tracker = Tracker(uuid4(), Tracking(most_open=10))
    for number in range(8):
        tracker.look(number * STEP_S, [_seen((50.0 * one, 0), passed=number) for one in range(30)])
    assert len(tracker.end()) == 10


def test_time_that_goes_back_is_refused() -> None:
    tracker = Tracker(uuid4())
    tracker.look(1.0, [_seen((0, 0))])
    with pytest.raises(ValueError, match="give in time order"):
        tracker.look(1.0, [])


def test_a_track_without_agreement_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="1 <= agreeing <= within"):
        Tracking(agreeing=0)


def _random_walks(seed: int, looks: int) -> Iterator[tuple[Point, Point]]:
    """A walker's place, and its place as measured: all with one error of the pose, each with one
    of its own and with a tenth of the pose's variance that is new each time."""
    random = np.random.default_rng(seed)
    pose = np.array([[POSE[0], POSE[1]], [POSE[1], POSE[2]]])
    shared = random.multivariate_normal((0, 0), 0.9 * pose)
    gait = GAITS[ObjectKind.PERSON]
    place, speed = random.normal(0, 1, 2), random.normal(0, gait.speed_ms, 2)
    for _ in range(looks):
        new = random.multivariate_normal((0, 0), 0.1 * pose) + random.normal(0, OWN**0.5, 2)
        seen = place + shared + new
        yield (place[0], place[1]), (seen[0], seen[1])
        place = place + speed * STEP_S
        speed = speed + random.normal(0, (gait.restless * STEP_S) ** 0.5, 2)


def test_the_stated_error_holds_the_true_one() -> None:
    """Normalised error squared, of two dimensions, over 300 walkers: 2 where all is just right;
    a little less, for the tenth that is new each time stands in both terms."""
    errors = []
    for seed in range(300):
        tracker, truth = Tracker(uuid4(), Tracking(gate=100)), {}
        for look, (true, seen) in enumerate(_random_walks(seed, 40)):
            truth[look * STEP_S] = true
            tracker.look(look * STEP_S, [_seen(seen)])
        last = tracker.end()[0].points[-1]
        ee, en, nn = last.covariance
        away = np.subtract(PLANE.metres(last.latitude, last.longitude), truth[last.at_s])
        errors.append(away @ np.linalg.solve(np.array([[ee, en], [en, nn]]), away))
    assert 1.5 < np.mean(errors) < 2.2
    assert 0.87 < np.mean(np.array(errors) < -2 * math.log(0.1)) < 0.96


def test_the_plane_gives_back_what_it_was_given() -> None:
    assert PLANE.place(*PLANE.metres(42.13, 20.35)) == pytest.approx((42.13, 20.35), abs=1e-12)
    assert Plane.around(0, 179.99).metres(0, -179.99)[0] == pytest.approx(2226.39, abs=0.01)
    east, north = PLANE.metres(42.11, 20.41)
    assert (east, north) == pytest.approx((827.3, 1110.7), abs=0.5)
