"""Cuts plates out of a picture as the reader network takes them."""

from collections.abc import Sequence
from math import ceil, hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.recogniser.lines import Point
from morina.sense.recogniser.reading import Image

MARGIN_ACROSS, MARGIN_DOWN = 0.05, 0.09
"""Parts of the crop's width and height left on each side of the plate, as in training."""

_BLUR = 0.4
"""Deviation of the blur before a plate is made smaller, as part of how many times smaller."""


def crop_of(image: Image, corners: Sequence[Point], height: int, width: int) -> Image:
    """The plate between ``corners`` (clockwise from its top left) straightened, with a margin.

    ``height`` x ``width`` whatever its shape: the reader knows plates of two lines so squeezed.
    """
    x0, y0, part = _around(image, corners)
    (ax, ay), (bx, by) = corners[:2]
    smaller = hypot(bx - ax, by - ay) / width
    if smaller > 1:
        part = cv2.GaussianBlur(part, (0, 0), _BLUR * smaller).astype(np.uint8, copy=False)
    across, down = MARGIN_ACROSS * width, MARGIN_DOWN * height
    onto = [(across, down), (width - across, down), (width - across, height - down),
            (across, height - down)]  # fmt: skip
    change = cv2.getPerspectiveTransform(
        np.array([(x - x0, y - y0) for x, y in corners], np.float32), np.array(onto, np.float32)
    )
    return cv2.warpPerspective(
        part, change, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)


def batch_of(crops: Sequence[Image]) -> NDArray[np.float32]:
    """Crops of one size as the reader takes them: n x 3 x height x width, BGR, 0 to 1."""
    batch = np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2), np.float32)
    return batch / np.float32(255)


def _around(image: Image, corners: Sequence[Point]) -> tuple[int, int, Image]:
    """The part of the picture that holds the plate and its margin, and where it begins."""
    xs, ys = zip(*corners, strict=True)
    margin = (max(xs) - min(xs)) * MARGIN_ACROSS * 2 + (max(ys) - min(ys)) * MARGIN_DOWN * 2 + 2
    height, width = image.shape[:2]
    x0, y0 = (min(max(0, int(min(of) - margin)), n - 1) for of, n in ((xs, width), (ys, height)))
    x1, y1 = ceil(max(xs) + margin), ceil(max(ys) + margin)
    return x0, y0, image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
