"""Decodes pictures nobody trusts yet, in a process of its own with bounded memory.

Run by ``pictures.py`` as a script, with the pixel limit as argument. On stdin: pictures, each
after its length (4 bytes, big-endian). On stdout: one JSON line for each. Imports nothing of
Morina, so that it starts fast and holds little.
"""

import json
import resource
import sys
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile

MEMORY_BYTES = 1_500_000_000
"""Address space of the whole process. 40 million pixels take 160 MB as RGBA, several times over."""

PNG_END = b"IEND\xaeB`\x82"

ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = None  # judge() compares with the setting, before anything is decoded


def judge(content: bytes, most_pixels: int) -> dict[str, str | int]:
    """The picture's ``width`` and ``height``, or ``refused`` (why) and ``mend``."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            width, height = image.size
            if width * height > most_pixels:
                return {
                    "refused": f"{width} x {height} pixels are more than {most_pixels}",
                    "mend": "send a smaller picture",
                }
            if getattr(image, "is_animated", False) and image.format != "MPO":
                return {"refused": "a moving picture", "mend": "send one frame of it"}
            image.load()
            if image.format == "PNG" and PNG_END not in content:
                raise EOFError("its last chunk is missing")
    except MemoryError:
        return {"refused": "takes too much memory", "mend": "send a smaller picture"}
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, EOFError) as error:
        return {
            "refused": f"cannot be decoded to its end: {error}",
            "mend": "send the picture complete, as the camera wrote it",
        }
    return {"width": width, "height": height}


def bound() -> None:
    """From here on: so much memory, and no file is written, no core left, no process begun."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(kind, (0, 0))


def serve(pictures: BinaryIO, answers: BinaryIO, most_pixels: int) -> None:
    """Judge pictures until there are no more."""
    Image.init()
    bound()
    while len(size := pictures.read(4)) == 4:
        verdict = judge(pictures.read(int.from_bytes(size, "big")), most_pixels)
        answers.write(json.dumps(verdict).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
