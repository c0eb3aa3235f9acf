"""How likely meetings as many as these are by chance, for one vehicle. Pure.

Chance means: the vehicle would have passed each site as often as it did, but when others pass
there, or when it passes there itself on other days, whatever the target does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, expm1
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from morina.records.convoy_meetings import A_DAY_S, Met, Passed, Rule, Track, Window

AROUND_S = (0, 900, 3600)
"""How far from its time of day a habit is looked for; at least the rule's time. Own choice."""

ANOTHER_DAY_S = A_DAY_S // 2
DEPTHS = (1, 3)
"""Journeys are counted twice: those with a meeting, and those with meetings at three places."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flow:
    """Passages at one camera in the period, and the seconds of its first and last."""

    passages: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chance:
    """``expected`` journeys with a meeting by chance; ``p`` that as many as were found, or more,
    have one, given that one has; ``corrected`` is how often that is expected among all compared."""

    expected: float
    p: float
    corrected: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all vehicles compared with one target."""

    track: Track
    windows: tuple[Window, ...]
    met: Met
    flows: Mapping[str, Flow]
    follow: Mapping[int, float]
    rule: Rule

    @property
    def compared(self) -> int:
        """Different vehicles that met the target at least once."""
        return len(self.met.by_plate)


def chance(scene: Scene, own: Sequence[Passed], places_met: Mapping[int, int]) -> Chance:
    """For the vehicle with these passages at the target's sites, met at so many places by journey.

    Every vehicle compared has met the target once, so ``p`` is given that it did: only what it
    did beyond that counts, and the correction is by the number compared (Bonferroni).
    """
    rates = _rates(scene, own)
    once = {j: -expm1(-rate) for j, rate in rates.items()}
    any_ = -expm1(-sum(rates.values()))
    tails = []
    for depth in DEPTHS:
        chances = [a * scene.follow.get(j, 1.0) ** (depth - 1) for j, a in once.items()]
        seen = sum(n >= depth for n in places_met.values())
        tails.append(tail(chances, seen) / any_ if seen and any_ else 1.0)
    p = min(1.0, len(DEPTHS) * min(tails))
    return Chance(sum(once.values()), p, p * scene.compared)


def tail(chances: Sequence[float], at_least: int) -> float:
    """That at least so many of independent events happen, each by its own chance.

    Only sums of what is positive, so that a very small result is right in all its digits.
    """
    exactly = [1.0] + [0.0] * at_least
    for one in chances:
        exactly[at_least] += exactly[at_least - 1] * one if at_least else 0.0
        for n in range(at_least - 1, -1, -1):
            exactly[n] = exactly[n] * (1 - one) + (exactly[n - 1] * one if n else 0.0)
    return exactly[at_least]


def _rates(scene: Scene, own: Sequence[Passed]) -> dict[int, float]:
    """By journey, how many meetings are expected by chance (Poisson)."""
    there = np.array(
        [[one.camera_id in window.cameras for one in own] for window in scene.windows], dtype=bool
    ).reshape(len(scene.windows), len(own))
    each = np.maximum(_by_flow(scene, there), _by_habit(scene, own, there))
    rates: dict[int, float] = {}
    for journey, rate in zip(scene.track.journey, each.tolist(), strict=True):
        rates[journey] = rates.get(journey, 0.0) + rate
    return rates


def _by_flow(scene: Scene, there: npt.NDArray[np.bool_]) -> Floats:
    """Its passages at the site, spread over the period as those of all vehicles are.

    The share of all passages that fell in the window carries the rhythm of the day, the special
    day and the camera that was down.
    """
    of_site = [_site(window, scene.flows).passages for window in scene.windows]
    share = (np.array(scene.met.flow) + 1) / np.maximum(1, np.array(of_site))
    rates: Floats = there.sum(axis=1) * np.minimum(1.0, share)
    return rates


def _by_habit(scene: Scene, own: Sequence[Passed], there: npt.NDArray[np.bool_]) -> Floats:
    """Its passages at the site near that time of day on other days, by days and by weekdays."""
    mine, my_clock = _clock([one.second for one in own], scene.rule.zone)
    theirs, clock = _clock([one.second for one in scene.track.passages], scene.rule.zone)
    another = np.abs(theirs[:, None] - mine[None, :]) > ANOTHER_DAY_S
    off = np.abs(clock[:, None] - my_clock[None, :])
    off = np.minimum(off, A_DAY_S - off)
    weekday = theirs[:, None] // A_DAY_S % 7 == mine[None, :] // A_DAY_S % 7
    days = np.array([_days(_site(window, scene.flows)) for window in scene.windows])
    rates = np.zeros(len(scene.windows))
    for around in AROUND_S:
        width = max(around, scene.rule.within_s)
        close = there & another & (off <= width)
        part = scene.rule.within_s / width
        rates = np.maximum(rates, part * close.sum(axis=1) / np.maximum(1, days - 1))
        weekly = (close & weekday).sum(axis=1) / np.maximum(1, days / 7 - 1)
        rates = np.maximum(rates, part * weekly)
    return rates


def _clock(seconds: Sequence[int], zone: ZoneInfo) -> tuple[Ints, Ints]:
    """Seconds by the clock of the zone, since 1970 there and since midnight."""
    ahead = {hour: _ahead_s(hour * 3600, zone) for hour in {second // 3600 for second in seconds}}
    here = np.array([second + ahead[second // 3600] for second in seconds], dtype=np.int64)
    return here, here % A_DAY_S


def _ahead_s(second: int, zone: ZoneInfo) -> int:
    ahead = datetime.fromtimestamp(second, zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def _site(window: Window, flows: Mapping[str, Flow]) -> Flow:
    """All cameras of the window's site together."""
    there = [flows[camera] for camera in window.cameras if camera in flows]
    if not there:
        return Flow(0, 0, 0)
    first, last = min(one.first for one in there), max(one.last for one in there)
    return Flow(sum(one.passages for one in there), first, last)


def _days(site: Flow) -> int:
    return max(1, ceil((site.last - site.first) / A_DAY_S))
