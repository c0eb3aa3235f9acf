from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.plates import Swap, count_look_alikes, look_alikes, skeleton, swaps
from morina.plates.plate import DIGITS, LETTERS

texts = st.text(sorted(LETTERS | DIGITS), min_size=1, max_size=12)
short_texts = st.text(sorted(LETTERS | DIGITS), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("read", "listed"),
    [
        *zip("ODSVB82EGMH1", "0Q5Y83ZF6WNI", strict=True),
        *zip("CŠĐŽČÄÖÜ", "G50ZĆAOU", strict=True),
    ],
)
def test_characters_a_reader_confuses_share_a_skeleton(read: str, listed: str) -> None:
    assert skeleton(read) == skeleton(listed)


def test_characters_a_reader_tells_apart_keep_their_own_skeleton() -> None:
    assert len({skeleton(c) for c in "AIOSV329EGHJKLPRTUX47"}) == 21


@given(texts)
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
    assert len(skeleton(text)) == len(text)


@given(short_texts, st.integers(0, 3))
def test_look_alikes_are_all_others_of_the_skeleton_closest_first(text: str, most: int) -> None:
    found = list(islice(look_alikes(text, most), 5000))
    distances = [len(swaps(other, text)) for other in found]
    assert distances == sorted(distances)
    assert all(1 <= distance <= most for distance in distances)
    assert len(set(found)) == len(found)


@given(st.text(sorted(LETTERS | DIGITS), min_size=1, max_size=4), st.integers(0, 4))
def test_counting_look_alikes_agrees_with_listing_them(text: str, most: int) -> None:
    assert count_look_alikes(text, most) == sum(1 for _ in look_alikes(text, most))


def test_look_alikes_are_made_only_as_they_are_asked_for() -> None:
    assert len(list(islice(look_alikes("OOOOOOOOOOOO", 12), 3))) == 3
    assert count_look_alikes("OOOOOOOOOOOO", 12) == 6**12 - 1


def test_swaps_name_the_place_and_both_characters() -> None:
    assert swaps("AB1ZCOE", "AB12CDE") == (Swap(4, "Z", "2"), Swap(6, "O", "D"))
    assert swaps("AB12CDE", "AB12CDE") == ()


def test_texts_that_are_no_look_alikes_have_no_swaps() -> None:
    with pytest.raises(ValueError, match="no look-alikes"):
        swaps("AB12CDE", "AB12CDX")
