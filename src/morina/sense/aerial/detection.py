"""What a machine thinks it sees in one picture: an object of a kind, never a person known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels of the picture it was found in."""


class ObjectKind(StrEnum):
    """What the detector tells apart. ``MOVING`` is the cue of daylight video: a hint, no more."""

    PERSON = "person"
    VEHICLE = "vehicle"
    BICYCLE = "bicycle"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Detection:
    """``confidence`` is calibrated: of ten at 0.7, seven are right (docs of the model)."""

    kind: ObjectKind
    box: Box
    confidence: float


class Detector(Protocol):
    """Finds objects in one picture."""

    def detect(self, image: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Of a picture (height, width) or (height, width, 3, as OpenCV has it), strongest first."""
