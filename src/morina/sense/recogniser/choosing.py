"""Chooses plates among the lines of text found in a picture."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import log

from morina.plates import (
    COUNTRIES,
    Plate,
    best_by_grammar,
    country_of_sign,
    decide_country,
    grammar_weight,
    weigh_countries,
)
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.lines import Glyph, TextLine, below, beside, joined
from morina.sense.recogniser.reading import PlateReading

COMMON = 0.5
"""Text of this grammar weight or more fits a series often met."""

SHORTEST, LONGEST = 4, 10
_SIGNS = sorted({*COUNTRIES.values(), "GB", "MK"}, key=len, reverse=True)
_BAND_WEIGHT = 20.0
"""How much likelier a country becomes when its sign stands on the plate."""

_UNKNOWN_SERIES = 1e-3
_DROPPED_SIGN = 0.3
_JOINED = 0.3
_SHORT = 0.2
"""Weight of a text of fewer than six characters, which may be a piece of a plate."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible plate: the ``line`` without its band, which said ``sign`` (empty: none)."""

    line: TextLine
    text: str
    sign: str
    weight: float
    score: float


def plates_among(
    lines: Sequence[TextLine], countries: Collection[str] = (), said: Said | None = None
) -> list[PlateReading]:
    """The plates in a picture whose lines of text these are, surest first.

    ``countries`` (ISO alpha-2) limits the grammars asked and the countries named; plates of other
    countries are still read, without a country. ``said`` is the camera's own word for it.
    """
    candidates = [c for line, parts in _runs(lines) for c in _candidates(line, parts, countries)]
    candidates.sort(key=lambda candidate: -candidate.score)
    chosen: list[_Candidate] = []
    for candidate in candidates:
        if not any(_overlap(candidate.line, other.line) for other in chosen):
            chosen.append(candidate)
    tallest = max((c.line.height for c in chosen if c.weight >= COMMON), default=0.0)
    plates = [c for c in chosen if c.weight >= COMMON or c.line.height > 0.6 * tallest]
    readings = [_reading(c, _country(c, lines, countries, said)) for c in plates]
    return sorted(readings, key=lambda reading: -reading.confidence)


def _runs(lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, int]]:
    """Every line, and every two or three lines that may be one plate; with how many parts."""
    for line in lines:
        yield line, 1
    for one, two in permutations(lines, 2):
        if below(one, two):
            yield joined((one, two), stacked=True), 2
        if beside(one, two):
            yield joined((one, two)), 2
            for three in lines:
                if three not in (one, two) and beside(two, three):
                    yield joined((one, two, three)), 3


def _candidates(line: TextLine, parts: int, countries: Collection[str]) -> Iterator[_Candidate]:
    """The plates that ``line`` may be, with its band letters or without."""
    for glyphs, sign in _without_band(line.glyphs):
        if not SHORTEST <= len(glyphs) <= LONGEST or sum(g.small for g in glyphs) > len(glyphs) / 4:
            continue
        read = "".join(glyph.character for glyph in glyphs)
        text = best_by_grammar(read, [glyph.odds for glyph in glyphs], countries)
        weight = grammar_weight(text, countries)
        sureness = sum(glyph.confidence for glyph in glyphs) / len(glyphs)
        fits_well = weight >= COMMON
        if not _plate_like(read, text, fits_well, sureness) or (
            (sign or parts > 1) and not fits_well
        ):
            continue
        score = log(max(weight, _UNKNOWN_SERIES) * sureness)
        score += log(_DROPPED_SIGN) * bool(sign) + log(_JOINED) * (parts - 1)
        score += log(_SHORT) * (len(text) < 6)
        yield _Candidate(TextLine(line.corners, glyphs), text, sign, weight, score)


def _without_band(glyphs: tuple[Glyph, ...]) -> Iterator[tuple[tuple[Glyph, ...], str]]:
    """``glyphs`` whole, and without a country sign at either end; with that sign."""
    text = "".join(glyph.character for glyph in glyphs)
    yield glyphs, ""
    for sign in _SIGNS:
        if text.startswith(sign):
            yield glyphs[len(sign) :], sign
        if text.endswith(sign):
            yield glyphs[: -len(sign)], sign


def _plate_like(read: str, text: str, fits_well: bool, sureness: float) -> bool:
    """Whether ``text``, mended from what was ``read`` in a picture, is a plate, not a shop sign.

    A word in which one letter was taken for a digit (SUZUK1), or a number with one letter, is not.
    """
    digits = sum(character.isdigit() for character in text)
    letters = len(text) - digits
    if min(digits, letters) < (2 if read.isalpha() or read.isdigit() else 1):
        return False
    return sureness >= 0.5 if fits_well else sureness >= 0.8 and digits >= 2


def _overlap(one: TextLine, other: TextLine) -> bool:
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = _box(one), _box(other)
    return min(ax1, bx1) > max(ax0, bx0) and min(ay1, by1) > max(ay0, by0)


def _box(line: TextLine) -> tuple[float, float, float, float]:
    xs, ys = zip(*line.corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _reading(chosen: _Candidate, decided: tuple[str | None, float]) -> PlateReading:
    country, probability = decided
    sureness = tuple(
        max(glyph.confidence if glyph.character == character else glyph.odds[character], 0.0)
        for glyph, character in zip(chosen.line.glyphs, chosen.text, strict=True)
    )
    return PlateReading(
        plate=Plate(chosen.text, country),
        country_probability=probability,
        confidence=sum(sureness) / len(sureness),
        character_confidences=sureness,
        box=_box(chosen.line),
        corners=chosen.line.corners,
    )


def _country(
    chosen: _Candidate,
    lines: Sequence[TextLine],
    countries: Collection[str],
    said: Said | None,
) -> tuple[str | None, float]:
    """The country its text allows; the sign on or beside the plate and the camera are heard too."""
    signs = [chosen.sign] + [
        line.text for line in lines if beside(line, chosen.line) or beside(chosen.line, line)
    ]
    seen = {country_of_sign(sign) for sign in signs} - {None}
    if not countries and not seen and said is None:
        return decide_country(chosen.text)
    possible = countries or weigh_countries(chosen.text)
    prior = {country: _BAND_WEIGHT if country in seen else 1.0 for country in possible}
    if said is not None:
        prior = {country: p * said.likelihood(country) for country, p in prior.items()}
    return decide_country(chosen.text, prior)
