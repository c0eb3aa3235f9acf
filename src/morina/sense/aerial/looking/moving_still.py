"""Holding a picture still: how the ground moved from one picture to the next.

Corners followed by optical flow, or found again by ORB where it moved too far, and the homography
that most of them agree on. Ground that is not flat moves otherwise than its homography says.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]
Points = NDArray[np.float32]

CORNERS = 400
LEAST = 20
"""Fewer corners that agree say nothing."""
OFF_PX = 2.0
"""Corners further from where the homography puts them do not agree."""
BACK_PX = 0.7
"""Followed there and back a corner must be where it was."""


@dataclass(frozen=True, slots=True)
class Shift:
    """``matrix`` (3, 3) takes pixels of the earlier picture to the later; ``agreeing`` is the part
    of the corners that agree on it."""

    matrix: Floats
    agreeing: float


def shift(before: Image, now: Image) -> Shift | None:
    """Of two grey pictures of one size; None where too little agrees: a cut, fog, water."""
    return _agreed(*_followed(before, now)) or _agreed(*_found_again(before, now))


def _followed(before: Image, now: Image) -> tuple[Points, Points]:
    corners = cv2.goodFeaturesToTrack(before, CORNERS, 0.01, 12)
    if corners is None or len(corners) < LEAST:
        return _NONE, _NONE
    there, ok = _flow(before, now, _points(corners))
    back, ok_back = _flow(now, before, there)
    kept = ok & ok_back & (np.abs(back - _points(corners)).max(axis=1) < BACK_PX)
    return _points(corners)[kept], there[kept]


def _flow(before: Image, now: Image, corners: Points) -> tuple[Points, NDArray[np.bool_]]:
    room = np.zeros_like(corners)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(before, now, corners, room, maxLevel=4)
    return _points(np.asarray(there)), np.asarray(ok).ravel() > 0


def _found_again(before: Image, now: Image) -> tuple[Points, Points]:
    orb = cv2.ORB.create(2 * CORNERS)
    places, words = orb.detectAndCompute(before, None)
    others, other_words = orb.detectAndCompute(now, None)
    if words is None or other_words is None:
        return _NONE, _NONE
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(words, other_words)
    one = np.array([places[pair.queryIdx].pt for pair in pairs], np.float32)
    other = np.array([others[pair.trainIdx].pt for pair in pairs], np.float32)
    return _points(one), _points(other)


def _agreed(before: Points, now: Points) -> Shift | None:
    if len(before) < LEAST:
        return None
    matrix, kept = cv2.findHomography(before, now, cv2.RANSAC, OFF_PX)
    if matrix is None or int(kept.sum()) < max(LEAST, 0.3 * len(before)):
        return None
    return Shift(np.asarray(matrix, np.float64), float(kept.mean()))


def _points(found: NDArray[np.generic]) -> Points:
    return np.asarray(found, np.float32).reshape(-1, 2)


_NONE: Points = np.empty((0, 2), np.float32)
