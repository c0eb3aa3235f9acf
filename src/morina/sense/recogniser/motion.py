"""Where something moves in a fixed camera's picture."""

import cv2
import numpy as np

from morina.sense.recogniser.lines import Box
from morina.sense.recogniser.reading import Image

_WIDTH = 320
_SMALLEST_SHARE = 0.004
_LEARNING_FRAMES = 2
_CLOSING = cv2.getStructuringElement(cv2.MORPH_RECT, (21, 21))


class Motion:
    """Compares each frame with a background learnt from those before it."""

    def __init__(self) -> None:
        self._background = cv2.createBackgroundSubtractorMOG2(
            history=200, varThreshold=32, detectShadows=False
        )
        self._frames = 0

    def boxes(self, image: Image) -> list[Box] | None:
        """The moving regions, in pixels of ``image``, largest first.

        None while the background is not known yet, when anything may be moving.
        """
        scale = _WIDTH / image.shape[1]
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
        moving = self._background.apply(grey)
        self._frames += 1
        if self._frames <= _LEARNING_FRAMES:
            return None
        opened = cv2.morphologyEx(moving, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, _CLOSING)
        outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found = [cv2.boundingRect(outline) for outline in outlines]
        large = [box for box in found if box[2] * box[3] >= _SMALLEST_SHARE * grey.size]
        large.sort(key=lambda box: -box[2] * box[3])
        return [(x / scale, y / scale, (x + w) / scale, (y + h) / scale) for x, y, w, h in large]
