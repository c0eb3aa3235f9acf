"""Real photographs with their plates: read once, scaled down, kept decoded in a cache folder."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.recogniser.finding import overlap
from training.finder_peer import PeerFinder
from training.finder_targets import Boxes
from training.labels import VALIDATION_PERCENT, VALIDATION_SOURCE, Label, labels_in, split

VIEWS = frozenset(
    {
        *("openlpr_train", "openlpr_val", "ro_robertlucian_train", "ro_robertlucian_valid"),
        *("oi350", "openalpr_us", "openalpr_br"),
    }
)
"""Sources whose pictures show more than a plate."""

CROPS = frozenset({"openalpr_traindet_eu", "openalpr_traindet_eu2"})
"""Sources whose pictures are one plate each."""

EUROPEAN = frozenset({"openlpr_train", "openlpr_val"})
_LONGEST = 800
_SQUEEZED = {"oi350": 4 / 3}
"""How much wider than it is the picture once was."""

_SUSPECTED, _KNOWN = 0.1, 0.6
"""From the first score on the teacher's unlabelled plate is left out of the question; from the
second on it counts as labelled."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture (BGR), its plates by label or surely by the teacher, and where one may be."""

    source: str
    file: str
    picture: NDArray[np.uint8]
    boxes: Boxes
    ignored: Boxes


Pictures = dict[tuple[str, str], list[Label]]
"""Labels by source and file."""


def pictures_in(data: Path) -> Pictures:
    """The labels of every picture in the folder."""
    pictures: Pictures = defaultdict(list)
    for label in labels_in(data):
        pictures[label.source, label.file].append(label)
    return dict(pictures)


def held_out(pictures: Pictures) -> set[tuple[str, str]]:
    """Pictures for validation: those showing a plate on which the reader is measured.

    A picture without any text goes by the checksum of its name.
    """
    _, kept = split(label for labels in pictures.values() for label in labels)
    showing = {(label.source, label.file) for label in kept}
    textless = {key for key, labels in pictures.items() if not any(it.text for it in labels)}
    drawn = {key for key in textless if crc32(key[1].encode()) % 100 < VALIDATION_PERCENT}
    return showing | drawn | {key for key in pictures if key[0] == VALIDATION_SOURCE}


def photographs(
    data: Path, wanted: Iterable[tuple[str, str]], teacher: PeerFinder | None, cache: Path
) -> list[Photograph]:
    """The wanted pictures, at most 800 pixels long."""
    cache.mkdir(parents=True, exist_ok=True)
    pictures = pictures_in(data)
    return [_photograph(data, key, pictures[key], teacher, cache) for key in wanted]


def _photograph(
    data: Path,
    key: tuple[str, str],
    labels: list[Label],
    teacher: PeerFinder | None,
    cache: Path,
) -> Photograph:
    kept = cache / f"{key[0]}-{Path(key[1]).stem}{'' if teacher is None else '-known'}.npz"
    if kept.exists():
        with np.load(kept) as arrays:
            return Photograph(*key, arrays["picture"], arrays["boxes"], arrays["ignored"])
    picture, scale = _picture(data / key[0] / key[1], _SQUEEZED.get(key[0], 1.0))
    boxes = np.array([label.box for label in labels], np.float32) * np.tile(scale, 2)
    boxes = boxes.astype(np.float32)
    ignored = np.zeros((0, 4), np.float32)
    if teacher is not None:
        suspects, scores = teacher.find(picture, _SUSPECTED)
        unknown = np.array([_unknown(box, boxes) for box in suspects], np.bool_)
        ignored = suspects[unknown & (scores < _KNOWN)]
        boxes = np.concatenate([boxes, suspects[unknown & (scores >= _KNOWN)]])
    np.savez(kept, picture=picture, boxes=boxes, ignored=ignored)
    return Photograph(*key, picture, boxes, ignored)


def _picture(path: Path, squeezed: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A picture in its true shape and how much it was scaled across and down."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(f"{path} cannot be read; name the folder that holds labels.csv")
    height, width = picture.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width * squeezed))
    size = (round(width * squeezed * scale), round(height * scale))
    ways = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(picture, size, interpolation=ways)
    return np.asarray(resized, np.uint8), np.array([size[0] / width, size[1] / height])


def _unknown(suspect: NDArray[np.float32], boxes: Boxes) -> bool:
    return all(overlap(tuple(suspect), tuple(box)) < 0.2 for box in boxes)
