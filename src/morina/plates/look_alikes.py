"""Texts that differ only by characters a reader confuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from morina.plates.plate import DIGITS, LETTERS

CLASSES = ("O0DQ", "I1", "S5", "VY", "3B8", "2Z", "EF", "GC6", "HMNW")
"""Characters readers take for one another; the first of each stands for its class.

The union of the plate-matching fold of UTMC technical report TR007.001b (O0DQ, I1, S5, VY, 3B8,
2Z, EF, GC, HMNW) and the classes of CrumbVMS that cost no edit (which add G6).
"""

_UNMARKED = dict(zip("ČĆŠŽĐÄÖÜ", "CCSZDAOU", strict=True))
_HEAD = {character: class_[0] for class_ in CLASSES for character in class_}


def _fold(character: str) -> str:
    plain = _UNMARKED.get(character, character)
    return _HEAD.get(plain, plain)


_CHARACTERS = (*sorted(DIGITS), *sorted(LETTERS))
_FOLDED = str.maketrans({character: _fold(character) for character in _CHARACTERS})
LOOK_ALIKE_HEADS = {
    character: _fold(character) for character in _CHARACTERS if _fold(character) != character
}
"""Every character that ``skeleton`` replaces, and by which."""

_OTHERS = {
    character: tuple(o for o in _CHARACTERS if o != character and _fold(o) == _fold(character))
    for character in _CHARACTERS
}


@dataclass(frozen=True, slots=True)
class Swap:
    """One place, counted from 1, where two look-alikes differ."""

    place: int
    read: str
    listed: str


def skeleton(text: str) -> str:
    """Plate text with every character replaced by the head of its look-alike class.

    Carons and umlauts fold to their base letter first, as cameras drop them. Two plate texts are
    look-alikes exactly when their skeletons are equal; see CLASSES for the source.
    """
    return text.translate(_FOLDED)


def swaps(read: str, listed: str) -> tuple[Swap, ...]:
    """Where two texts of one skeleton differ; ValueError when they are not look-alikes."""
    if skeleton(read) != skeleton(listed):
        raise ValueError(f"{read!r} and {listed!r} are no look-alikes; compare their skeletons")
    pairs = enumerate(zip(read, listed, strict=True), 1)
    return tuple(Swap(place, r, w) for place, (r, w) in pairs if r != w)


def look_alikes(text: str, most: int) -> Iterator[str]:
    """Every other text of the same skeleton with at most ``most`` places swapped, closest first."""
    places = [place for place, character in enumerate(text) if _OTHERS.get(character)]
    for swapped in range(1, min(most, len(places)) + 1):
        for chosen in combinations(places, swapped):
            for others in product(*(_OTHERS[text[place]] for place in chosen)):
                characters = list(text)
                for place, other in zip(chosen, others, strict=True):
                    characters[place] = other
                yield "".join(characters)


def count_look_alikes(text: str, most: int) -> int:
    """How many texts ``look_alikes`` yields, without making them."""
    ways = [1] + [0] * max(most, 0)
    for character in text:
        others = len(_OTHERS.get(character, ()))
        for swapped in range(len(ways) - 1, 0, -1):
            ways[swapped] += ways[swapped - 1] * others
    return sum(ways[1:])
