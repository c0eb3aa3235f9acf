"""What a process that decodes pictures of cameras may take, whatever a picture claims to be."""

import os
import resource

from morina.settings import Settings

MOST_PIXELS = 50_000_000
"""As for pictures of cameras that film (sense/cameras/stills.py); OpenCV's own limit is 2**30."""


def bound_worker(settings: Settings) -> None:
    """From here on: so much memory, pictures of so many pixels. Call before OpenCV is loaded.

    A picture that would take more is refused as one that cannot be decoded; what takes more
    otherwise ends the process, which the node starts again, and not the machine. No core is left,
    for it would hold pictures.
    """
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MOST_PIXELS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if most := settings.reading.memory_bytes:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
