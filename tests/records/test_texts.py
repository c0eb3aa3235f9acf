"""What is asked of a text: forms, what matches, how a match differs."""

from collections import Counter
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.plates import skeleton
from morina.plates.plate import DIGITS, LETTERS
from morina.records.kinds import RefusedQuestionError
from morina.records.patterns import Difference
from morina.records.texts import (
    AnyText,
    Exact,
    LookAlikes,
    Near,
    Partial,
    TextQuestion,
    Unread,
    Wildcard,
)

FEW = "AB08OČ"
SHORT = st.text(alphabet=FEW, min_size=3, max_size=6)


def distance(one: str, other: str) -> int:
    """Characters to put in, take out or replace, the slow way."""
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return distance(one[1:], other[1:])
    ways = (one[1:], other), (one, other[1:]), (one[1:], other[1:])
    return 1 + min(distance(*way) for way in ways)


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (Exact(" ab-12 cde "), "AB12CDE"),
        (LookAlikes("ab12cde"), "AB12CDE"),
        (Near("ab·12"), "AB12"),
        (Wildcard("ab?2*"), "AB?2*"),
        (Wildcard("a b * ? ** 2"), "AB?*2"),
        (Partial("c b-a"), "ABC"),
        (Unread(), ""),
        (AnyText(), ""),
    ],
)
def test_a_question_is_kept_in_plain_form(made: TextQuestion, asked: str) -> None:
    assert made.asked == asked


@pytest.mark.parametrize("ask", [Exact, LookAlikes, Near, Wildcard, Partial])
@pytest.mark.parametrize("letter", ["Α", "В", "!", "%"])  # noqa: RUF001 - Greek, Cyrillic
def test_what_is_on_no_plate_is_refused_with_its_place(ask: type[Exact], letter: str) -> None:
    with pytest.raises(RefusedQuestionError) as refused:
        ask(f"A1{letter}23")
    assert refused.value.place == "text"
    assert f"{letter!r} at place 3" in str(refused.value)
    assert "use letters" in str(refused.value)


@pytest.mark.parametrize("pattern", ["", "?", "*A*", "A?*?", "A" * 13, "AB" + "?" * 11])
def test_a_pattern_needs_two_fixed_characters_and_fits_on_a_plate(pattern: str) -> None:
    with pytest.raises(RefusedQuestionError, match=r"text: .+; .+"):
        Wildcard(pattern)


def test_partial_and_near_need_enough_to_go_by() -> None:
    with pytest.raises(RefusedQuestionError, match="give at least 2"):
        Partial("A")
    with pytest.raises(RefusedQuestionError, match="length: 2 characters; give 3 to 12"):
        Partial("ABC", 2)
    with pytest.raises(RefusedQuestionError, match="give at least 3"):
        Near("AB")


@given(SHORT, SHORT)
def test_near_is_edit_distance_one_and_names_the_difference(text: str, asked: str) -> None:
    near = Near(asked)
    assert near.matches(text) == (distance(text, asked) <= 1)
    assert near.matches(text) == (text in set(near.texts()))
    if near.matches(text):
        assert len(near.differences(text)) == distance(text, asked)
        for difference in near.differences(text):
            assert undone(text, difference) == asked


def undone(text: str, difference: Difference) -> str:
    """The text asked for, made again from the one found."""
    before, rest = text[: difference.place - 1], text[difference.place - 1 :]
    assert rest.startswith(difference.read)
    return before + difference.asked + rest[len(difference.read) :]


@given(SHORT)
def test_every_text_one_apart_is_made(asked: str) -> None:
    made = set(Near(asked).texts())
    characters = len(LETTERS | DIGITS)
    replaced = 1 + len(asked) * (characters - 1)
    longer = characters + len(asked) * (characters - 1)
    shorter = len({asked[:n] + asked[n + 1 :] for n in range(len(asked))})
    assert len(made) == replaced + longer + shorter


@given(st.text(alphabet=FEW + "??**", max_size=8), SHORT)
def test_wildcards_match_as_file_names_do(pattern: str, text: str) -> None:
    if sum(character not in "?*" for character in pattern) < 2:
        return
    assert Wildcard(pattern).matches(text) == fnmatchcase(text, pattern)


@given(SHORT, SHORT, st.sampled_from((0, 6)))
def test_partial_counts_each_known_character(known: str, text: str, length: int) -> None:
    holds = all(text.count(one) >= times for one, times in Counter(known).items())
    assert Partial(known, length).matches(text) == (holds and length in (0, len(text)))


def test_look_alikes_name_the_places_swapped() -> None:
    asked = LookAlikes("AB12CDE")
    assert asked.matches("A812CDE")
    assert not asked.matches("AX12CDE")
    assert asked.differences("A8I2CDE") == (Difference(2, "8", "B"), Difference(3, "I", "1"))
    assert skeleton("A8I2CDE") == skeleton("AB12CDE")


def test_differences_are_said_in_words() -> None:
    near = Near("AB12")
    said = {text: near.differences(text)[0].words() for text in ("ABX12", "A12", "AX12")}
    assert said == {
        "ABX12": "one character more at place 3: X",
        "A12": "one character fewer: B of place 2 is missing",
        "AX12": "X at place 2 instead of B",
    }


def test_no_plate_and_all_passages() -> None:
    assert Unread().matches("")
    assert not Unread().matches("AB12")
    assert AnyText().matches("")
    assert AnyText().matches("AB12")
    assert not Wildcard("**AB").matches("")
