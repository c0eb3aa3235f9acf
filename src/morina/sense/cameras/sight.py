"""How a camera's picture looks: black, of one tone, or as a road does."""

import cv2
import numpy as np

from morina.sense.cameras.condition import Sight


def sight_of(image: bytes) -> Sight | None:
    """Mean and spread of an encoded picture's brightness, an eighth of its size; None if none."""
    encoded = np.frombuffer(image, np.uint8)
    if encoded.size == 0:
        return None
    grey = cv2.imdecode(encoded, cv2.IMREAD_REDUCED_GRAYSCALE_8)
    if grey is None or grey.size == 0:
        return None
    return Sight(light=float(grey.mean()) / 255, spread=float(grey.std()) / 255)
