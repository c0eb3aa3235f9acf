"""Finds people, vehicles and bicycles in thermal pictures from the air, with Morina's own network.

Made by ``training/thermal`` and shipped beside this file with its card, ``weights/THERMAL.md``.
What must be known of it (kinds, calibration, thresholds) stands in the file's metadata. It says
that something of a kind is there, never who.
"""

import json
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from morina.sense.aerial.detection import Box, Detection, ObjectKind
from morina.sense.aerial.seeing.peaks import Seen, overlaps, seen_in

WEIGHTS = Path(__file__).parent / "weights" / "thermal.onnx"

LONGER_SIDE = 640
"""Pictures are brought to this, the longer side of those learnt from."""

LEAST = 0.02
"""What the network is less sure of is nothing."""

SAME_OF_TWO_KINDS = 0.7
"""IoU from which boxes of two kinds are one object."""

_TOLD = "morina"
_LONGEST_SHAPE = 4.0
"""Pictures longer than this many times their shorter side are refused."""


class PictureError(ValueError):
    """No picture the detector can look at; the message says what it takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says of its network; ``slope``, ``offset`` and ``threshold`` by kind."""

    stride: int
    multiple: int
    kinds: tuple[ObjectKind, ...]
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    threshold: tuple[float, ...]

    def confidence(self, kind: int, sure: float) -> float:
        """How likely an object so sure is one: a logistic of the network's own logit."""
        inside = min(max(sure, 1e-6), 1 - 1e-6)
        raw = log(inside / (1 - inside))
        return 1 / (1 + exp(-(self.slope[kind] * raw + self.offset[kind])))

    def sure(self, kind: int, confidence: float) -> float:
        """The other way: how sure the network is of an object of that confidence."""
        inside = min(max(confidence, 1e-6), 1 - 1e-6)
        raw = (log(inside / (1 - inside)) - self.offset[kind]) / self.slope[kind]
        return 1 / (1 + exp(-raw))


class ThermalDetector:
    """A Detector. Safe to call from several threads.

    ``threads`` are those of one look; with ``least_confidence`` also what is less sure than the
    thresholds of the card is told, down to it.
    """

    def __init__(
        self, threads: int = 1, least_confidence: float | None = None, weights: Path = WEIGHTS
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self.told = _told(self._session.get_modelmeta().custom_metadata_map[_TOLD])
        self._least = least_confidence
        each = [self.told.sure(kind, self._asked_of(kind)) for kind in range(len(self.told.kinds))]
        self._least_sure = max(LEAST, min(each))

    def detect(self, image: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Of a picture (height, width) or (height, width, 3, as OpenCV has it), strongest first."""
        asked, scale = fitted(image, self.told.multiple)
        seen = self.look(asked, self._least_sure)
        height, width = image.shape[:2]
        found = [
            Detection(self.told.kinds[kind], _inside(box / scale, width, height), confidence)
            for kind, box, confidence in self._sure_enough(seen)
        ]
        return _apart(sorted(found, key=lambda one: -one.confidence))

    def look(self, asked: NDArray[np.float32], least: float = LEAST) -> Seen:
        """What the network sees in a picture 1 x 1 x height x width, 0 to 1, in its pixels, as far
        as it is at least so sure."""
        heat, box = self._session.run(None, {"picture": asked})
        return seen_in(heat[0], box[0], self.told.stride, least)

    def _sure_enough(self, seen: Seen) -> list[tuple[int, NDArray[np.float32], float]]:
        every = [
            (int(kind), box, self.told.confidence(int(kind), float(sure)))
            for kind, box, sure in zip(seen.kinds, seen.boxes, seen.sure, strict=True)
        ]
        return [one for one in every if one[2] >= self._asked_of(one[0])]

    def _asked_of(self, kind: int) -> float:
        return self.told.threshold[kind] if self._least is None else self._least


def fitted(image: NDArray[np.uint8], multiple: int) -> tuple[NDArray[np.float32], np.float32]:
    """The picture as the network takes it (1 x 1 x height x width, 0 to 1) and how much it was
    made larger. It lies in the left upper corner; what lacks to a multiple is its mean grey.
    PictureError where it is none."""
    grey = _grey(image)
    height, width = grey.shape
    scale = LONGER_SIDE / max(height, width)
    if scale != 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        grey = cv2.resize(grey, size, interpolation=how).astype(np.uint8, copy=False)
    rows, columns = (multiple * max(2, -(-side // multiple)) for side in grey.shape)
    asked = np.full((1, 1, rows, columns), grey.mean() / 255, np.float32)
    asked[0, 0, : grey.shape[0], : grey.shape[1]] = grey / np.float32(255)
    return asked, np.float32(scale)


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    right = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if not right or image.dtype != np.uint8 or min(image.shape[:2]) == 0:
        raise PictureError(
            f"a picture of shape {image.shape}, {image.dtype}: give (height, width) or "
            "(height, width, 3), uint8"
        )
    if max(image.shape[:2]) > _LONGEST_SHAPE * min(image.shape[:2]):
        raise PictureError(f"a picture of {image.shape[1]} x {image.shape[0]}: give a whole frame")
    if image.ndim == 2:
        return image
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def _apart(found: list[Detection]) -> tuple[Detection, ...]:
    """Each object once, as the kind it most likely is."""
    boxes = np.array([one.box for one in found], np.float32).reshape(-1, 4)
    same = overlaps(boxes, boxes) >= SAME_OF_TWO_KINDS
    return tuple(one for place, one in enumerate(found) if not same[place, :place].any())


def _inside(box: NDArray[np.float32], width: int, height: int) -> Box:
    left, top, right, bottom = np.clip(box, 0, (width, height, width, height)).tolist()
    return left, top, right, bottom


def _told(text: str) -> Told:
    told = json.loads(text)
    kinds = told["kinds"]
    each = told.get("calibration", {})
    return Told(
        stride=told["stride"],
        multiple=told["multiple"],
        kinds=tuple(ObjectKind(kind) for kind in kinds),
        slope=tuple(each.get(kind, {}).get("slope", 1.0) for kind in kinds),
        offset=tuple(each.get(kind, {}).get("offset", 0.0) for kind in kinds),
        threshold=tuple(each.get(kind, {}).get("threshold", 0.3) for kind in kinds),
    )
