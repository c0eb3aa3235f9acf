"""Keeping the very frame a plate was read from."""

from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from morina.sense import Evidence
from morina.sense.pictures import Pictures
from morina.sense.recogniser.fitting import NotAPictureError as NotAPictureError
from morina.sense.recogniser.fitting import PictureSizes, fitted
from morina.sense.recogniser.fitting import encoded as encoded
from morina.sense.recogniser.reading import Image

Box = tuple[float, float, float, float]
USUAL_SIZES = PictureSizes()

OVERVIEW_QUALITY = 85
PATCH_QUALITY = 92
SIGHT_WIDTH = 320
PATCH_MARGIN = 0.2
"""Of the plate's height."""


def decoded(picture: bytes) -> Image:
    """The pixels of an encoded picture; NotAPictureError."""
    try:
        image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, MemoryError):  # more pixels, or more memory, than the process may take
        image = None
    if image is None:
        raise NotAPictureError("the picture cannot be decoded; send a whole JPEG, PNG or WebP")
    return image.astype(np.uint8, copy=False)


class Placed(Protocol):
    """Where a plate is in a picture, pixels."""

    @property
    def box(self) -> Box: ...
    @property
    def corners(self) -> tuple[tuple[float, float], ...]: ...


def _around(image: Image, box: Box, margin: float = 0.0) -> Image:
    """What is in the box and ``margin`` pixels around it, at least one pixel."""
    x0, y0, x1, y1 = box
    left, top = max(0, round(x0 - margin)), max(0, round(y0 - margin))
    return image[top : max(top + 1, round(y1 + margin)), left : max(left + 1, round(x1 + margin))]


async def keep_sight(
    pictures: Pictures, overview: str, image: Image, box: Box, sizes: PictureSizes = USUAL_SIZES
) -> Evidence:
    """What there is of an unread passage: in place of the patch the vehicle, made small."""
    vehicle = _around(image, box)
    scale = min(1.0, SIGHT_WIDTH / vehicle.shape[1])
    small = cv2.resize(vehicle, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    patch = await _kept_patch(pictures, small.astype(np.uint8, copy=False), sizes)
    return Evidence(overview=overview, patch=patch, box=box, corners=())


async def keep_patch(
    pictures: Pictures,
    overview: str,
    image: Image,
    plate: Placed,
    sizes: PictureSizes = USUAL_SIZES,
) -> Evidence:
    """Cut the plate out of the overview already kept, and keep the patch beside it.

    Upright and with a margin: whoever confirms must see every character whole, also where the
    corners are a little off.
    """
    box = plate.box
    cut = _around(image, box, PATCH_MARGIN * (box[3] - box[1]))
    patch = await _kept_patch(pictures, cut, sizes)
    return Evidence(overview=overview, patch=patch, box=box, corners=plate.corners)


async def keep_frame(
    pictures: Pictures, image: Image, plate: Placed, read: bool, sizes: PictureSizes = USUAL_SIZES
) -> Evidence:
    """Keep a frame of a film and what it shows. Where the frame kept is smaller, box and corners
    are places in that; the patch is cut from the frame as it was."""
    jpeg, scale = fitted(image, OVERVIEW_QUALITY, sizes.overview_bytes)
    overview = await pictures.put(jpeg)
    if read:
        whole = await keep_patch(pictures, overview, image, plate, sizes)
    else:
        whole = await keep_sight(pictures, overview, image, plate.box, sizes)
    x0, y0, x1, y1 = (scale * side for side in whole.box)
    corners = tuple((scale * x, scale * y) for x, y in whole.corners)
    return replace(whole, box=(x0, y0, x1, y1), corners=corners)


async def _kept_patch(pictures: Pictures, image: Image, sizes: PictureSizes) -> str:
    jpeg, _ = fitted(image, PATCH_QUALITY, sizes.patch_bytes)
    return await pictures.put(jpeg)
