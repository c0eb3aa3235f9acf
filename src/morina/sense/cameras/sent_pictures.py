"""Pictures as cameras send them: kept only when they are pictures of a bearable size."""

import logging
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from morina.sense.cameras.reports import ImageKind, SentImage
from morina.sense.pictures import Pictures

log = logging.getLogger(__name__)


async def keep_first(
    images: Sequence[SentImage], kinds: Sequence[ImageKind], pictures: Pictures, most_pixels: int
) -> tuple[str, ImageKind | None]:
    """Keep the first usable picture of the kinds, in their order; its name and kind, or empty."""
    for kind in kinds:
        for image in images:
            if image.kind == kind and is_picture(image, most_pixels):
                return await pictures.put(image.content), kind
    return "", None


def is_picture(image: SentImage, most_pixels: int) -> bool:
    """Whether the bytes begin as a JPEG, PNG or WebP of at most so many pixels.

    Nothing is decoded here: the worker that reads it does, and takes a broken one for none.
    """
    if not image.content:
        return False
    try:
        with Image.open(BytesIO(image.content), formats=("JPEG", "PNG", "WEBP")) as opened:
            width, height = opened.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        log.warning("a picture a camera sent (%r) is none; it is left out", image.name[:60])
        return False
    return bool(0 < width * height <= most_pixels)
