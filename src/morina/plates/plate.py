"""The identity of a plate: its text and the country that issued it."""

import re
from dataclasses import dataclass
from typing import Self

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZČĆŠŽĐÄÖÜ")
DIGITS = frozenset("0123456789")
LONGEST = 12
SEPARATORS = frozenset(" -.·•:_/\t\u2013\u2014\u00a0")
_PLAIN = re.compile(f"[{''.join(sorted(LETTERS | DIGITS))}]{{1,{LONGEST}}}")


class NotAPlateError(ValueError):
    """The text cannot be a plate; the message says which character and what to do."""


def plate_text(raw: str) -> str:
    """Upper-case letters and digits of ``raw`` without separators.

    Raises NotAPlateError when nothing is left, a character is neither letter nor digit, or the
    text is longer than any plate.
    """
    if _PLAIN.fullmatch(raw):
        return raw
    text = "".join(c for c in raw.strip().upper() if c not in SEPARATORS)
    if not text:
        raise NotAPlateError("no plate text; give letters and digits such as AB12CDE")
    for position, character in enumerate(text, 1):
        if character not in LETTERS and character not in DIGITS:
            raise NotAPlateError(
                f"character {character!r} at place {position} is not on any plate; "
                "use letters A-Z, ČĆŠŽĐÄÖÜ and digits"
            )
    if len(text) > LONGEST:
        raise NotAPlateError(f"{len(text)} characters; a plate has at most {LONGEST}")
    return text


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate's text (upper-case, no separators) and issuing country.

    ``country`` is ISO 3166-1 alpha-2, XK for Kosovo; None when undecided. Text alone does not
    give the country: only (country, text) names one vehicle.
    """

    text: str
    country: str | None = None

    def __post_init__(self) -> None:
        if plate_text(self.text) != self.text:
            raise NotAPlateError(f"{self.text!r} is not in plain form; use Plate.of()")
        if self.country is not None and not (
            len(self.country) == 2 and self.country.isascii() and self.country.isupper()
        ):
            raise NotAPlateError(f"country {self.country!r} is not two capital letters such as GB")

    @classmethod
    def of(cls, raw: str, country: str | None = None) -> Self:
        """A plate from text as typed or read, separators and case ignored."""
        return cls(plate_text(raw), country)
