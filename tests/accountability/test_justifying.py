"""Vague reasons: twelve million searches under "investigation" (harm "Vague reasons")."""

from dataclasses import replace

import pytest

from asked import purpose
from morina.accountability import Purpose, RefusedPurposeError
from morina.accountability.justifying import WordRules, check_copied, check_words

RULES = WordRules()

VAGUE = [
    ("investigation", "1 words"),
    ("ongoing police investigation case", "any question"),
    ("Police business, see the case file please", "any question"),
    ("hetim i policisë për rastin", "any question"),
    ("verifikim rutinë, punë policie zyrtare", "any question"),
    ("asdf asdf qwer zxcv", "any question"),
    ("xxxx xxxx xxxx xxxx xxxx", "repeats itself"),
    ("stolen stolen stolen stolen stolen", "repeats itself"),
    ("1 2 3 4 5 6 7 8", "any question"),
    ("aaaaaaa bbbbbbb of the case", "any question"),
    ("search of suspicious vehicle as requested", "any question"),
    ("!!! ??? ... ---", "0 words"),
]

TELLING = [
    "stolen on Monday evening near the mill",
    "stolen on Monday evening",
    "makina e vjedhur të hënën në mbrëmje pranë mullirit",
    "missing child last seen in a red van",
    "i zhdukur që nga e diela, parë te ura",
    "witness saw this lorry at the burglary in the market",
]


@pytest.mark.parametrize(("text", "fault"), VAGUE, ids=[one[0] for one in VAGUE])
def test_vague_reasons_are_refused_and_told_what_to_write(text: str, fault: str) -> None:
    with pytest.raises(RefusedPurposeError, match=fault) as refused:
        check_words(text, RULES)
    assert refused.value.field == "justification"
    assert "which vehicle or person" in refused.value.mend


@pytest.mark.parametrize("text", TELLING)
def test_a_reason_that_tells_something_will_do(text: str) -> None:
    check_words(text, RULES)


def reason(text: str, case: str = "C-8") -> Purpose:
    return replace(purpose(), case_number=case, justification=text)


COPIES = [
    "white van seen at the burglary in the market",
    "White Van, seen at the burglary in the MARKET!",
    "C-9: white van seen at the burglary in the market 2",
    "white van seen at the burglary in the markets",
]


@pytest.mark.parametrize("text", COPIES)
def test_a_copied_reason_is_refused_for_another_case(text: str) -> None:
    before = [reason("lorry without lights on the pass"), reason(COPIES[0])]
    with pytest.raises(RefusedPurposeError, match="what you wrote for case C-8"):
        check_copied(reason(text, "C-9"), before, RULES)


def test_the_same_reason_goes_on_for_the_same_case_and_another_reason_for_another() -> None:
    before = [reason(COPIES[0])]
    check_copied(reason(COPIES[0], "c-8"), before, RULES)
    check_copied(reason("white van seen leaving the harbour by night", "C-9"), before, RULES)
