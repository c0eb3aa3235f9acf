"""Whether a vehicle looks as the register says: a clash is a question, never a finding. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SAME: Sequence[frozenset[str]] = (
    frozenset({"grey", "gray", "silver", "gri", "argjend", "argjendte"}),
    frozenset({"white", "bardhe", "cream"}),
    frozenset({"black", "zeze"}),
    frozenset({"red", "kuqe", "maroon", "burgundy"}),
    frozenset({"blue", "blu", "kalter", "navy"}),
    frozenset({"green", "gjelber", "jeshile"}),
    frozenset({"yellow", "verdhe", "gold"}),
    frozenset({"brown", "kafe", "beige"}),
    frozenset({"vw", "volkswagen"}),
    frozenset({"mercedes", "mercedesbenz", "benz"}),
)
"""Words that eyes and registers use for the same; grey and silver are not told apart by either."""

_SHADES = frozenset({
    "dark", "light", "pale", "bright", "deep", "metallic", "pearl", "matt", "matte", "gloss",
    "erret", "celet", "celur", "hapur", "metalik", "metalike",
    "and", "dhe", "e", "i", "two", "tone", "colour", "color", "ngjyre",
})  # fmt: skip
"""Words beside a colour that name none; a colour of these alone says nothing."""

_MANY_MAKERS = frozenset({
    "land", "alfa", "great", "general", "auto", "automobile", "automobiles", "automobili", "car",
    "cars", "motor", "motors", "company", "group", "gmbh", "ltd", "works",
})  # fmt: skip
"""Words of more than one maker's name: alone they do not make two the same."""

COMPARED = ("colour", "make")


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that differs: what was seen or listed, and what is registered."""

    field: str
    seen: str
    registered: str


def clashes(seen: Mapping[str, Any], registered: Sequence[Mapping[str, Any]]) -> list[Clash]:
    """Where every vehicle registered under the plate differs from what was seen or listed; none
    where one of them fits, or where either side says nothing."""
    found = [_differing(seen, one) for one in registered]
    return min(found, key=len, default=[])


def _differing(seen: Mapping[str, Any], registered: Mapping[str, Any]) -> list[Clash]:
    pairs = [
        Clash(name, str(seen.get(name) or ""), str(registered.get(name) or "")) for name in COMPARED
    ]
    return [
        one for one in pairs if not _SAME_BY[one.field](_words(one.seen), _words(one.registered))
    ]


def _same_colour(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both name one colour, however dark or shiny; also where one names none."""
    colours = [[word for word in words if word not in _SHADES] for words in (one, other)]
    return not all(colours) or bool(_meant(colours[0]) & _meant(colours[1]))


def _same_make(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a maker's word is in both, or all words of one are in the other."""
    first, second = _meant(one), _meant(other)
    within = set(one) <= second or set(other) <= first
    return within or bool((first & second) - _MANY_MAKERS)


_SAME_BY: Mapping[str, Callable[[Sequence[str], Sequence[str]], bool]] = {
    "colour": _same_colour, "make": _same_make,
}  # fmt: skip


def _meant(words: Sequence[str]) -> frozenset[str]:
    """These words, written as one too, and all words that mean the same."""
    parts = {*words, "".join(words)}
    return frozenset(parts).union(*(same for same in _SAME if same & parts))


def _words(text: str) -> list[str]:
    """The words of a colour or make, small and without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in apart if not unicodedata.combining(c)))
