"""Cuts a plate out of the picture it was read in."""

from collections.abc import Sequence
from math import hypot

import cv2
import numpy as np

from morina.sense.recogniser.reading import Image


def patch_of(image: Image, corners: Sequence[tuple[float, float]]) -> Image:
    """The plate between four ``corners`` (clockwise from its top left), straightened.

    As wide and high as the longer of its opposite sides, at least one pixel.
    """
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    width = max(1, round(max(hypot(bx - ax, by - ay), hypot(cx - dx, cy - dy))))
    height = max(1, round(max(hypot(dx - ax, dy - ay), hypot(cx - bx, cy - by))))
    straight = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    warp = cv2.getPerspectiveTransform(np.array(corners, np.float32), straight)
    return cv2.warpPerspective(
        image, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
