"""How a camera's picture looks: black, of one tone, or as a road does."""

import cv2
import numpy as np

from morina.sense.cameras.condition import Sight
from morina.sense.cameras.frames import Image
from morina.sense.cameras.stills import bearable


def sight_of(image: bytes) -> Sight | None:
    """Mean and spread of an encoded picture's brightness, an eighth of its size; None if none."""
    if not bearable(image):
        return None
    encoded = np.frombuffer(image, np.uint8)
    try:
        grey = cv2.imdecode(encoded, cv2.IMREAD_REDUCED_GRAYSCALE_8)
    except cv2.error:
        return None
    return _sight(grey)


def sight_in(image: Image) -> Sight | None:
    """The same of a picture's pixels."""
    height, width = image.shape[:2]
    size = (max(1, width // 8), max(1, height // 8))
    return _sight(
        cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    )


def _sight(grey: "cv2.typing.MatLike | None") -> Sight | None:
    if grey is None or grey.size == 0:
        return None
    return Sight(light=float(grey.mean()) / 255, spread=float(grey.std()) / 255)
