"""Which country a plate is from, by four witnesses.

Its text (how well it fits a country's series), its looks (what the reader network makes of colours,
band and letters), the word of the camera that took the picture, and the site (which countries are
expected there). Each makes some countries likelier and none impossible; together they give one
probability, and a country is named only where that is large enough.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from morina.plates import ALL_SERIES, COUNTRIES, NEIGHBOURS, Fit, readings_of
from morina.plates.grammar import SHAPE_ONLY, SURE_ENOUGH

MISFIT = 0.05
"""Weight of a text under a country none of whose known series it fits."""

_NO_BRITISH = 0.01
"""The same under the United Kingdom, whose series are known best: 5 of the 525 British plates in
the labelled photographs fit none."""

UNKNOWN = 0.15
"""Weight of any text under a country whose series are not known."""

TRUST = 0.7
"""How often a camera's word for the country is taken to be right. Morina's own choice: no maker
says it and it has not been measured."""

_WRONG_WORDS = 3
"""A camera's wrong words are taken to fall on so many countries alike. Morina's own choice: with
it a word trusted 0.7 leaves a country open of which the looks are as sure as 0.85 and differ."""

_DOUBT = 0.02
"""Part of the looks that is spread over all countries."""

_UNEXPECTED = 0.05
"""How often countries that are not expected at the site are met beside those that are."""

_BY_TEXT = 0.5
_RARE = 0.3
"""Powers: how far text counts, and the rarity of its series, beside looks that saw it as well.

Chosen by how likely the true countries come out on plates the networks never learnt from.
"""

_ELSEWHERE = ""
"""Every country that has no sign in the table."""

_SERIES = (*ALL_SERIES, *NEIGHBOURS)
_MISFITS = {series.country: MISFIT for series in _SERIES} | {"GB": _NO_BRITISH}
_ALL = (*COUNTRIES, _ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a camera says of a plate's country (ISO alpha-2), and how often it is right, below 1."""

    country: str
    trust: float = TRUST

    def __post_init__(self) -> None:
        if not 0 <= self.trust < 1:
            raise ValueError(f"trust {self.trust} is not from 0 to below 1; no word is certain")

    def likelihood(self, country: str) -> float:
        """How often the camera says what it said of plates of ``country``."""
        said = self.country if self.country in COUNTRIES else _ELSEWHERE
        return self.trust if country == said else (1 - self.trust) / _WRONG_WORDS


@dataclass(frozen=True, slots=True)
class Witnesses:
    """All but the text.

    ``looks`` is how likely the plate looks like each country's (another key is elsewhere).
    ``expected`` are the only countries named, all when empty. ``said`` is None where the camera
    says nothing.
    """

    looks: Mapping[str, float]
    expected: Collection[str] = ()
    said: Said | None = None

    def prior(self, doubt: float = _DOUBT) -> dict[str, float]:
        """How likely each country is before the text is known; ``doubt`` is that of the looks."""
        prior = dict.fromkeys(_ALL, doubt / len(_ALL))
        for country, p in self.looks.items():
            prior[country if country in prior else _ELSEWHERE] += (1 - doubt) * p
        if self.expected:
            prior = {c: p * (1 if c in self.expected else _UNEXPECTED) for c, p in prior.items()}
        if self.said is not None:
            prior = {c: p * self.said.likelihood(c) for c, p in prior.items()}
        total = sum(prior.values())
        return {country: p / total for country, p in prior.items()}

    def country(self, text: str) -> tuple[str | None, float]:
        """The country of a plate of that text and its probability; (None, 0) while it is open."""
        fits = _best(text, lambda fit: _strictness(fit) * fit.series.weight**_RARE)
        weights = {c: p * fits.get(c, UNKNOWN) ** _BY_TEXT for c, p in self.prior().items()}
        country = max(weights, key=lambda one: weights[one])
        probability = weights[country] / sum(weights.values())
        named = country != _ELSEWHERE and (not self.expected or country in self.expected)
        return (country, probability) if named and probability >= SURE_ENOUGH else (None, 0.0)


def fit_to(text: str) -> dict[str, float]:
    """How well ``text`` fits the best series of each country that has some, rare ones less."""
    return _best(text, lambda fit: fit.weight)


def _best(text: str, weight: Callable[[Fit], float]) -> dict[str, float]:
    """The best weight of any series of each country, and never less than its misfit."""
    best = dict(_MISFITS)
    for fit in readings_of(text, _SERIES):
        series = fit.series
        best[series.country] = max(best[series.country], weight(fit) * series.telling)
    return best


def _strictness(fit: Fit) -> float:
    return 1.0 if fit.strict else SHAPE_ONLY
