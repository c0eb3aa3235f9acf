"""From what the reader network says of each place to the texts it may mean."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BREADTH = 12
"""Texts followed while decoding, and most returned."""

_LEAST, _MOST = 1e-4, 5
"""Characters less likely than this at a place, and more of them than this, are not followed."""

_QUIET = 0.9995
"""A place this surely blank is taken for wholly blank, which most are."""

Texts = list[tuple[str, float]]
"""Texts with how likely each is, likeliest first; together at most 1."""


@dataclass(frozen=True, slots=True)
class Characters:
    """What the classes of a reader mean: ``alphabet`` in order, with ``blank`` put in as a class.

    ``temperature`` above 1 softens the network's sureness to what it deserves.
    """

    alphabet: str
    blank: int
    temperature: float = 1.0

    @property
    def classes(self) -> tuple[str, ...]:
        """The character of each class; empty for the blank."""
        return (*self.alphabet[: self.blank], "", *self.alphabet[self.blank :])

    def probabilities(self, said: NDArray[np.float32]) -> NDArray[np.float64]:
        """``said`` (places x classes, logits or log-probabilities) as probabilities."""
        return softmax(said / self.temperature)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities along the last axis."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float64)


def ctc_texts(probabilities: NDArray[np.float64], classes: Sequence[str]) -> Texts:
    """The likeliest texts of a reader trained with CTC (places x classes), by prefix beam search.

    A text's probability sums over all ways to spread it over the places: a character held over
    several places is one, and twice the same needs a blank between (Graves and others, 2006).
    """
    blank = classes.index("")
    texts: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for place in probabilities:
        quiet = float(place[blank])
        if quiet >= _QUIET:
            texts = {text: (closed + held, 0.0) for text, (closed, held) in texts.items()}
            continue
        likely = [(classes[k], float(place[k])) for k in _likely(place) if k != blank]
        chance = dict(likely)
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (closed, held) in texts.items():
            grown[text][0] += (closed + held) * quiet
            last = text[-1:]
            grown[text][1] += held * chance.get(last, 0.0)
            for character, p in likely:
                grown[text + character][1] += p * (closed if character == last else closed + held)
        texts = {text: (c, h) for text, (c, h) in _best(grown)}
    return [(text, closed + held) for text, (closed, held) in texts.items()]


def slot_texts(probabilities: NDArray[np.float64], classes: Sequence[str]) -> Texts:
    """The likeliest texts of a reader with one character, or none, at each place."""
    texts = {"": [1.0]}
    for place in probabilities:
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0])
        for text, (so_far,) in texts.items():
            for k in _likely(place):
                grown[text + classes[k]][0] += so_far * float(place[k])
        texts = dict(_best(grown))
    return [(text, probability) for text, (probability,) in texts.items()]


def mixed(several: Sequence[Texts]) -> Texts:
    """What several looks at one plate make likely together: the mean of what each does."""
    together: dict[str, float] = defaultdict(float)
    for texts in several:
        for text, chance in texts:
            together[text] += chance / len(several)
    return sorted(together.items(), key=lambda item: (-item[1], item[0]))


def _likely(place: NDArray[np.float64]) -> list[int]:
    """The classes worth following at a place, likeliest first."""
    found: list[int] = np.flatnonzero(place > _LEAST).tolist()
    return sorted(found, key=lambda k: -place[k])[:_MOST]


def _best(grown: dict[str, list[float]]) -> list[tuple[str, list[float]]]:
    return sorted(grown.items(), key=lambda item: (-sum(item[1]), item[0]))[:BREADTH]
