"""Mud over a plate, so that nobody can read it."""

import cv2
import numpy as np

from morina.demo.plates import PlatePicture

_MUD = np.array([52, 74, 92], np.float32)
COVERED = 0.9
"""The least share of the plate that mud hides."""


def muddied(plate: PlatePicture, rng: np.random.Generator) -> PlatePicture:
    """The same plate with mud thrown over at least ``COVERED`` of it."""
    height, width = plate.mask.shape
    clods = rng.random((8, 30), np.float32)
    field = cv2.resize(clods, (width, height), interpolation=cv2.INTER_CUBIC)
    field = field + np.linspace(0.0, 0.35, height, dtype=np.float32)[:, None]
    bare = np.quantile(field, 1 - COVERED - 0.02)
    cover = np.clip((field - bare) / 0.02, 0, 1)[..., None]
    grain = 0.85 + 0.3 * cv2.resize(rng.random((40, 160), np.float32), (width, height))
    image = plate.image * (1 - cover) + cover * _MUD * grain[..., None]
    return PlatePicture(np.clip(np.rint(image), 0, 255).astype(np.uint8), plate.mask)
