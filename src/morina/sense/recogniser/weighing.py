"""What a plate says and where it comes from, by all witnesses.

Of every text the reader holds possible, how likely it is under every country: the reader's eye for
the text, the witnesses to the country, and how well the text fits the country's series. Grammar is
a prior, never a filter: a text that fits no series loses to one that does only where the reader is
in doubt.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from morina.plates import NotAPlateError, Plate
from morina.sense.recogniser.country import MISFIT, UNKNOWN, Said, Witnesses, fit_to

WORTH = 1e-3
"""Texts less likely than this beside the likeliest are not weighed; grammar could not save them."""

_DOUBT = 0.2
"""Part of the looks that is spread over all countries while texts are weighed: larger than when the
country is decided, as a country seen wrongly must not bend a text seen rightly."""

_ODD = 1.5 * MISFIT


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
    said: Said | None = None,
) -> Weighed | None:
    """The likeliest of ``texts`` (each with the reader's probability) and its country.

    ``looks`` is how likely the plate looks like each country's (ISO alpha-2; another key is
    elsewhere); ``expected`` limits the countries named; ``said`` is the camera's own word. None
    when no text can be a plate's.
    """
    witnesses = Witnesses(looks, expected, said)
    prior = witnesses.prior(_DOUBT)
    worth = WORTH * max((p for _, p in texts), default=0.0)
    likely = [(text, p) for text, p in texts if p >= worth]
    together = {text: p * _fit(text, prior) for text, p in likely if _is_text(text)}
    if not together:
        return None
    text = max(together, key=lambda one: together[one])
    no_text = sum(p for text, p in likely if text not in together)
    unsaid = MISFIT * max(0.0, 1 - sum(p for _, p in likely))
    everything = sum(together.values()) + no_text + unsaid
    shares = {one: weight / everything for one, weight in together.items()}
    country, probability = witnesses.country(text)
    return Weighed(
        plate=Plate(text, country),
        seen=max(texts, key=lambda one: one[1])[0],
        confidence=shares[text],
        character_confidences=_characters(text, shares),
        country_probability=probability,
        fit=_fit(text, prior),
    )


def _fit(text: str, prior: Mapping[str, float]) -> float:
    """How well ``text`` fits the series of the countries the plate may be from."""
    fits = fit_to(text)
    return sum(p * fits.get(country, UNKNOWN) for country, p in prior.items())


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
