"""What moves over the ground in daylight video: a hint where to look, no more.

The two pictures before are laid over this one; what differs from both is where something is now
and was not. Trees and houses that lean over as the drone passes differ too, and so does what is
written over the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import Detection, ObjectKind
from morina.sense.aerial.looking.moving_still import Image, Shift, shift

CONFIDENCE = 0.25
"""Of every cue: about the share that was right in benchmarks/aerial_tracking.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """``across``: pixels a picture is brought to at most. A thing is ``shortest_m`` to
    ``longest_m`` long on the ground, and ``least_m2`` of it change; what lies ``close_m`` apart
    is one. It differs by ``over`` times the picture's own unrest, and ``least`` grey levels. Of
    more than ``most`` things the largest are told."""

    across: int = 1280
    shortest_m: float = 0.4
    longest_m: float = 20.0
    least_m2: float = 0.3
    close_m: float = 1.5
    over: float = 6.0
    least: float = 14.0
    most: int = 60


class MovingCue:
    """Is shown one sortie's pictures in time order, a fraction of a second apart. The role Eye."""

    def __init__(self, rules: Cue | None = None) -> None:
        self._rules = rules or Cue()
        self._before: list[Image] = []
        self._shifts: list[Shift] = []

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        """Nothing in the first two pictures, nor where the ground cannot be held still."""
        scale = min(1.0, self._rules.across / image.shape[1])
        now = _grey(image, scale)
        changed = self._changed(now)
        if changed is None:
            return ()
        boxes = self._boxes(changed, metres_per_pixel / scale)
        found = [tuple((box / scale).tolist()) for box in boxes]
        return [Detection(ObjectKind.MOVING, (a, b, c, d), CONFIDENCE) for a, b, c, d in found]

    def _changed(self, now: Image) -> NDArray[np.bool_] | None:
        """Pixels that differ from both pictures before; these are then this one and the last."""
        same = self._before and self._before[-1].shape == now.shape
        step = shift(self._before[-1], now) if same else None
        if step is None:
            self._before, self._shifts = [now], []
            return None
        before, shifts = self._before, self._shifts
        self._before, self._shifts = [before[-1], now], [step]
        if len(before) < 2:
            return None
        longer = step.matrix @ shifts[-1].matrix
        return self._differs(before[-1], now, step.matrix) & self._differs(before[0], now, longer)

    def _differs(self, before: Image, now: Image, matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where it differs by more than a pixel's shift of the earlier picture explains."""
        size = (now.shape[1], now.shape[0])
        laid = cv2.warpPerspective(before, matrix, size, flags=cv2.INTER_LINEAR)
        there = cv2.warpPerspective(np.full_like(before, 255), matrix, size) == 255
        near = np.ones((3, 3), np.uint8)
        above = cv2.subtract(now, cv2.dilate(laid, near))
        below = cv2.subtract(cv2.erode(laid, near), now)
        apart = cv2.max(above, below)
        unrest = float(np.mean(apart[there])) if there.any() else 0.0
        differs: NDArray[np.bool_] = apart > max(self._rules.least, self._rules.over * unrest)
        return differs & (cv2.erode(there.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0)

    def _boxes(self, changed: NDArray[np.bool_], metres: float) -> Sequence[NDArray[np.float64]]:
        """Boxes (left, top, right, bottom) of what hangs together and is of a thing's size."""
        rules = self._rules
        reach = int(np.clip(rules.close_m / metres, 3, 25)) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        closed = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
        _, parts, told, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
        area = np.bincount(parts[changed], minlength=len(told))[1:] * metres**2
        left, top, wide, high, _ = told[1:].T
        long = np.maximum(wide, high) * metres
        fits = (long >= rules.shortest_m) & (long <= rules.longest_m) & (area >= rules.least_m2)
        corners = np.stack([left, top, left + wide, top + high], axis=1)[fits]
        largest = np.argsort(-area[fits])[: rules.most]
        return list(corners[largest].astype(np.float64))


def _grey(image: Image, scale: float) -> Image:
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8)
