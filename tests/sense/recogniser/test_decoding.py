from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.sense.recogniser.decoding import BREADTH, Characters, ctc_texts, mixed, slot_texts

CLASSES = ("", "A", "B")
SURENESS = st.lists(st.tuples(*[st.floats(0.01, 1.0)] * len(CLASSES)), min_size=1, max_size=3).map(
    lambda places: np.array([np.array(place) / sum(place) for place in places])
)


def steps(*characters: str, sure: float = 0.98) -> np.ndarray:
    """Places at which one class is seen with probability ``sure``."""
    rest = (1 - sure) / (len(CLASSES) - 1)
    return np.array([[sure if c == one else rest for c in CLASSES] for one in characters])


@given(SURENESS)
def test_a_texts_probability_is_the_sum_over_all_its_spellings(places: np.ndarray) -> None:
    spelled: dict[str, float] = defaultdict(float)
    for path in product(range(len(CLASSES)), repeat=len(places)):
        text = "".join(CLASSES[k] for k, _ in groupby(path))
        spelled[text] += float(np.prod([places[i, k] for i, k in enumerate(path)]))
    found = {text: chance for text, chance in ctc_texts(places, CLASSES) if chance}
    assert found == pytest.approx(dict(spelled))


@given(SURENESS)
def test_texts_come_likeliest_first_and_are_at_most_certain_together(places: np.ndarray) -> None:
    for texts in (ctc_texts(places, CLASSES), slot_texts(places, CLASSES)):
        chances = [chance for _, chance in texts]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1 + 1e-9
        assert len(texts) <= BREADTH


def test_a_character_held_is_one_and_two_need_a_gap() -> None:
    assert ctc_texts(steps("A", "A", "", "B"), CLASSES)[0][0] == "AB"
    assert ctc_texts(steps("A", "", "A", "B"), CLASSES)[0][0] == "AAB"


def test_the_character_in_doubt_is_offered_too() -> None:
    places = steps("A", "")
    places[0] = [0.0, 0.7, 0.3]
    assert [text for text, _ in ctc_texts(places, CLASSES)[:2]] == ["A", "B"]


def test_each_slot_holds_one_character_or_none() -> None:
    (text, chance), *_ = slot_texts(steps("A", "A", "B", "", sure=0.9), CLASSES)
    assert text == "AAB"
    assert chance == pytest.approx(0.9**4, rel=0.01)


def test_a_blank_may_be_any_class() -> None:
    assert Characters("AB", blank=0).classes == ("", "A", "B")
    assert Characters("AB", blank=2).classes == ("A", "B", "")


def test_a_temperature_takes_sureness_away_and_leaves_the_order() -> None:
    said = np.array([[0.0, 4.0, 2.0]], np.float32)
    plain = Characters("AB", 0).probabilities(said)
    soft = Characters("AB", 0, temperature=2.0).probabilities(said)
    assert plain.sum() == pytest.approx(1)
    assert soft[0, 1] < plain[0, 1]
    assert list(np.argsort(soft[0])) == list(np.argsort(plain[0]))


def test_several_looks_count_alike() -> None:
    looks = [[("AB", 0.6), ("A8", 0.2)], [("A8", 0.7), ("AB", 0.1)], [("A8", 0.3)]]
    assert mixed(looks) == [("A8", pytest.approx(0.4)), ("AB", pytest.approx(0.7 / 3))]
