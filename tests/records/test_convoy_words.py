"""A convoy's score in words: what was met, what chance would do, and which side that falls on."""

import pytest

from morina.desk.said import translated_parts
from morina.desk.words import Words
from morina.records.convoy_chance import Chance, Scene
from morina.records.convoy_companion import Companion, Counts, companion
from morina.records.convoy_meetings import Meeting, Met, Passed, Rule, Track

TARGET = "AB12CDE"
DAY = 86_400
TRACK = Track(
    tuple(Passed(f"c{n}", n * DAY, TARGET) for n in range(4)), journey=(0, 1, 2, 3)
)  # fmt: skip


def told(plate: str = "KT65XDW", journeys: int = 3, scored: Chance | None = None) -> Companion:
    met = tuple(Meeting(n, f"c{n}", n * DAY + 1) for n in range(journeys))
    scene = Scene(TRACK, (), Met({plate: met, "OTHER": ()}, ()), {}, {}, Rule())
    counts = Counts(journeys, 4, dict.fromkeys(range(journeys), 1), journeys)
    return companion(scene, plate, counts, scored, TARGET)


@pytest.mark.parametrize(
    ("corrected", "convoy", "verdict"),
    [
        (0.0043, True, "that is less than 0.01, so chance does not explain it"),
        (0.01, False, "that is 0.01 or more, so chance explains it"),
        (7.0, False, "that is 0.01 or more, so chance explains it"),
    ],
)
def test_the_words_say_on_which_side_of_the_level_a_score_falls(
    corrected: float, convoy: bool, verdict: str
) -> None:
    one = told(scored=Chance(expected=0.028, p=0.001, corrected=corrected))
    assert one.convoy is convoy
    assert one.words == (
        "met at 3 of 4 places on 3 of 4 journeys; by chance 0.028 journeys expected, from its own "
        "passages there and the flow of each site; of 2 vehicles compared, such a coincidence is "
        f"expected {corrected:.2g} times; {verdict}"
    )


def test_what_has_no_score_says_why() -> None:
    assert told(journeys=1).words.endswith("is what traffic does, so it says nothing")
    assert told(journeys=2).words.endswith("not scored: see the notes of the answer")
    itself = told("AB12CDF", 3, Chance(expected=0.0, p=0.0, corrected=0.0))
    assert itself.perhaps_itself and not itself.convoy
    assert "perhaps the target misread" in itself.words and "chance explains" not in itself.words
    assert itself.words.endswith("such a coincidence is expected 0 times")


def test_every_part_is_known_in_the_other_language() -> None:
    score = Chance(expected=0.028, p=0.001, corrected=0.004)
    for words in (told(scored=score).words, told(journeys=1).words, told(journeys=2).words):
        for english in words.split("; "):
            assert translated_parts(english, Words("sq")) != english
