"""New photographed plates out of two: the left part of one, the right part of another.

A few thousand photographed plates are soon known by heart, text and all. Where the network already
reads a plate it also says where each character stands; cut between two characters there, halves of
plates of the same country and length make plates nobody has seen, in real light and lettering.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labels import Crop
from training.outputs import COLUMNS
from training.spoiling import MARGIN, Picture

_PLATE = (200, 48)
_AROUND = (40, 16)
"""Width and height of a plate here, and what is kept left and right, above and below, in pixels."""

_SIZE = (_PLATE[0] + 2 * _AROUND[0], _PLATE[1] + 2 * _AROUND[1])
_NEAR = 0.06
"""Cuts farther apart than this share of the plate do not fit together."""

_GAINS = (0.6, 1.6)
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Cuttable:
    """A plate of one line, straightened; ``cuts`` are the gaps between its characters, 0 to 1."""

    crop: Crop
    image: Picture
    cuts: tuple[float, ...]


class Joiner:
    """Joins plates that are cut alike: of one country's sign and as many characters."""

    def __init__(self, cuttable: Sequence[Cuttable]) -> None:
        self._alike: dict[tuple[str, int], list[Cuttable]] = defaultdict(list)
        self._by_crop = {id(one.crop): one for one in cuttable}
        for one in cuttable:
            self._alike[_key(one.crop)].append(one)

    def join(self, rng: np.random.Generator, crop: Crop) -> Crop:
        """``crop`` with its end from another plate; itself where none fits."""
        left = self._by_crop.get(id(crop))
        if left is None or not left.cuts:
            return crop
        others = self._alike[_key(crop)]
        for _ in range(_TRIES):
            right = others[int(rng.integers(0, len(others)))]
            at = int(rng.integers(0, len(left.cuts)))
            if right is not left and abs(left.cuts[at] - right.cuts[at]) <= _NEAR:
                return _joined(left, right, at)
        return crop


def cuttable(crop: Crop, text: str, places: Sequence[int]) -> Cuttable | None:
    """A plate read rightly on one line; ``places`` are those of its characters in the reader."""
    if text != crop.label.text or not places or max(places) >= COLUMNS:
        return None
    middles = [((at + 0.5) / COLUMNS - MARGIN[0]) / (1 - 2 * MARGIN[0]) for at in places]
    return Cuttable(crop, _straight(crop), tuple((a + b) / 2 for a, b in pairwise(middles)))


def places_of(log_probabilities: NDArray[np.float32], blank: int) -> list[int]:
    """Where the characters of the likeliest reading stand, the surest place of each."""
    best, sure = log_probabilities.argmax(1), log_probabilities.max(1)
    places: list[int] = []
    before = blank
    for at, name in enumerate(best.tolist()):
        if name != blank and name != before:
            places.append(at)
        elif name != blank and sure[at] > sure[places[-1]]:
            places[-1] = at
        before = name
    return places


def _key(crop: Crop) -> tuple[str, int]:
    return crop.label.sign, len(crop.label.text)


def _straight(crop: Crop) -> Picture:
    x0, y0, x1, y1 = crop.box
    from_ = np.array([[x0, y0], [x1, y0], [x0, y1]], np.float32)
    (left, top), (wide, high) = _AROUND, _PLATE
    onto = np.array([[left, top], [left + wide, top], [left, top + high]], np.float32)
    image = crop.image
    shrink = (x1 - x0) / wide
    if shrink > 1.2:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 * shrink), np.uint8)
    straight = cv2.warpAffine(
        image, cv2.getAffineTransform(from_, onto), _SIZE, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.uint8)


def _joined(left: Cuttable, right: Cuttable, at: int) -> Crop:
    here, there = (round(_AROUND[0] + one.cuts[at] * _PLATE[0]) for one in (left, right))
    ground, end = left.image, right.image[:, there:]
    tones = [part[_AROUND[1] : -_AROUND[1]].reshape(-1, 3) for part in (ground, end)]
    gain = np.clip(tones[0].mean(0) / np.maximum(tones[1].mean(0), 1), *_GAINS)
    fitted = cv2.resize(end, (_SIZE[0] - here, _SIZE[1]), interpolation=cv2.INTER_LINEAR)
    image = ground.copy()
    image[:, here:] = np.clip(fitted * gain, 0, 255)
    text = left.crop.label.text[: at + 1] + right.crop.label.text[at + 1 :]
    (x, y), (wide, high) = _AROUND, _PLATE
    return Crop(replace(left.crop.label, text=text), image, (x, y, x + wide, y + high))
