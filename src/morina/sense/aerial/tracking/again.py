"""Which tracks of two looks through one sortie are of the same thing: by time and place alone.

Both looks have the errors of the same poses, so what is left between them is that of the boxes.
Never of two sorties.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.assigning import assigned
from morina.sense.aerial.tracking.plane import Plane

Floats = NDArray[np.float64]
SAMPLES = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """Two tracks are of one thing where, over the time both have (``least_s`` of it, or half of the
    shorter one), they lie within ``near_m`` of one another in the middle, or within ``of_error`` of
    the longer axis of the 90 % ellipse where that is more."""

    least_s: float = 1.0
    near_m: float = 3.0
    of_error: float = 0.5


@dataclass(frozen=True, slots=True)
class _Way:
    at_s: Floats
    east: Floats
    north: Floats
    gate: float

    @property
    def span(self) -> tuple[float, float]:
        return float(self.at_s[0]), float(self.at_s[-1])


def found_again(
    before: Sequence[Track], now: Sequence[Track], first: Collection[UUID] = (),
    rules: Same | None = None,
) -> Mapping[UUID, UUID]:  # fmt: skip
    """Names of tracks found ``now`` by the names they had ``before``; each at most once. Those of
    which ``first`` holds the name choose before the others."""
    if not before or not now:
        return {}
    rules, start = rules or Same(), before[0].points[0]
    plane = Plane.around(start.latitude, start.longitude)
    ways = {one.track_id: _way(one, plane, rules) for one in now}
    found: dict[UUID, UUID] = {}
    for is_first in (True, False):
        old = [one for one in before if (one.track_id in first) is is_first]
        new = [name for name in ways if name not in found]
        costs = np.array([[_apart(_way(one, plane, rules), ways[name], rules) for name in new]
                          for one in old]).reshape(len(old), len(new))  # fmt: skip
        for row, column in assigned(costs, 1.0) if costs.size else ():
            found[new[column]] = old[row].track_id
    return found


def _way(track: Track, plane: Plane, rules: Same) -> _Way:
    at = np.array([plane.metres(one.latitude, one.longitude) for one in track.points])
    middle = track.points[len(track.points) // 2]
    gate = max(rules.near_m, rules.of_error * ellipse_of(middle.covariance).major_m)
    return _Way(np.array([one.at_s for one in track.points]), at[:, 0], at[:, 1], gate)


def _apart(one: _Way, other: _Way, rules: Same) -> float:
    """How far they lie apart in the middle of the time both have, as a share of what is allowed;
    infinite where that time is too short."""
    (begins, ends), (begin, end) = one.span, other.span
    start, stop = max(begins, begin), min(ends, end)
    if stop < start or stop - start < min(rules.least_s, (ends - begins) / 2, (end - begin) / 2):
        return np.inf
    at = np.linspace(start, stop, SAMPLES)
    east = np.interp(at, one.at_s, one.east) - np.interp(at, other.at_s, other.east)
    north = np.interp(at, one.at_s, one.north) - np.interp(at, other.at_s, other.north)
    return float(np.median(np.hypot(east, north))) / max(one.gate, other.gate)
