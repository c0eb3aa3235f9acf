"""Cuts plates out of a picture as the reader network takes them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.recogniser.patch import patch_of
from morina.sense.recogniser.reading import Image

TWO_LINES_BELOW = 2.4
"""Plates narrower than this many times their height may have two lines."""


def crops_of(
    image: Image, corners: Sequence[tuple[float, float]], height: int, width: int
) -> list[Image]:
    """The plate between ``corners``, straightened to ``height`` x ``width``.

    Where it may have two lines, also with its lower half put after its upper half.
    """
    patch = patch_of(image, corners)
    crops = [_sized(patch, height, width)]
    if patch.shape[0] > 1 and patch.shape[1] < TWO_LINES_BELOW * patch.shape[0]:
        half = patch.shape[0] // 2
        crops.append(_sized(np.hstack([patch[:half], patch[-half:]]), height, width))
    return crops


def batch_of(crops: Sequence[Image]) -> NDArray[np.float32]:
    """Crops of one size as the reader takes them: n x 3 x height x width, BGR, 0 to 1."""
    batch = np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2), np.float32)
    return batch / np.float32(255)


def _sized(patch: Image, height: int, width: int) -> Image:
    larger = patch.shape[0] > height or patch.shape[1] > width
    how = cv2.INTER_AREA if larger else cv2.INTER_LINEAR
    return cv2.resize(patch, (width, height), interpolation=how).astype(np.uint8, copy=False)
