"""What is asked of a plate's text, checked when made, and how a text found differs from it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from morina.plates import skeleton, swaps
from morina.plates.plate import DIGITS, LETTERS, LONGEST
from morina.records.kinds import RefusedQuestionError
from morina.records.patterns import (
    ANY,
    LEAST_FIXED,
    ONE,
    Difference,
    one_apart,
    plain_pattern,
    plain_text,
)

LEAST_NEAR = 3
_CHARACTERS = tuple(sorted(DIGITS | LETTERS))


class TextQuestion(Protocol):
    """What is asked of a text; the text of an unread passage is empty."""

    @property
    def asked(self) -> str:
        """The text or pattern as it is logged; empty where none is asked for."""

    def matches(self, text: str) -> bool:
        """Whether a read of this text is an answer."""

    def differences(self, text: str) -> tuple[Difference, ...]:
        """Where a text that matches differs from what was asked; as many as its grade."""

    def words(self) -> str:
        """What is looked for, in words."""


class _AsAsked:
    """Of a question that either fits or does not."""

    __slots__ = ()

    def differences(self, text: str) -> tuple[Difference, ...]:  # noqa: ARG002 - there are none
        """See TextQuestion."""
        return ()


@dataclass(frozen=True, slots=True)
class _OfOneText:
    """Of a question about one text, made plain."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain_text(self.text))

    @property
    def asked(self) -> str:
        """See TextQuestion."""
        return self.text


@dataclass(frozen=True, slots=True)
class Exact(_AsAsked, _OfOneText):
    """Reads of exactly this text."""

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        return text == self.text

    def words(self) -> str:
        """See TextQuestion."""
        return f"plate {self.text}"


@dataclass(frozen=True, slots=True)
class LookAlikes(_OfOneText):
    """Reads of this text or of one a reader takes for it (morina.plates.look_alikes)."""

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        return skeleton(text) == skeleton(self.text)

    def differences(self, text: str) -> tuple[Difference, ...]:
        """See TextQuestion."""
        return tuple(Difference(s.place, s.read, s.listed) for s in swaps(text, self.text))

    def words(self) -> str:
        """See TextQuestion."""
        return f"plate {self.text} and its look-alikes"


@dataclass(frozen=True, slots=True)
class Near(_OfOneText):
    """Reads of this text, or with one character more, one fewer or another in one place."""

    def __post_init__(self) -> None:
        _OfOneText.__post_init__(self)
        if len(self.text) < LEAST_NEAR:
            raise RefusedQuestionError(
                "text", f"{len(self.text)} characters", f"give at least {LEAST_NEAR}"
            )

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        return text == self.text or one_apart(text, self.text) is not None

    def differences(self, text: str) -> tuple[Difference, ...]:
        """See TextQuestion."""
        apart = one_apart(text, self.text)
        return () if apart is None else (apart,)

    def texts(self) -> Iterator[str]:
        """Every text that matches; some come twice."""
        yield self.text
        for cut in range(len(self.text) + 1):
            before, after = self.text[:cut], self.text[cut:]
            yield from (before + other + after for other in _CHARACTERS)
            if after:
                yield before + after[1:]
                yield from (before + other + after[1:] for other in _CHARACTERS)

    def words(self) -> str:
        """See TextQuestion."""
        return f"plate {self.text} or one character more, fewer or other"


@dataclass(frozen=True, slots=True)
class Wildcard(_AsAsked):
    """Reads that fit a pattern: ``?`` is one character, ``*`` any number, also none."""

    pattern: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", plain_pattern(self.pattern))

    @property
    def asked(self) -> str:
        """See TextQuestion."""
        return self.pattern

    @property
    def runs(self) -> tuple[str, ...]:
        """The stretches of fixed characters, longest first."""
        runs = [run for run in re.split(r"[?*]", self.pattern) if run]
        return tuple(sorted(runs, key=len, reverse=True))

    @property
    def beginning(self) -> str:
        """The fixed characters before the first wildcard."""
        return re.split(r"[?*]", self.pattern)[0]

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        return re.fullmatch(self.pattern.replace(ONE, ".").replace(ANY, ".*"), text) is not None

    def words(self) -> str:
        """See TextQuestion."""
        return f"plates like {self.pattern}"


@dataclass(frozen=True, slots=True)
class Partial(_AsAsked):
    """Reads that hold these characters in any order, each as often as given.

    ``length`` is how many characters the whole plate has, 0 where that is not known.
    """

    characters: str
    length: int = 0

    def __post_init__(self) -> None:
        known = plain_text(self.characters)
        if len(known) < LEAST_FIXED:
            raise RefusedQuestionError(
                "text", f"{len(known)} known character", f"give at least {LEAST_FIXED}"
            )
        if self.length and not len(known) <= self.length <= LONGEST:
            raise RefusedQuestionError(
                "length", f"{self.length} characters", f"give {len(known)} to {LONGEST} or none"
            )
        object.__setattr__(self, "characters", "".join(sorted(known)))

    @property
    def asked(self) -> str:
        """See TextQuestion."""
        return self.characters

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        right_length = not self.length or len(text) == self.length
        return right_length and Counter(self.characters) <= Counter(text)

    def words(self) -> str:
        """See TextQuestion."""
        long = f" of {self.length} characters" if self.length else ""
        return f"plates{long} with {', '.join(self.characters)} in any order"


@dataclass(frozen=True, slots=True)
class Unread(_AsAsked):
    """Passages of which no plate could be read."""

    asked: str = ""

    def matches(self, text: str) -> bool:
        """See TextQuestion."""
        return not text

    def words(self) -> str:
        """See TextQuestion."""
        return "passages without a plate"


@dataclass(frozen=True, slots=True)
class AnyText(_AsAsked):
    """All passages, read or not."""

    asked: str = ""

    def matches(self, text: str) -> bool:  # noqa: ARG002 - every one does
        """See TextQuestion."""
        return True

    def words(self) -> str:
        """See TextQuestion."""
        return "all passages"
