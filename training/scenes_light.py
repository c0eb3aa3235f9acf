"""What light, lens, sensor and file do to a picture, drawn at random."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bit."""


def weathered(picture: Picture, rng: np.random.Generator) -> Picture:
    """The picture as some worse camera would have taken it."""
    if rng.random() < 0.12:
        picture = _grey(picture)
    picture = _toned(picture, rng)
    if rng.random() < 0.25:
        picture = _coarser(picture, rng)
    if rng.random() < 0.12:
        picture = _moved(picture, rng)
    if rng.random() < 0.35:
        picture = _noisy(picture, rng)
    if rng.random() < 0.3:
        picture = _packed(picture, rng)
    return picture


def _grey(picture: Picture) -> Picture:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _toned(picture: Picture, rng: np.random.Generator) -> Picture:
    """Gamma, contrast, brightness and a cast of colour, by one table for each channel."""
    level = np.arange(256, dtype=np.float32) / 255
    gamma = float(np.exp(rng.normal(0, 0.3)))
    contrast, lift = float(np.exp(rng.normal(0.0, 0.2))), float(rng.normal(0, 0.05))
    cast = np.exp(rng.normal(0, 0.06, 3) * (3.0 if rng.random() < 0.1 else 1.0))
    curve = ((level**gamma - 0.5) * contrast + 0.5 + lift)[:, None] * cast
    table = np.clip(curve * 255, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def _coarser(picture: Picture, rng: np.random.Generator) -> Picture:
    """Scaled down and up again, as a small or distant picture is."""
    height, width = picture.shape[:2]
    share = float(rng.uniform(0.35, 0.85))
    size = (max(8, round(width * share)), max(8, round(height * share)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    up = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA)[rng.integers(0, 3)]
    return np.asarray(cv2.resize(small, (width, height), interpolation=up), np.uint8)


def _moved(picture: Picture, rng: np.random.Generator) -> Picture:
    """Blurred along a straight line."""
    size = int(rng.choice([3, 5, 7, 9]))
    turn = cv2.getRotationMatrix2D((size // 2, size // 2), float(rng.uniform(0, 180)), 1)
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    line = np.asarray(cv2.warpAffine(kernel, turn, (size, size)), np.float32)
    return np.asarray(cv2.filter2D(picture, -1, line / line.sum()), np.uint8)


def _noisy(picture: Picture, rng: np.random.Generator) -> Picture:
    noise = np.empty(picture.shape, np.int16)
    cv2.setRNGSeed(int(rng.integers(0, 2**31)))
    cv2.randn(noise, np.zeros(3), np.full(3, rng.uniform(1, 14)))
    return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)


def _packed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Through JPEG."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 80))]
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], 1), np.uint8)
