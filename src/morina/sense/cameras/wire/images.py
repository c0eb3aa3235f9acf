"""Pictures inside a payload's text."""

import base64
import binascii

from morina.sense.cameras.reports import ImageKind, PayloadError, SentImage

LONGEST_IMAGE = 16 * 2**20
"""Bytes; a camera of 12 megapixels sends a quarter of it."""


def base64_of(text: str, longest: int = LONGEST_IMAGE) -> bytes:
    """The bytes ``text`` holds: base64, with or without padding, line ends or a ``data:`` prefix.

    Raises PayloadError for another alphabet, or more than ``longest`` bytes.
    """
    if text.startswith("data:"):
        text = text.partition(",")[2]
    if len(text) > longest * 3 // 2:
        raise PayloadError(f"an image of more than {longest} bytes; lower the camera's resolution")
    kept = "".join(text.split()).rstrip("=")
    try:
        content = base64.b64decode(kept + "=" * (-len(kept) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PayloadError("an image is not base64; send the payload to the camera's maker") from (
            error
        )
    if len(content) > longest:
        raise PayloadError(f"an image of more than {longest} bytes; lower the camera's resolution")
    return content


def sent(kind: ImageKind, name: str, content: bytes | None) -> tuple[SentImage, ...]:
    """One image, or none where nothing or nothing but zero bytes was sent."""
    if not content or not content.strip(b"\0"):
        return ()
    return (SentImage(kind=kind, name=name, content=content),)
