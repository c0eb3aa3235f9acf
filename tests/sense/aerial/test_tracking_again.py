"""Tracks of two looks through one sortie: which are of the same thing."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import numpy as np

from morina.sense.aerial import ObjectKind, Track, TrackPoint
from morina.sense.aerial.tracking.again import found_again
from morina.sense.aerial.tracking.tracker import Plane

PLANE = Plane.around(42.1, 20.4)
SORTIE = uuid4()


def track(
    start: tuple[float, float], speed: tuple[float, float], span: tuple[float, float] = (10, 30),
    every_s: float = 0.2, seed: int = 1,
) -> Track:  # fmt: skip
    """Somebody who walks; half a metre of noise."""
    random = np.random.default_rng(seed)
    points = []
    for at_s in np.arange(*span, every_s).tolist():
        off = random.normal(0, 0.5, 2).tolist()
        east, north = start[0] + speed[0] * at_s + off[0], start[1] + speed[1] * at_s + off[1]
        latitude, longitude = PLANE.place(east, north)
        points.append(TrackPoint(at_s=at_s, latitude=latitude, longitude=longitude, speed_ms=1.0,
                                 course_deg=0.0, covariance=(4.0, 0.0, 4.0)))  # fmt: skip
    return Track(track_id=uuid4(), sortie_id=SORTIE, kind=ObjectKind.PERSON, points=points,
                 agreeing=4, share=0.8)  # fmt: skip


def names(*tracks: Track) -> Sequence[UUID]:
    return [one.track_id for one in tracks]


def test_each_of_a_group_is_found_again_by_its_own_way() -> None:
    starts = [(0.0, 0.0), (2.5, 0.0), (0.0, 3.0)]
    before = [track(one, (1.4, 0), every_s=0.5, seed=5) for one in starts]
    now = [track(one, (1.4, 0), (8, 33), seed=9) for one in reversed(starts)]
    again = found_again(before, now)
    assert [again[one] for one in names(*now)] == list(reversed(names(*before)))


def test_what_was_elsewhere_or_at_another_time_is_something_else() -> None:
    walker = track((0, 0), (1.4, 0))
    assert not found_again([walker], [track((0, 15), (1.4, 0))])
    assert not found_again([walker], [track((0, 0), (1.4, 0), (31, 50))])
    assert not found_again([walker], [track((80, 0), (-1.4, 0))]), "they only met"
    assert not found_again([], [walker]) and not found_again([walker], [])


def test_one_that_stands_alone_is_found_though_it_was_seen_for_a_moment() -> None:
    once, long = track((0, 0), (0, 0), (10, 10.7)), track((0, 0), (0, 0), (0, 60))
    assert found_again([once], [long]) == {long.track_id: once.track_id}


def test_of_two_pieces_the_one_that_is_to_choose_first_is_found() -> None:
    pieces = [track((0, 0), (1, 0), (10, 20)), track((0, 0), (1, 0), (22, 30), seed=3)]
    whole = track((0, 0), (1, 0), seed=4)
    for piece in pieces:
        [found] = found_again(pieces, [whole], first={piece.track_id}).items()
        assert found == (whole.track_id, piece.track_id)
