"""The role of whatever reads plates in pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from morina.plates import Plate
from morina.sense.recogniser.country import Said

Image = NDArray[np.uint8]
"""A picture: height x width x 3, BGR, 8 bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateReading:
    """One plate found and read in one picture.

    ``plate.country`` is None when undecided; ``country_probability`` is then 0. ``corners`` are
    clockwise from the plate's top left, ``box`` (x0, y0, x1, y1), both in pixels of the picture.
    Confidences are 0 to 1, ``character_confidences`` one for each character of the text. ``seen``
    is what the reader's eye alone read where grammar chose another text; else empty.
    """

    plate: Plate
    country_probability: float
    confidence: float
    character_confidences: tuple[float, ...]
    box: tuple[float, float, float, float]
    corners: tuple[tuple[float, float], ...]
    seen: str = ""


class Recogniser(Protocol):
    """Pictures in, readings out."""

    def read(
        self, images: Sequence[Image], said: Sequence[Said | None] = ()
    ) -> list[list[PlateReading]]:
        """For each picture its readings, surest first; an empty list where no plate is read.

        ``said`` holds the camera's own word for the country of each picture's plates, None where
        it says nothing; empty when no camera does.
        """
