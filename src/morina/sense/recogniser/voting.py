"""One plate text out of the readings of many frames."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from morina.plates import Plate, grammar_weight
from morina.sense.recogniser.reading import PlateReading

SURE_ALONE = 0.95
"""A plate read in one frame only counts from this confidence on."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A reading and when, in seconds of the video, its frame was taken."""

    at_s: float
    reading: PlateReading

    @property
    def text(self) -> str:
        """What was read."""
        return self.reading.plate.text

    @property
    def width(self) -> float:
        """Of the plate, in pixels: nearer plates are read better."""
        return self.reading.box[2] - self.reading.box[0]

    @property
    def worth(self) -> float:
        """How well it shows the plate."""
        return self.reading.confidence * self.width


@dataclass(frozen=True, slots=True)
class Vote:
    """What the frames agree on. ``best`` is the sighting that shows it best."""

    plate: Plate
    country_probability: float
    confidence: float
    character_confidences: tuple[float, ...]
    frames: int
    best: Sighting

    @property
    def stands(self) -> bool:
        """Whether it is a read: two frames agree, or one is very sure of a usual text."""
        sure = self.confidence >= SURE_ALONE and grammar_weight(self.plate.text) >= 0.5
        return self.frames >= 2 or sure


def vote(sightings: Sequence[Sighting]) -> Vote:
    """Character by character, weighted by confidence and size; only a text that was read can win.

    Each character's confidence is the share of the weight of all frames that read it so.
    """
    widest = max(sighting.width for sighting in sightings) or 1.0
    weights = [sighting.width / widest for sighting in sightings]
    total = sum(weights)
    characters = {
        text: tuple(place / total for place in _support(text, sightings, weights))
        for text in {sighting.text for sighting in sightings}
    }
    text = max(sorted(characters), key=lambda candidate: sum(characters[candidate]))
    agreeing = [sighting for sighting in sightings if sighting.text == text]
    country, probability = _country(agreeing)
    return Vote(
        plate=Plate(text, country),
        country_probability=probability,
        confidence=sum(characters[text]) / len(text),
        character_confidences=characters[text],
        frames=len(agreeing),
        best=max(agreeing, key=lambda s: s.worth),
    )


def _support(text: str, sightings: Sequence[Sighting], weights: Sequence[float]) -> list[float]:
    """For each place of ``text`` the weight of the frames that read it so."""
    support = [0.0] * len(text)
    for sighting, weight in zip(sightings, weights, strict=True):
        if len(sighting.text) != len(text):
            continue
        read = zip(sighting.text, sighting.reading.character_confidences, strict=True)
        for place, (character, confidence) in enumerate(read):
            support[place] += weight * confidence * (character == text[place])
    return support


def _country(agreeing: Sequence[Sighting]) -> tuple[str | None, float]:
    """The country most frames name, frames that name none abstaining."""
    named: Mapping[str, list[float]] = defaultdict(list)
    for sighting in agreeing:
        country = sighting.reading.plate.country
        if country is not None:
            named[country].append(sighting.reading.country_probability)
    if not named:
        return None, 0.0
    country = max(sorted(named), key=lambda name: sum(named[name]))
    everything = sum(sum(probabilities) for probabilities in named.values())
    share = sum(named[country]) / everything
    mean = sum(named[country]) / len(named[country])
    return (country, share * mean) if share * mean >= 0.5 else (None, 0.0)
