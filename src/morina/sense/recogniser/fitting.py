"""Pictures that Morina encodes itself, made small enough to be kept."""

from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np

from morina.sense.recogniser.reading import Image

LEAST_QUALITY = 45
"""Below it a picture is made smaller instead: blocks would hide strokes. Own choice."""

LEAST_BYTES = 5_000
"""Every picture can be made to fit so many bytes, at the latest with 32 pixels a side."""

_STEP, _SMALLER = 10, 0.9


class NotAPictureError(ValueError):
    """The bytes cannot be decoded as a picture, or the pixels not encoded as one."""


@dataclass(frozen=True, slots=True)
class PictureSizes:
    """The most bytes of an overview and of a patch that Morina encodes; 0 is no limit.

    ValueError for a limit below LEAST_BYTES.
    """

    overview_bytes: int = 400_000
    patch_bytes: int = 40_000

    def __post_init__(self) -> None:
        for most in (self.overview_bytes, self.patch_bytes):
            if most and most < LEAST_BYTES:
                raise ValueError(f"a limit of {most} bytes; give at least {LEAST_BYTES}, or 0")


def encoded(image: Image, quality: int) -> bytes:
    """The picture as JPEG of that quality, 0 to 100."""
    done, buffer = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise NotAPictureError(f"a picture of shape {image.shape} cannot be encoded")
    return buffer.tobytes()


def fitted(image: Image, quality: int, most_bytes: int) -> tuple[bytes, float]:
    """The picture as JPEG of at most so many bytes, and how much smaller its sides are (1: not).

    First of lower quality, then of fewer pixels.
    """
    jpeg, scale = encoded(image, quality), 1.0
    while most_bytes and len(jpeg) > most_bytes and quality > LEAST_QUALITY:
        quality = max(LEAST_QUALITY, quality - _STEP)
        jpeg = encoded(image, quality)
    while most_bytes and len(jpeg) > most_bytes and max(image.shape[:2]) * scale > 1:
        scale *= min(_SMALLER, sqrt(most_bytes / len(jpeg)))
        jpeg = encoded(_smaller(image, scale), quality)
    return jpeg, scale


def _smaller(image: Image, scale: float) -> Image:
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)
