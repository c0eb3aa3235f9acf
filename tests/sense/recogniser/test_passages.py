from collections.abc import Sequence

import numpy as np
import pytest

from filming import Car, ScriptedRecogniser, filmed
from morina.sense.recogniser.passages import Passage, PassageFollower

FPS = 10


def follow(recogniser: ScriptedRecogniser, cars: Sequence[Car], until_s: float) -> list[Passage]:
    follower = PassageFollower(recogniser)
    passages: list[Passage] = []
    for frame in range(int(until_s * FPS)):
        passages += follower.frame(filmed(cars, frame / FPS), frame / FPS)
    return passages + follower.end()


def test_all_readings_of_one_vehicle_are_one_passage() -> None:
    reads = [
        ("A812CDE", 0.6),
        ("AB12CDE", 0.8),
        ("AB12CDE", 0.9),
        ("AB12C0E", 0.7),
        ("AB12CDE", 0.9),
    ]
    (passage,) = follow(ScriptedRecogniser({9: reads}), [Car(9, 1.0)], 6)
    assert passage.plate is not None
    assert passage.plate.text == "AB12CDE"
    assert 1.0 <= passage.first_seen_s < passage.best_frame_s <= passage.last_seen_s < 3.5
    assert passage.frames >= 3


def test_the_evidence_is_the_frame_and_place_the_text_was_read_at() -> None:
    cars = [Car(9, 1.0)]
    recogniser = ScriptedRecogniser({9: [("AB12CDF", 0.4), ("AB12CDE", 0.9), ("AB12CDE", 0.7)]})
    (passage,) = follow(recogniser, cars, 6)
    assert passage.image is not None
    assert np.array_equal(passage.image, filmed(cars, passage.best_frame_s))
    x0, y0, x1, y1 = (round(v) for v in passage.box)
    assert (passage.image[y0 : y1 + 1, x0 : x1 + 1] == (0, 0, 9)).all()
    assert passage.corners[0] == (x0, y0)


def test_two_vehicles_at_once_are_two_passages() -> None:
    cars = [Car(9, 1.0, y=20), Car(8, 1.2, y=200)]
    says = {9: [("AB12CDE", 0.9)], 8: [("XY34FGH", 0.9)]}
    passages = follow(ScriptedRecogniser(says), cars, 6)
    assert sorted(p.plate.text for p in passages if p.plate) == ["AB12CDE", "XY34FGH"]
    assert len(passages) == 2


def test_the_same_vehicle_passing_again_is_another_passage() -> None:
    cars = [Car(9, 1.0), Car(9, 7.0)]
    passages = follow(ScriptedRecogniser({9: [("AB12CDE", 0.9)]}), cars, 12)
    assert [p.plate.text for p in passages if p.plate] == ["AB12CDE", "AB12CDE"]


@pytest.mark.parametrize("says", [[("", 0.0)], [("X1", 0.3), ("", 0.0)]])
def test_a_vehicle_whose_plate_cannot_be_read_is_an_unread_passage(
    says: list[tuple[str, float]],
) -> None:
    (passage,) = follow(ScriptedRecogniser({9: says}), [Car(9, 1.0)], 6)
    assert passage.plate is None
    assert (passage.confidence, passage.corners) == (0.0, ())
    assert passage.image is not None
    assert 1.0 <= passage.first_seen_s < passage.last_seen_s < 4


def test_something_small_that_moves_is_no_vehicle() -> None:
    follower = PassageFollower(ScriptedRecogniser({}))
    for frame in range(40):
        picture = filmed([], 0)
        picture[100:110, 10 * frame : 10 * frame + 12] = 255
        assert follower.frame(picture, frame / FPS) == []
    assert follower.end() == []


def test_frames_in_which_nothing_moves_are_not_read() -> None:
    recogniser = ScriptedRecogniser({9: [("AB12CDE", 0.9)]})
    follow(recogniser, [], 5)
    assert recogniser.pictures <= 2


def test_a_passage_ends_soon_after_its_vehicle_is_gone() -> None:
    follower = PassageFollower(ScriptedRecogniser({9: [("AB12CDE", 0.9)]}))
    ended = {}
    for frame in range(70):
        for passage in follower.frame(filmed([Car(9, 1.0)], frame / FPS), frame / FPS):
            ended[frame / FPS] = passage
    ((at_s, passage),) = ended.items()
    assert passage.last_seen_s < at_s <= passage.last_seen_s + 3.1


def test_after_its_end_a_follower_takes_another_video() -> None:
    follower = PassageFollower(ScriptedRecogniser({9: [("AB12CDE", 0.9)]}))
    for _ in range(2):
        for frame in range(30):
            assert follower.frame(filmed([Car(9, 0.5)], frame / FPS), frame / FPS) == []
        assert [p.plate.text for p in follower.end() if p.plate] == ["AB12CDE"]
        assert follower.end() == []
