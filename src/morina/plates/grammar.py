"""Which countries' series a text fits, and what text a reader most likely meant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from morina.plates.series import ALL_SERIES, OCCASIONAL, Series

SHAPE_ONLY = 0.05
"""Weight of a text that has the shape of a series but breaks its letter rules."""

SURE_ENOUGH = 0.6
"""A country is decided from this probability on."""

MOST_MENDED = 3
"""Places that may be changed to make a text fit a series."""

_MENDS = {"O": "0", "D": "0", "Q": "0", "I": "1", "B": "8", "S": "5", "Z": "2", "G": "6"} | {
    "0": "O", "1": "I", "8": "B", "5": "S", "2": "Z", "6": "G"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """A text fits ``series``: as documented (``strict``), or only its shape."""

    series: Series
    strict: bool

    @property
    def weight(self) -> float:
        """How much the fit counts beside others, 0 to 1."""
        return self.series.weight * (1.0 if self.strict else SHAPE_ONLY)


def readings_of(text: str) -> tuple[Fit, ...]:
    """Every series that plate text ``text`` fits, strictly or by shape."""
    return tuple(Fit(s, strict=s.fits(text)) for s in ALL_SERIES if s.resembles(text))


def weigh_countries(text: str, prior: Mapping[str, float] | None = None) -> dict[str, float]:
    """How probable each country is given only the text; most probable first, together 1.

    ``prior`` holds how often each country (ISO alpha-2) is met at the place, in any unit; a
    country not in it is held impossible. Without one, all are alike. Empty when nothing fits.
    """
    weights: dict[str, float] = {}
    for fit in readings_of(text):
        country = fit.series.country
        weight = fit.weight * (1.0 if not prior else prior.get(country, 0.0))
        weights[country] = max(weights.get(country, 0.0), weight)
    total = sum(weights.values())
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
    text: str, confidences: Sequence[float] = (), countries: Collection[str] = ()
) -> str:
    """``text`` with letters and digits exchanged (O/0, I/1, B/8 ...) where a grammar asks for it.

    Text that fits a common series stays; otherwise the least doubtful exchange of up to
    MOST_MENDED places that makes it fit one is taken, and text that no exchange makes fit stays.
    ``confidences`` (0 to 1, one a character) say which places are doubtful; ``countries`` limits
    the grammars considered.
    """
    if grammar_weight(text, countries) > OCCASIONAL:
        return text
    sureness = confidences or [1.0] * len(text)
    mended = [
        (sum(sureness[place] for place in places), candidate)
        for places, candidate in _exchanged(text)
        if grammar_weight(candidate, countries) > OCCASIONAL
    ]
    return min(mended, default=(0.0, text))[1]


def _exchanged(text: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every text with 1 to MOST_MENDED places exchanged, and those places."""
    open_places = [place for place, character in enumerate(text) if character in _MENDS]
    for many in range(1, MOST_MENDED + 1):
        for places in combinations(open_places, many):
            characters = list(text)
            for place in places:
                characters[place] = _MENDS[characters[place]]
            yield places, "".join(characters)
