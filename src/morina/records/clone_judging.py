"""What impossible journeys are likely to be, by what else was seen around them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from morina.records.clones import Cameras, CloneRules, Fault, ImpossibleJourney, TooFast, judged
from morina.records.figures import Period
from morina.records.mistaken import AROUND, LOOKED_BACK, Around, MisreadTest, Nearby, Often, arounds
from morina.records.running import Running
from morina.records.ways import EARTH_KM, km_between


class SeenAlike(Protocol):
    """What knows where texts, and those a reader takes for them, were seen."""

    async def near(
        self, texts: Collection[str], period: Period, running: Running
    ) -> Sequence[Nearby]:
        """Passages of these texts and of those like them."""

    async def often(
        self, texts: Collection[str], cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Often]:
        """On how many days texts like these passed these cameras."""


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges journeys. ``cameras`` are all there are, whatever the scope: a vehicle that was
    misread passed the camera before and the one after under its own text."""

    seen: SeenAlike
    cameras: Cameras
    rules: CloneRules

    async def judged(
        self, these: Sequence[TooFast], wrong: Mapping[TooFast, Fault], running: Running
    ) -> list[ImpossibleJourney]:
        """Each with what it is likely to be; StoppedError where time is over."""
        around = await self._around(these, wrong, running)
        test = MisreadTest(self.cameras, self.rules)
        return [
            judged(one, wrong.get(one), test(one, around.get(one.plate.text, Around())))
            for one in these
        ]

    async def _around(
        self, these: Sequence[TooFast], wrong: Mapping[TooFast, Fault], running: Running
    ) -> dict[str, Around]:
        """By text, what was seen of it and of those like it while and where it was read."""
        unsure = [one for one in these if one not in wrong and not one.clock_wrong]
        near: list[Nearby] = []
        often: list[Often] = []
        for day in sorted({one.second.at.date() for one in unsure}):
            on_day = [one for one in unsure if one.second.at.date() == day]
            texts = {one.plate.text for one in on_day}
            times = [passage.at for one in on_day for passage in (one.first, one.second)]
            begins_at, ends_at = min(times) - AROUND, max(times) + AROUND
            near += await self.seen.near(texts, Period(begins_at, ends_at), running)
            at = {camera for one in on_day for camera in one.cameras}
            back = Period(ends_at - AROUND - LOOKED_BACK, ends_at)
            often += await self.seen.often(texts, at, back, running)
        seen = Around(tuple(dict.fromkeys(near)), tuple(often))
        return arounds({one.plate.text for one in unsure}, seen)


def one_a_fault(these: Sequence[TooFast], wrong: Mapping[TooFast, Fault]) -> list[TooFast]:
    """Of the journeys between two cameras of which one is wrong, the newest only."""
    told: set[frozenset[str]] = set()
    kept = []
    for one in these:
        if one in wrong:
            if one.cameras in told:
                continue
            told.add(one.cameras)
        kept.append(one)
    return kept


def reach(cameras: Cameras, rules: CloneRules) -> timedelta:
    """No impossible journey takes longer: the widest way at the slowest speed allowed."""
    if not cameras:
        return timedelta()
    slowest = min([rules.most_kmh, *(one.most_kmh for one in rules.corridors)])
    some = next(iter(cameras.values()))
    farthest = max(km_between(some, one) for one in cameras.values())
    widest = min(2 * farthest, 3.1416 * EARTH_KM)
    return timedelta(hours=widest / slowest)
