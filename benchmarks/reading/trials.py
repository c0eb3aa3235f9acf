"""Labelled photographs, and what a recogniser made of each plate in them."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from morina.plates import country_of_sign, skeleton
from morina.sense.recogniser.finding import overlap
from morina.sense.recogniser.lines import Box
from morina.sense.recogniser.reading import Image, PlateReading

FOUND, MET = 0.5, 0.1
"""Overlap from which a plate is found, and up to which a reading is of no labelled plate."""


@dataclass(frozen=True, slots=True)
class Label:
    """A plate in a photograph; ``text`` is empty where nobody could read it."""

    box: Box
    text: str
    country: str

    @property
    def width(self) -> float:
        """In pixels."""
        return self.box[2] - self.box[0]


Photographs = Mapping[tuple[str, str], list[Label]]
"""Source and file to the plates in it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A labelled plate and all that was read in its photograph."""

    label: Label
    readings: Sequence[PlateReading]

    @property
    def best(self) -> PlateReading | None:
        """The reading that comes nearest to its text."""
        return min(self.readings, key=self._distance, default=None)

    @property
    def exact(self) -> bool:
        """Whether it was read exactly."""
        return self.errors == 0

    @property
    def alike(self) -> bool:
        """Whether it was read but for characters of one look-alike class."""
        return skeleton(self.label.text) in (skeleton(r.plate.text) for r in self.readings)

    @property
    def errors(self) -> int:
        """Characters to change, put in or take out of the nearest text, at most all."""
        most = len(self.label.text)
        return min(self._distance(self.best), most) if self.best else most

    @property
    def found(self) -> bool:
        """Whether a reading lies where the plate is."""
        return any(overlap(r.box, self.label.box) >= FOUND for r in self.readings)

    def _distance(self, reading: PlateReading) -> int:
        return distance(reading.plate.text, self.label.text)


@dataclass(slots=True)
class Tally:
    """All that one recogniser did."""

    trials: list[Trial] = field(default_factory=list)
    shrunk: dict[int, list[Trial]] = field(default_factory=lambda: defaultdict(list))
    ms: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    false: list[str] = field(default_factory=list)

    def add(self, labels: Sequence[Label], readings: Sequence[PlateReading]) -> None:
        """What was read in one photograph."""
        self.trials += [Trial(label, readings) for label in labels]
        texts = {label.text for label in labels}
        self.false += [
            reading.plate.text
            for reading in readings
            if reading.plate.text not in texts
            and all(overlap(reading.box, label.box) <= MET for label in labels)
        ]


def photographs(
    labels: Path, sources: Collection[str], texts: Collection[str] | None = None
) -> Photographs:
    """The labelled photographs of ``sources``.

    With ``texts``, those of none of these plates are left out, and no other plate is asked for.
    """
    found: dict[tuple[str, str], list[Label]] = defaultdict(list)
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["source"] in sources:
                found[row["source"], row["file"]] += [_label(row)] if row["x0"] else []
    if texts is None:
        return found
    return {
        place: [label if label.text in texts else replace(label, text="") for label in plates]
        for place, plates in found.items()
        if any(label.text in texts for label in plates)
    }


def _label(row: Mapping[str, str]) -> Label:
    x0, y0, x1, y1 = (float(row[side]) for side in ("x0", "y0", "x1", "y1"))
    country = country_of_sign(row["country"]) or row["country"] or "?"
    return Label((x0, y0, x1, y1), row["text"], country)


def distance(one: str, other: str) -> int:
    """Fewest characters changed, put in or taken out to make ``other`` of ``one`` (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, character in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, wanted in enumerate(other, 1):
            step = min(row[place] + 1, row[place - 1] + 1, before + (character != wanted))
            before, row[place] = row[place], step
    return row[-1]


def shrunk(
    image: Image, labels: Sequence[Label], widths: Sequence[int]
) -> Iterator[tuple[int, Label, Image]]:
    """The photograph for each plate with a text made so small that it is so many pixels wide.

    A plate that is smaller already is left as it is.
    """
    for label in labels:
        for width in widths if label.text else ():
            scale = min(1.0, width / label.width)
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            yield width, label, np.asarray(small, np.uint8)
