"""Makes what the network says truthful, and chooses from which confidence it is told.

A confidence is a logistic of the network's own logit (Platt 1999), with slope and offset of each
kind, fitted to what was right on the selection sweeps.
"""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from training.thermal.average_precision import Outcomes

_STEPS = 50
_RIDGE = 1e-3


class Calibration(TypedDict):
    """Of one kind, as it stands in the file's metadata."""

    slope: float
    offset: float
    threshold: float


def calibrated(found: Outcomes) -> Calibration:
    """The logistic that fits, and the confidence of the greatest F1; of a network that is never
    right, what it says itself."""
    if not found.right.any():
        return Calibration(slope=1.0, offset=0.0, threshold=0.5)
    slope, offset = fitted_logistic(logits(found.sure), found.right)
    sure = confidences(found.sure, slope, offset)
    met = np.cumsum(found.right)
    balanced = 2 * met / (found.labels + np.arange(1, len(met) + 1))
    threshold = float(sure[int(balanced.argmax())])
    return Calibration(
        slope=round(slope, 4), offset=round(offset, 4), threshold=round(threshold, 3)
    )


def logits(sure: NDArray[np.float32]) -> NDArray[np.float64]:
    """Of shares strictly between 0 and 1."""
    inside = np.clip(sure.astype(np.float64), 1e-6, 1 - 1e-6)
    found: NDArray[np.float64] = np.log(inside / (1 - inside))
    return found


def confidences(sure: NDArray[np.float32], slope: float, offset: float) -> NDArray[np.float64]:
    """What the network says, made truthful."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-(slope * logits(sure) + offset)))
    return found


def fitted_logistic(said: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of greatest likelihood (Newton's method, hardly any ridge)."""
    given = np.stack([said, np.ones_like(said)], 1)
    weights = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(given @ weights)))
        slope = given.T @ (chance - right) + _RIDGE * weights
        bend = given.T @ (given * (chance * (1 - chance))[:, None]) + _RIDGE * np.eye(2)
        weights -= np.linalg.solve(bend, slope)
    return float(weights[0]), float(weights[1])
