"""Eyes: detectors that are told how large a pixel is on the ground, and choose their scale by it.

A net sees things of the size it was trained on. A larger picture is brought to the ground size per
pixel of the training, not to the size of the net, and cut into tiles of the net that overlap.
"""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import Box, Detection, Detector, ObjectKind
from morina.sense.aerial.stated import FilmKind

TRAINED_METRES = 0.075
"""Of HIT-UAV: cars are 61 pixels long in the middle, 4.5 m; a person's box is 20 pixels high."""

Image = NDArray[np.uint8]


class Eye(Protocol):
    """Finds objects in one picture whose pixels are so large on the ground in its middle."""

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        """Boxes in pixels of ``image``, strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """How a picture is cut: ``size`` (across, down) of the net, tiles overlap by ``overlap``
    pixels, no more than ``most`` of them: then the picture is made smaller than it should be.
    Where up to ``smaller`` of its size saves tiles, it is, so that a person of 20 pixels has 14 at
    least; ``largest`` bounds making it larger."""

    size: tuple[int, int] = (640, 512)
    trained_metres: float = TRAINED_METRES
    overlap: int = 48
    most: int = 12
    largest: float = 1.5
    smaller: float = 0.7

    def scale(self, shape: tuple[int, int], metres_per_pixel: float) -> float:
        """Of a picture (height, width)."""
        wanted = min(metres_per_pixel / self.trained_metres, self.largest)
        while self._count(shape, self.smaller * wanted) > self.most:
            wanted *= 0.95
        choices = [wanted * float(part) for part in np.linspace(self.smaller, 1.0, 7)]
        return min(choices, key=lambda one: (self._count(shape, one), -one))

    def corners(self, shape: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Left upper corners (left, top) of tiles of a picture (height, width) already scaled."""
        across = _starts(shape[1], self.size[0], self.overlap)
        down = _starts(shape[0], self.size[1], self.overlap)
        yield from ((left, top) for top, left in product(down, across))

    def _count(self, shape: tuple[int, int], scale: float) -> int:
        return len(list(self.corners((round(shape[0] * scale), round(shape[1] * scale)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiled:
    """A detector shown tiles, ``threads`` at once. What two tiles show is told once."""

    detector: Detector
    tiles: Tiles = Tiles()
    threads: int = 2
    same: float = 0.5

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        """See Eye."""
        scale = self.tiles.scale((image.shape[0], image.shape[1]), metres_per_pixel)
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        whole = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        corners = list(self.tiles.corners((size[1], size[0])))
        with ThreadPoolExecutor(min(self.threads, len(corners))) as pool:
            found = list(pool.map(lambda at: self._tile(whole, at), corners))
        back = (image.shape[1] / size[0], image.shape[0] / size[1])
        return once([_scaled(one, back) for tile in found for one in tile], self.same)

    def _tile(self, whole: Image, at: tuple[int, int]) -> list[Detection]:
        left, top = at
        across, down = self.tiles.size
        shown = _filled(whole[top : top + down, left : left + across], (down, across))
        moved = [_moved(one, at) for one in self.detector.detect(shown)]
        high, wide = whole.shape[:2]
        return [one for one in moved if one.box[0] < wide and one.box[1] < high]


@dataclass(frozen=True, slots=True)
class GreyOnly:
    """Shows an eye for thermal pictures no picture in colour, where it would see ghosts."""

    eye: Eye

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        """See Eye."""
        return () if coloured(image) else self.eye.see(image, metres_per_pixel)


@dataclass(frozen=True, slots=True)
class ColourOnly:
    """Shows an eye for daylight, such as the moving cue, no thermal picture."""

    eye: Eye

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        """See Eye."""
        return self.eye.see(image, metres_per_pixel) if coloured(image) else ()


def as_filmed(eyes: Sequence[Eye], film: FilmKind | None) -> Sequence[Eye]:
    """Where a person states what was filmed by, colours decide no longer: thermal in false colours
    is shown to the thermal eye, grey daylight to that of daylight."""
    if film is None:
        return eyes
    meant = GreyOnly if film is FilmKind.THERMAL else ColourOnly
    shown = [one.eye if isinstance(one, meant) else one for one in eyes]
    return [one for one in shown if not isinstance(one, GreyOnly | ColourOnly)]


def coloured(image: Image) -> bool:
    """Whether a picture is in colour: in one pixel of twenty a channel is 24 from another."""
    if image.ndim == 2:
        return False
    few = image[::16, ::16].astype(np.int16)
    return float(np.mean(np.ptp(few, axis=2) > 24)) > 0.05


def once(found: Sequence[Detection], same: float) -> Sequence[Detection]:
    """The strongest of those of one kind that share more than ``same`` of the smaller box. What the
    moving cue sees where a detector sees something is no news."""
    kept: list[Detection] = []
    order = sorted(found, key=lambda one: (one.kind is ObjectKind.MOVING, -one.confidence))
    for one in order:
        kinds = set(ObjectKind) if one.kind is ObjectKind.MOVING else {one.kind}
        if all(shared(one.box, other.box) <= same for other in kept if other.kind in kinds):
            kept.append(one)
    return sorted(kept, key=lambda one: -one.confidence)


def shared(one: Box, other: Box) -> float:
    """Part of the smaller of two boxes that lies in the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(across, 0.0) * max(down, 0.0) / least if least > 0 else 0.0


def _filled(part: Image, shape: tuple[int, int]) -> Image:
    """A tile of full size, in its mean grey where the picture has ended: a smaller one would be
    made larger by the net."""
    if part.shape[:2] == shape:
        return np.ascontiguousarray(part)
    tile = np.full((*shape, *part.shape[2:]), round(float(part.mean())), np.uint8)
    tile[: part.shape[0], : part.shape[1]] = part
    return tile


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """Evenly from one edge to the other."""
    count = max(1, math.ceil((length - overlap) / (tile - overlap)))
    room = max(length - tile, 0)
    return [round(room * number / max(count - 1, 1)) for number in range(count)]


def _moved(one: Detection, by: tuple[int, int]) -> Detection:
    left, top, right, bottom = one.box
    box = (left + by[0], top + by[1], right + by[0], bottom + by[1])
    return Detection(one.kind, box, one.confidence)


def _scaled(one: Detection, by: tuple[float, float]) -> Detection:
    left, top, right, bottom = one.box
    box = (left * by[0], top * by[1], right * by[0], bottom * by[1])
    return Detection(one.kind, box, one.confidence)
