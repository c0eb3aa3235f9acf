"""Which countries' series a text fits, and what text a reader most likely meant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

from morina.plates.series import ALL_SERIES, Series

SHAPE_ONLY = 0.05
"""Weight of a text that has the shape of a series but breaks its letter rules."""

ELSEWHERE = 0.1
"""Weight of all countries whose series are not in the table."""

SURE_ENOUGH = 0.6
"""A country is decided from this probability on."""

MOST_MENDED = 3
"""Places that may be changed to make a text fit a series."""

NO_FIT = 1e-9
"""Weight of a text that fits no series, beside those that do."""

_MENDS = {"O": "0", "D": "0", "Q": "0", "I": "1", "B": "8", "S": "5", "Z": "2", "G": "6"} | {
    "0": "O", "1": "I", "8": "B", "5": "S", "2": "Z", "6": "G"
}  # fmt: skip
_UNSAID = 0.01
"""How likely the other character is where the reader does not say."""

_LEAST = 1e-4
"""A character the reader holds less likely than this is never put in."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A text fits ``series``: as documented (``strict``), or only its shape."""

    series: Series
    strict: bool

    @property
    def weight(self) -> float:
        """How much the fit counts beside others, 0 to 1."""
        return self.series.weight * (1.0 if self.strict else SHAPE_ONLY)


def readings_of(text: str, series: Sequence[Series] = ALL_SERIES) -> tuple[Fit, ...]:
    """Each of ``series`` that plate text ``text`` fits, strictly or by shape."""
    return tuple(Fit(s, strict=s.fits(text)) for s in series if s.resembles(text))


def weigh_countries(text: str, prior: Mapping[str, float] | None = None) -> dict[str, float]:
    """How probable each country is given only the text, most probable first.

    ``prior`` holds how often each country (ISO alpha-2) is met at the place, in any unit; a
    country not in it is held impossible. Without one all are alike, and the probabilities leave
    something for countries whose series are not known. Empty when nothing fits.
    """
    weights: dict[str, float] = {}
    for fit in readings_of(text):
        country = fit.series.country
        weight = fit.weight * fit.series.telling * (prior.get(country, 0.0) if prior else 1.0)
        weights[country] = max(weights.get(country, 0.0), weight)
    total = sum(weights.values()) + (0.0 if prior else ELSEWHERE)
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return {country: weight / total for country, weight in ranked if weight > 0}


def decide_country(text: str, prior: Mapping[str, float] | None = None) -> tuple[str | None, float]:
    """The country and its probability; (None, 0) while the text leaves it open."""
    for country, probability in weigh_countries(text, prior).items():
        if probability >= SURE_ENOUGH:
            return country, probability
        break
    return None, 0.0


def grammar_weight(text: str, countries: Collection[str] = ()) -> float:
    """How well ``text`` fits the best series of ``countries`` (all when none), 0 to 1."""
    fits = readings_of(text)
    return max(
        (f.weight for f in fits if not countries or f.series.country in countries), default=0
    )


def best_by_grammar(
    text: str, odds: Sequence[Mapping[str, float]] = (), countries: Collection[str] = ()
) -> str:
    """The likeliest text once letters and digits may be exchanged (O/0, I/1, B/8 ...).

    Weighs how well each candidate fits a series against how likely the reader holds its
    characters; text no exchange makes fit stays. ``odds`` says for each place how likely other
    characters are beside the one read (0 to 1); ``countries`` limits the grammars asked.
    """
    candidates = [(log(grammar_weight(text, countries) or NO_FIT), text)]
    for cost, candidate in _exchanged(text, odds):
        if weight := grammar_weight(candidate, countries):
            candidates.append((log(weight) - cost, candidate))
    return max(candidates, key=lambda scored: scored[0])[1]


def _exchanged(text: str, odds: Sequence[Mapping[str, float]]) -> Iterator[tuple[float, str]]:
    """Every text with 1 to MOST_MENDED places exchanged, and minus the log of its odds."""
    other = {
        place: _MENDS[character] for place, character in enumerate(text) if character in _MENDS
    }
    likely = {p: odds[p].get(character, 0.0) if odds else _UNSAID for p, character in other.items()}
    open_places = [place for place in other if likely[place] >= _LEAST]
    for many in range(1, MOST_MENDED + 1):
        for places in combinations(open_places, many):
            characters = list(text)
            for place in places:
                characters[place] = other[place]
            yield -sum(log(likely[place]) for place in places), "".join(characters)
