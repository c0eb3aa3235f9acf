"""Kalman filter of a thing that goes on as it went, disturbed by white acceleration.

Bar-Shalom, Li, Kirubarajan: Estimation with Applications to Tracking and Navigation (2001), 6.2.2.
A state is (east, north, speed east, speed north); many are held as arrays (n, 4) and (n, 4, 4).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Covariance = tuple[float, float, float]
"""East-east, east-north, north-north."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a thing is and how it moves: mean (4,) and covariance (4, 4), metres and seconds."""

    mean: Floats
    covariance: Floats


def square(covariance: Covariance) -> Floats:
    """As a matrix (2, 2)."""
    ee, en, nn = covariance
    return np.array([[ee, en], [en, nn]])


def begun(at: tuple[float, float], own: Floats, speed_ms: float) -> Motion:
    """Seen once: its speed is unknown, of standard deviation ``speed_ms`` each way."""
    covariance = np.zeros((4, 4))
    covariance[:2, :2] = own
    covariance[2, 2] = covariance[3, 3] = speed_ms**2
    return Motion(np.array([*at, 0.0, 0.0]), covariance)


def later(motion: Motion, for_s: float, restless: float) -> Motion:
    """After ``for_s``; ``restless`` is the spectral density of its acceleration, m2/s3."""
    step = np.eye(4)
    step[0, 2] = step[1, 3] = for_s
    noise = np.zeros((4, 4))
    noise[0, 0] = noise[1, 1] = for_s**3 / 3
    noise[0, 2] = noise[2, 0] = noise[1, 3] = noise[3, 1] = for_s**2 / 2
    noise[2, 2] = noise[3, 3] = for_s
    return Motion(step @ motion.mean, step @ motion.covariance @ step.T + restless * noise)


def seen_at(motion: Motion, at: tuple[float, float], own: Floats) -> Motion:
    """With one more measurement of covariance ``own``; Joseph's form, which stays symmetric."""
    spread = motion.covariance[:2, :2] + own
    gain = np.linalg.solve(spread, motion.covariance[:2, :]).T
    mean = motion.mean + gain @ (np.array(at) - motion.mean[:2])
    keep = np.eye(4)
    keep[:, :2] -= gain
    return Motion(mean, keep @ motion.covariance @ keep.T + gain @ own @ gain.T)


def distances(motions: list[Motion], at: Floats, own: Floats) -> Floats:
    """Mahalanobis distances, squared, of motions and measurements (m, 2), (m, 2, 2)."""
    where = np.array([motion.mean[:2] for motion in motions]).reshape(-1, 1, 2)
    spread = np.array([motion.covariance[:2, :2] for motion in motions]).reshape(-1, 1, 2, 2) + own
    away = at - where
    ee, en, nn = spread[..., 0, 0], spread[..., 0, 1], spread[..., 1, 1]
    east, north = away[..., 0], away[..., 1]
    found: Floats = (nn * east**2 - 2 * en * east * north + ee * north**2) / (ee * nn - en**2)
    return found
