"""Keeping the very frame a plate was read from."""

import cv2
import numpy as np

from morina.sense import Evidence
from morina.sense.pictures import Pictures
from morina.sense.recogniser.reading import Image

OVERVIEW_QUALITY = 85
PATCH_QUALITY = 92
SIGHT_WIDTH = 320
PATCH_MARGIN = 0.2
"""Of the plate's height."""


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


def _around(image: Image, box: tuple[float, float, float, float], margin: float = 0.0) -> Image:
    """What is in the box and ``margin`` pixels around it, at least one pixel."""
    x0, y0, x1, y1 = box
    left, top = max(0, round(x0 - margin)), max(0, round(y0 - margin))
    return image[top : max(top + 1, round(y1 + margin)), left : max(left + 1, round(x1 + margin))]


async def keep_sight(
    pictures: Pictures, overview: str, image: Image, box: tuple[float, float, float, float]
) -> Evidence:
    """What there is of an unread passage: in place of the patch the vehicle, made small."""
    vehicle = _around(image, box)
    scale = min(1.0, SIGHT_WIDTH / vehicle.shape[1])
    small = cv2.resize(vehicle, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    patch = await pictures.put(encoded(small.astype(np.uint8, copy=False), PATCH_QUALITY))
    return Evidence(overview=overview, patch=patch, box=box, corners=())


async def keep_patch(
    pictures: Pictures,
    overview: str,
    image: Image,
    box: tuple[float, float, float, float],
    corners: tuple[tuple[float, float], ...],
) -> Evidence:
    """Cut the plate out of the overview already kept, and keep the patch beside it.

    Upright and with a margin: whoever confirms must see every character whole, also where the
    corners are a little off.
    """
    plate = _around(image, box, PATCH_MARGIN * (box[3] - box[1]))
    patch = await pictures.put(encoded(plate, PATCH_QUALITY))
    return Evidence(overview=overview, patch=patch, box=box, corners=corners)
