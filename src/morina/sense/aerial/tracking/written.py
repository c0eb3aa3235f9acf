"""Whether what is seen stays where it is in the picture while the ground goes by under it.

Then it is written over the picture, or dirt on the lens, and no thing on the ground. A thing that
stands under a camera that hovers stays there too, but so does the ground.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.detection import Box
from morina.sense.aerial.tracking.motion import Covariance

MOST = 64
"""Places in the picture remembered of one thing, at most."""

Row = tuple[float, float, float, float, float, float]


class Verdict(Enum):
    """What a thing's places in the picture say."""

    THING = auto()
    OPEN = auto()
    """It stays where it is in the picture, for too short a time to tell."""

    WRITTEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How it is told, from the last ``within_s``; decision 0028 says why.

    A thing stays where it is when the middle distance of its boxes from their middle is no more
    than ``still_px``, or ``still_share`` of their side. Where that is ``surely`` times as much and
    it goes one way, it does not, and once it was ``loose`` times as much it is not asked again.
    Else it is told after ``open_s``: it is written where it stays and the ground under it went by
    further than the pose may have drifted (``gate``: squared Mahalanobis distance, 99.9 %).
    ``shaking`` of the pose's variance is new in each picture and all of it after ``drifts_s``.
    Chosen by the demo's film with letters over it.
    """

    within_s: float = 8.0
    still_px: float = 2.0
    still_share: float = 0.08
    surely: float = 3.0
    loose: float = 10.0
    open_s: float = 4.0
    gate: float = 13.8
    shaking: float = 0.1
    drifts_s: float = 60.0
    least: int = 3


@dataclass(slots=True)
class InPicture:
    """Of one thing: rows of time, across, down, east, north, side."""

    rules: Writing
    _rows: deque[Row] = field(default_factory=lambda: deque(maxlen=MOST))
    _since_s: float = math.nan
    _loose: bool = False

    def seen(self, at_s: float, box: Box, at: tuple[float, float], pose: Covariance) -> Verdict:
        """With one more picture; ``at`` metres east and north, ``pose`` the covariance there."""
        if self._loose:
            return Verdict.THING
        left, top, right, bottom = box
        side = (right - left + bottom - top) / 2
        self._rows.append((at_s, (left + right) / 2, (top + bottom) / 2, *at, side))
        while at_s - self._rows[0][0] > self.rules.within_s:
            self._rows.popleft()
        self._since_s = at_s if math.isnan(self._since_s) else self._since_s
        if len(self._rows) < self.rules.least:
            return Verdict.OPEN
        return self._verdict(at_s - self._since_s >= self.rules.open_s, pose)

    def _verdict(self, is_old: bool, pose: Covariance) -> Verdict:
        rules, rows = self.rules, np.array(self._rows)
        off = rows[:, 1:3] - np.median(rows[:, 1:3], axis=0)
        apart = float(np.median(np.hypot(off[:, 0], off[:, 1])))
        share = apart / max(rules.still_px, rules.still_share * float(rows[:, 5].mean()))
        self._loose = is_old and share > rules.loose
        if share > (1.0 if is_old else rules.surely) and (is_old or _goes(rows[:, 1:3])):
            return Verdict.THING
        if not is_old:
            return Verdict.OPEN
        return Verdict.WRITTEN if self._went_by(rows, pose) else Verdict.THING

    def _went_by(self, rows: NDArray[np.float64], pose: Covariance) -> bool:
        """Whether the ground did."""
        rules, (ee, en, nn) = self.rules, pose
        went, for_s = rows[-1, 3:5] - rows[0, 3:5], float(rows[-1, 0] - rows[0, 0])
        share = 2 * min(rules.shaking + for_s / rules.drifts_s, 1.0)
        spread = share * np.array([[ee, en], [en, nn]]) + np.eye(2)
        return float(went @ np.linalg.solve(spread, went)) > rules.gate


def _goes(places: NDArray[np.float64]) -> bool:
    """Whether it goes one way, and does not hop between letters that look alike."""
    steps = np.diff(places, axis=0)
    whole = float(np.hypot(*(places[-1] - places[0])))
    return whole > 0.5 * float(np.hypot(steps[:, 0], steps[:, 1]).sum())
