"""What a plate says and where it comes from, by all witnesses: the reader, grammar, the site.

Of every text the reader holds possible and every country, how likely both are together: the
reader's eye for the text, its eye for the country (colours, band, letters), how well the text fits
the country's series, and which countries are expected at the site. Grammar is a prior, never a
filter: a text that fits no series loses to one that does only where the reader is in doubt.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from morina.plates import (
    ALL_SERIES,
    COUNTRIES,
    NEIGHBOURS,
    NotAPlateError,
    Plate,
    Series,
    readings_of,
)
from morina.plates.grammar import SHAPE_ONLY, SURE_ENOUGH

MISFIT = 0.05
"""Weight of a text under a country none of whose known series it fits."""

UNKNOWN = 0.15
"""Weight of any text under a country whose series are not known."""

WORTH = 1e-3
"""Texts less likely than this beside the likeliest are not weighed; grammar could not save them."""

_DOUBT = 0.05
"""Part of the reader's eye for countries that is spread over all of them."""

_BY_TEXT = 1 / 3
_ODD = 1.5 * MISFIT
_UNEXPECTED = 0.05
"""How often countries that are not expected at the site are met beside those that are."""

_ELSEWHERE = ""
"""Every country that has no sign in the table."""

_SERIES = (*ALL_SERIES, *NEIGHBOURS)
_WITH_SERIES = frozenset(series.country for series in _SERIES)
_ALL = (*COUNTRIES, _ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The likeliest plate: ``confidence`` that the whole text is right, 0 to 1.

    ``character_confidences`` are the same of each character. ``seen`` is what the reader alone
    would have read. ``country_probability`` is 0 where the country is undecided. ``fit`` is how
    well the text fits the series of the countries the plate may be from, MISFIT to 1.
    """

    plate: Plate
    seen: str
    confidence: float
    character_confidences: tuple[float, ...]
    country_probability: float
    fit: float

    @property
    def is_odd(self) -> bool:
        """Whether the text fits hardly any series of the countries the plate may be from."""
        return self.fit < _ODD


def weigh(
    texts: Sequence[tuple[str, float]],
    looks: Mapping[str, float],
    expected: Collection[str] = (),
) -> Weighed | None:
    """The likeliest of ``texts`` (each with the reader's probability) and its country.

    ``looks`` is how likely the plate looks like each country's (ISO alpha-2; another key is
    elsewhere); ``expected`` limits the countries named. None when no text can be a plate's.
    """
    prior = _prior(looks, expected)
    worth = WORTH * max((p for _, p in texts), default=0.0)
    likely = [(text, p) for text, p in texts if p >= worth]
    together = {text: p * sum(_under(text, prior).values()) for text, p in likely if _is_text(text)}
    if not together:
        return None
    text = max(together, key=lambda one: together[one])
    no_text = sum(p for text, p in likely if text not in together)
    unsaid = MISFIT * max(0.0, 1 - sum(p for _, p in likely))
    everything = sum(together.values()) + no_text + unsaid
    shares = {one: weight / everything for one, weight in together.items()}
    country, probability = _country(text, prior, expected)
    return Weighed(
        plate=Plate(text, country),
        seen=max(texts, key=lambda one: one[1])[0],
        confidence=shares[text],
        character_confidences=_characters(text, shares),
        country_probability=probability,
        fit=sum(_under(text, prior).values()),
    )


def _prior(looks: Mapping[str, float], expected: Collection[str]) -> dict[str, float]:
    """How likely each country is before the text is known."""
    prior = dict.fromkeys(_ALL, _DOUBT / len(_ALL))
    for country, p in looks.items():
        prior[country if country in prior else _ELSEWHERE] += (1 - _DOUBT) * p
    if expected:
        prior = {c: p * (1 if c in expected else _UNEXPECTED) for c, p in prior.items()}
    total = sum(prior.values())
    return {country: p / total for country, p in prior.items()}


def _under(text: str, prior: Mapping[str, float]) -> dict[str, float]:
    """How likely ``text`` and each country are together."""
    fits = _fits({fit.series: fit.weight for fit in readings_of(text, _SERIES)})
    return {country: p * fits.get(country, UNKNOWN) for country, p in prior.items()}


def _fits(weights: Mapping[Series, float]) -> dict[str, float]:
    """The best weight of any series of each country that has some, MISFIT at least."""
    fits = dict.fromkeys(_WITH_SERIES, MISFIT)
    for series, weight in weights.items():
        fits[series.country] = max(fits[series.country], weight * series.telling)
    return fits


def _country(
    text: str, prior: Mapping[str, float], expected: Collection[str]
) -> tuple[str | None, float]:
    """The country and its probability; (None, 0) while it is open or not among ``expected``.

    Text counts by its cube root here, and rare series as much as common ones: the eye for the
    country has seen the text as well.
    """
    readings = readings_of(text, _SERIES)
    fits = _fits({fit.series: 1.0 if fit.strict else SHAPE_ONLY for fit in readings})
    weights = {c: p * fits.get(c, UNKNOWN) ** _BY_TEXT for c, p in prior.items()}
    country = max(weights, key=lambda one: weights[one])
    probability = weights[country] / sum(weights.values())
    named = country != _ELSEWHERE and (not expected or country in expected)
    return (country, probability) if named and probability >= SURE_ENOUGH else (None, 0.0)


def _characters(text: str, shares: Mapping[str, float]) -> tuple[float, ...]:
    """For each place the share of the texts that agree, counted from either end."""
    agreeing = [0.0] * len(text)
    for other, share in shares.items():
        for place, character in enumerate(text):
            from_end = place - len(text)
            agreeing[place] += share * (
                other[place : place + 1] == character
                or (len(other) >= -from_end and other[from_end] == character)
            )
    return tuple(min(1.0, share) for share in agreeing)


def _is_text(text: str) -> bool:
    try:
        Plate(text)
    except NotAPlateError:
        return False
    return True
