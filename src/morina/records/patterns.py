"""Plate texts and patterns in plain form, and the one place where two texts differ."""

import re
from dataclasses import dataclass

from morina.plates import NotAPlateError, plate_text
from morina.plates.plate import DIGITS, LETTERS, LONGEST, SEPARATORS
from morina.records.kinds import RefusedQuestionError

ONE, ANY = "?", "*"
LEAST_FIXED = 2
"""Fixed characters of a pattern, known characters of a partial plate: fewer find nearly all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, counted from 1, where a text found differs from the one asked for.

    ``read`` is empty where the text found has a character fewer, ``asked`` where it has one more;
    the place is then that of the other text.
    """

    place: int
    read: str
    asked: str

    def words(self) -> str:
        """Such as ``one character more at place 3: X``."""
        if not self.asked:
            return f"one character more at place {self.place}: {self.read}"
        if not self.read:
            return f"one character fewer: {self.asked} of place {self.place} is missing"
        return f"{self.read} at place {self.place} instead of {self.asked}"


def plain_text(raw: str, place: str = "text") -> str:
    """As morina.plates.plate_text has it; RefusedQuestionError with place and mend."""
    try:
        return plate_text(raw)
    except NotAPlateError as error:
        fault, _, mend = str(error).partition("; ")
        raise RefusedQuestionError(place, fault, mend) from None


def plain_pattern(raw: str) -> str:
    """In upper case, without separators, every run of wildcards in one form: ``?`` first.

    RefusedQuestionError with place and mend.
    """
    pattern = "".join(c for c in raw.strip().upper() if c not in SEPARATORS)
    for place, character in enumerate(pattern, 1):
        if character not in LETTERS | DIGITS and character not in (ONE, ANY):
            raise RefusedQuestionError(
                "text", f"character {character!r} at place {place} is not on any plate",
                "use letters, digits, ? for one character and * for any number",
            )  # fmt: skip
    fixed = sum(character not in (ONE, ANY) for character in pattern)
    if fixed < LEAST_FIXED:
        raise RefusedQuestionError(
            "text", f"{fixed} fixed characters in {pattern!r}", f"give at least {LEAST_FIXED}"
        )
    if (least := len(pattern.replace(ANY, ""))) > LONGEST:
        raise RefusedQuestionError(
            "text", f"{least} characters or more", f"a plate has at most {LONGEST}"
        )
    return re.sub(r"[?*]+", _in_order, pattern)


def _in_order(wildcards: re.Match[str]) -> str:
    run = wildcards.group()
    return ONE * run.count(ONE) + (ANY if ANY in run else "")


def one_apart(text: str, asked: str) -> Difference | None:
    """The one character by which two texts differ; None where it is none or more than one."""
    pairs = zip(text, asked, strict=False)
    at = next((n for n, (r, a) in enumerate(pairs) if r != a), min(len(text), len(asked)))
    read, wanted = text[at : at + 1], asked[at : at + 1]
    match len(text) - len(asked):
        case 0 if read and text[at + 1 :] == asked[at + 1 :]:
            return Difference(at + 1, read, wanted)
        case 1 if text[at + 1 :] == asked[at:]:
            return Difference(at + 1, read, "")
        case -1 if text[at:] == asked[at + 1 :]:
            return Difference(at + 1, "", wanted)
    return None
