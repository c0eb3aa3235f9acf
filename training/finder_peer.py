"""The peer finder (YOLOv9-t 416 of open-image-models, MIT), to measure beside and as a teacher.

As a teacher it only says where an unlabelled plate may be, so that nothing is asked there. Its
weights are never shipped.
"""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from training.finder_targets import Boxes

_SIDE = 416
_GREY = (114, 114, 114)


class PeerFinder:
    """``weights`` is the ONNX file whose output is rows of picture, box, class, score."""

    def __init__(self, weights: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options)

    def find(self, picture: NDArray[np.uint8], threshold: float = 0.4) -> tuple[Boxes, Boxes]:
        """Boxes (n x 4) and scores (n), in pixels of the picture (BGR)."""
        height, width = picture.shape[:2]
        scale = min(_SIDE / height, _SIDE / width)
        size = (round(width * scale), round(height * scale))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        left, top = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
        sides = (top, _SIDE - size[1] - top, left, _SIDE - size[0] - left)
        whole = cv2.copyMakeBorder(small, *sides, cv2.BORDER_CONSTANT, value=_GREY)
        tensor = whole[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
        (rows,) = self._session.run(None, {"images": tensor})
        rows = rows[rows[:, 6] >= threshold]
        boxes = (rows[:, 1:5] - [left, top, left, top]) / scale
        return boxes.astype(np.float32), rows[:, 6].astype(np.float32)
