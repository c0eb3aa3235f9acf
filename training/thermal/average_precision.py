"""Average precision at an IoU of 0.5, by kind: the area under precision over recall, each precision
taken as the highest at any recall as high (all-point interpolation, as PASCAL VOC since 2010).

A labelled object is met by the surest detection of its kind that has it; any further one is wrong.
Detections that lie for the most part in an ignored box (DontCare) count neither way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.seeing.peaks import Seen, areas, common, overlaps
from training.thermal.frames import KINDS, Frame

MET = 0.5
"""IoU from which a label is met."""

_MOSTLY = 0.5


class Figures(TypedDict):
    """Of one kind: labels measured on, and average precision."""

    labels: int
    ap50: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Detections of one kind over all frames, surest first, and how many ``labels`` there were."""

    sure: NDArray[np.float32]
    right: NDArray[np.bool_]
    labels: int


def outcomes(frames: Sequence[Frame], seen: Sequence[Seen], kind: int) -> Outcomes:
    """Which detections of the kind (a place in ``KINDS``) are right."""
    sure, right = [], []
    for frame, there in zip(frames, seen, strict=True):
        mine = there.kinds == kind
        judged = _judged(frame, there.boxes[mine], kind)
        sure.append(there.sure[mine][judged >= 0])
        right.append(judged[judged >= 0] == 1)
    every = np.concatenate(sure)
    order = np.argsort(-every, kind="stable")
    labels = sum(int((frame.kinds == kind).sum()) for frame in frames)
    return Outcomes(every[order], np.concatenate(right)[order], labels)


def average_precision(found: Outcomes) -> float:
    """0 to 1; 0 where nothing was labelled."""
    if not found.labels or not len(found.sure):
        return 0.0
    met = np.cumsum(found.right)
    recall = met / found.labels
    precision = met / np.arange(1, len(met) + 1)
    highest = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall, prepend=0.0) * highest).sum())


def figures_of(frames: Sequence[Frame], seen: Sequence[Seen]) -> dict[str, Figures]:
    """Of every kind, what was ``seen`` in each frame."""
    every = {kind: outcomes(frames, seen, place) for place, kind in enumerate(KINDS)}
    return {
        kind: Figures(labels=one.labels, ap50=average_precision(one)) for kind, one in every.items()
    }


def _judged(frame: Frame, boxes: NDArray[np.float32], kind: int) -> NDArray[np.int64]:
    """Of boxes, surest first: 1 right, 0 wrong, -1 counts neither way."""
    true = frame.boxes[frame.kinds == kind]
    met, taken = overlaps(boxes, true), np.zeros(len(true), np.bool_)
    away = common(boxes, frame.ignored).max(1, initial=0) > _MOSTLY * areas(boxes)
    judged = np.where(away, -1, 0)
    for index, with_each in enumerate(met):
        free = np.where(taken, 0, with_each)
        if len(free) and free.max() >= MET:
            taken[free.argmax()] = True
            judged[index] = 1
    return judged
