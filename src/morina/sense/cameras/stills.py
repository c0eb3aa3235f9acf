"""Pictures as cameras send them: not believed to be whole, nor of a size one can hold."""

import io
import warnings

import cv2
import numpy as np
from PIL import Image as Pillow

from morina.sense.cameras.frames import Image

MOST_PIXELS = 50_000_000
MOST_BYTES = 32_000_000
_KNOWN = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")


def whole(content: bytes) -> bool:
    """Whether the bytes are one whole picture of a size that can be held."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(io.BytesIO(content), formats=_KNOWN) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return False
                picture.load()
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError):
        return False
    return True


def pixels(content: bytes) -> Image | None:
    """The pixels of a picture; None when it is damaged or too large."""
    if not bearable(content):
        return None
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if image is None else image.astype(np.uint8, copy=False)


def bearable(content: bytes) -> bool:
    """Whether its head says that it is a picture, and not too large. Pixels are not looked at."""
    try:
        with Pillow.open(io.BytesIO(content), formats=_KNOWN) as picture:
            return picture.width * picture.height <= MOST_PIXELS
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError):
        return False
