"""From the reader's output to text, as its user does it: the likeliest class of each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, and for each character how sure it is, 0 to 1."""

    text: str
    characters: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """That the whole text is right: all its characters are."""
        return prod(self.characters)


def readings(
    log_probabilities: NDArray[np.float32], alphabet: str, blank: int, temperature: float = 1.0
) -> list[Reading]:
    """One reading a crop of N x places x classes; blanks and repetitions dropped (CTC).

    A character is as sure as the surest place of its run. A higher ``temperature`` is less sure.
    """
    cooled = log_probabilities / temperature
    shares = np.exp(cooled - cooled.max(2, keepdims=True))
    shares /= shares.sum(2, keepdims=True)
    return [_reading(places, alphabet, blank) for places in shares]


def _reading(places: NDArray[np.float32], alphabet: str, blank: int) -> Reading:
    best = places.argmax(1)
    sure = places.max(1)
    text: list[str] = []
    known: list[float] = []
    before = blank
    for place, name in zip(sure.tolist(), best.tolist(), strict=True):
        if name != blank and name != before:
            text.append(alphabet[name - (name > blank)])
            known.append(place)
        elif name != blank:
            known[-1] = max(known[-1], place)
        before = name
    return Reading("".join(text), tuple(known))


def classes_of(text: str, alphabet: str, blank: int) -> Sequence[int]:
    """The class of each character; ValueError for one that is not in the alphabet."""
    return [(at := alphabet.index(letter)) + (at >= blank) for letter in text]
