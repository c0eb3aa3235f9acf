"""Keeping the very frame a plate was read from."""

import cv2
import numpy as np

from morina.sense import Evidence
from morina.sense.pictures import Pictures
from morina.sense.recogniser.patch import patch_of
from morina.sense.recogniser.reading import Image

OVERVIEW_QUALITY = 85
PATCH_QUALITY = 92


class NotAPictureError(ValueError):
    """The bytes cannot be decoded as a picture."""


def decoded(picture: bytes) -> Image:
    """The pixels of an encoded picture; NotAPictureError."""
    try:
        image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise NotAPictureError("the picture cannot be decoded; send a whole JPEG, PNG or WebP")
    return image.astype(np.uint8, copy=False)


def encoded(image: Image, quality: int) -> bytes:
    """The picture as JPEG of that quality, 0 to 100."""
    done, buffer = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise NotAPictureError(f"a picture of shape {image.shape} cannot be encoded")
    return buffer.tobytes()


async def keep_patch(
    pictures: Pictures,
    overview: str,
    image: Image,
    box: tuple[float, float, float, float],
    corners: tuple[tuple[float, float], ...],
) -> Evidence:
    """Cut the plate out of the overview already kept, and keep the patch beside it."""
    patch = await pictures.put(encoded(patch_of(image, corners), PATCH_QUALITY))
    return Evidence(overview=overview, patch=patch, box=box, corners=corners)
