"""Whether a justification says anything: vague and copied ones are refused with what to write.

Directive (EU) 2016/680, article 25, wants the justification of a consultation to be established
from the log; "investigation" under twelve million searches establishes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from math import log2

from morina.accountability.empty_words import EMPTY_WORDS
from morina.accountability.purpose import Purpose, RefusedPurposeError

LEAST_TELLING = 2
LEAST_BITS = 2.5
"""Shannon entropy of the letters, bits each: sentences have about 4, "aaa bbb aaa" 1.4."""

MEND = "say in a sentence which vehicle or person is looked for, and what happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRules:
    """What a justification must be; every one is a setting under ``[purpose]``.

    It is compared with the officer's last ``compared`` ones for other cases, and refused from a
    likeness of ``alike`` on (0 to 1).
    """

    least_words: int = 4
    compared: int = 20
    alike: float = 0.9


def check_words(justification: str, rules: WordRules) -> None:
    """RefusedPurposeError where it is too short, repeats itself or names nothing."""
    words = _words(justification)
    if len(words) < rules.least_words:
        fault = f"{len(words)} words; at least {rules.least_words} are asked for"
        raise RefusedPurposeError("justification", fault, MEND)
    letters = "".join(words)
    if _bits(letters) < LEAST_BITS or 2 * len(set(words)) < len(words):
        raise RefusedPurposeError("justification", "repeats itself", MEND)
    if len({word for word in words if _tells(word)}) < LEAST_TELLING:
        fault = "could stand under any question"
        raise RefusedPurposeError("justification", fault, MEND)


def check_copied(purpose: Purpose, before: Iterable[Purpose], rules: WordRules) -> None:
    """RefusedPurposeError where it is one of ``before``, written for another case; numbers and
    capitals count for nothing."""
    here = _plain(purpose)
    for one in before:
        if one.case_number.casefold() == purpose.case_number.casefold():
            continue
        if SequenceMatcher(None, here, _plain(one), autojunk=False).ratio() >= rules.alike:
            fault = f"is what you wrote for case {one.case_number}"
            mend = "say what is looked for in this case, and why"
            raise RefusedPurposeError("justification", fault, mend)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return re.findall(r"\w+", plain.replace("_", " "))


def _plain(purpose: Purpose) -> str:
    """Its words without digits and the case's own number."""
    of_case = set(_words(purpose.case_number))
    words = [word for word in _words(purpose.justification) if word not in of_case]
    return " ".join("#" if any(map(str.isdigit, word)) else word for word in words)


def _tells(word: str) -> bool:
    is_run = max(len(list(run)) for _, run in groupby(word)) > 2
    return len(word) > 1 and not word.isdigit() and word not in EMPTY_WORDS and not is_run


def _bits(text: str) -> float:
    shares = [text.count(one) / len(text) for one in set(text)]
    return -sum(share * log2(share) for share in shares)
