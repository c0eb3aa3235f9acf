"""How likely a thing on the ground was found by one look: a model, with what it assumes said.

Assumed, and not measured here:
- a thing is found as often as the detector finds such things in its own test (``FULL``), where its
  shorter side has ``WHOLE_PX`` pixels or more; never under ``NONE_PX``; in proportion between;
- looking flatter than ``FLAT_DEG`` under the horizon, growth and ground hide it in proportion;
- looks of one place that are passes of their own are independent (``coverage``);
- it is there, lies open, and does not move. What stands under trees stays hidden however often one
  looks: so the chance is of what can be seen at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import ObjectKind

Floats = NDArray[np.float64]

SHORT_M: Mapping[ObjectKind, float] = {
    ObjectKind.PERSON: 0.5, ObjectKind.BICYCLE: 0.6, ObjectKind.VEHICLE: 1.8,
}  # fmt: skip
"""The shorter side of a thing seen from above, metres. Chosen."""

FULL: Mapping[ObjectKind, float] = {
    ObjectKind.PERSON: 0.73, ObjectKind.BICYCLE: 0.35, ObjectKind.VEHICLE: 0.77,
}  # fmt: skip
"""Share found at the size the detector was trained on: recall at its thresholds, of its card."""

NONE_PX, WHOLE_PX = 3.0, 6.0
"""Of the shorter side. Chosen: the detector was trained on 0.075 m a pixel, where a person has 6.7,
and its card says that more than 0.1 m, five pixels, is too coarse."""

FLAT_DEG = 30.0

ASSUMED = (
    "what can be seen at all lies open and does not move; separate passes are independent",
    f"found as the detector's test says from {WHOLE_PX:g} pixels of the shorter side on, never "
    f"under {NONE_PX:g}",
    f"hidden in proportion where looked at flatter than {FLAT_DEG:g} degrees",
)
"""In words, for whoever reads a map of it."""


@dataclass(frozen=True, slots=True)
class ChanceModel:
    """``full``: share found of each kind at best, of the detector's card where it is known."""

    full: Mapping[ObjectKind, float] = field(default_factory=lambda: dict(FULL))

    def __post_init__(self) -> None:
        for kind, share in self.full.items():
            if not 0 <= share < 1 or kind not in SHORT_M:
                raise ValueError(f"{kind.value}: {share} is no share found; give 0 to under 1")

    def of_look(self, kind: ObjectKind, metres_per_pixel: Floats, down_deg: Floats) -> Floats:
        """Of one look at places with such pixels, ``down_deg`` under the horizon. 0 to 1."""
        pixels = SHORT_M[kind] / np.maximum(metres_per_pixel, 1e-6)
        sharp = np.clip((pixels - NONE_PX) / (WHOLE_PX - NONE_PX), 0.0, 1.0)
        steep = np.sin(np.radians(np.clip(down_deg, 0.0, 90.0)))
        open_ = np.clip(steep / np.sin(np.radians(FLAT_DEG)), 0.0, 1.0)
        return np.asarray(self.full[kind] * sharp * open_, np.float64)
