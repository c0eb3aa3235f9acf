"""Convoys answered slowly and plainly, from all passages, by the rules docs/records.md gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from math import ceil, exp, prod

from morina.records.convoy import Convoy
from morina.records.convoy_meetings import Passed
from morina.records.ways import km_between
from morina.sense.cameras.camera import Camera

HALF_DAY, A_DAY = 43_200, 86_400


@dataclass(frozen=True)
class Plainly:
    """Everything that passed, where cameras stand, and what is asked."""

    rows: Sequence[Passed]
    cameras: Sequence[Camera]
    asked: Convoy

    def km(self, one: str, other: str) -> float:
        by_id = {camera.camera_id: camera for camera in self.cameras}
        return km_between(by_id[one], by_id[other])

    def apart(self, one: str, other: str) -> bool:
        """Cameras of one site are never two places."""
        return self.km(one, other) > 0.15 and self.km(one, other) >= self.asked.rule.apart_km

    def target(self) -> list[Passed]:
        """Passages, two reads of one being one."""
        mine = sorted({one for one in self.rows if one.plate == self.asked.plate})
        within = self.asked.rule.within_s
        mine = [
            one
            for one in mine
            if not any(
                b.camera_id == one.camera_id and 0 < one.second - b.second <= within for b in mine
            )
        ]
        return sorted(mine, key=lambda one: (one.second, one.camera_id))

    def journeys(self) -> list[int]:
        numbers: list[int] = []
        first = before = None
        for one in self.target():
            if first is None or before is None:
                first, number = one, 0
            elif one.second - before.second >= 7200 and self.day(one) != self.day(first):
                first, number = one, number + 1
            before = one
            numbers.append(number)
        return numbers

    def local(self, one: Passed) -> datetime:
        return datetime.fromtimestamp(one.second, UTC).astimezone(self.asked.rule.zone)

    def day(self, one: Passed) -> object:
        return self.local(one).date()

    def at_site(self, passage: Passed) -> list[Passed]:
        return [r for r in set(self.rows) if self.km(r.camera_id, passage.camera_id) <= 0.15]

    def in_window(self, passage: Passed) -> list[Passed]:
        near = self.asked.rule.within_s
        there = [r for r in self.at_site(passage) if abs(r.second - passage.second) <= near]
        return [r for r in there if r.plate != self.asked.plate]

    def met(self) -> dict[str, list[int]]:
        """By plate, the numbers of the target's passages at which it was met."""
        found: dict[str, list[int]] = {}
        for number, passage in enumerate(self.target()):
            for plate in sorted({r.plate for r in self.in_window(passage)} - {""}):
                found.setdefault(plate, []).append(number)
        return found

    def places(self, numbers: Sequence[int]) -> int:
        """How many of these passages' cameras are apart, the earliest taken first."""
        chosen: list[str] = []
        for number in numbers:
            camera = self.target()[number].camera_id
            if all(self.apart(camera, other) for other in chosen):
                chosen.append(camera)
        return len(chosen)

    def by_journey(self, numbers: Sequence[int]) -> dict[int, int]:
        of = self.journeys()
        several = {of[number] for number in numbers}
        return {j: self.places([n for n in numbers if of[n] == j]) for j in several}

    def follow(self) -> dict[int, float]:
        counts = [self.by_journey(numbers) for numbers in self.met().values()]
        return {
            j: (1 + sum(c.get(j, 0) >= 3 for c in counts))
            / (1 + sum(c.get(j, 0) >= 2 for c in counts))
            for j in set(self.journeys())
        }

    def rate(self, plate: str, passage: Passed) -> float:
        site = self.at_site(passage)
        own = [r for r in site if r.plate == plate]
        share = min(1.0, (len(self.in_window(passage)) + 1) / len(site))
        seconds = [r.second for r in site]
        days = max(1, ceil((max(seconds) - min(seconds)) / A_DAY))
        rates = [len(own) * share]
        for width in (self.asked.rule.within_s, 900, 3600):
            part = self.asked.rule.within_s / width
            close = [r for r in own if self.habit(r, passage, width)]
            weekly = [r for r in close if self.local(r).weekday() == self.local(passage).weekday()]
            rates += [
                part * len(close) / max(1, days - 1),
                part * len(weekly) / max(1, days / 7 - 1),
            ]
        return max(rates)

    def habit(self, own: Passed, passage: Passed, width: int) -> bool:
        """Near that time of day, and not on that day."""
        mine, its = (self.local(one).replace(tzinfo=None) for one in (passage, own))
        apart = abs((mine - its).total_seconds())
        clock = apart % A_DAY
        return apart > HALF_DAY and min(clock, A_DAY - clock) <= width

    def corrected(self, plate: str) -> float:
        """How often such a coincidence is expected among all compared."""
        rates: dict[int, float] = {}
        for passage, journey in zip(self.target(), self.journeys(), strict=True):
            rates[journey] = rates.get(journey, 0.0) + self.rate(plate, passage)
        follow, met = self.follow(), self.by_journey(self.met()[plate])
        once = {j: 1 - exp(-rate) for j, rate in rates.items()}
        deep = {j: once[j] * follow[j] ** 2 for j in once}
        some = 1 - prod(1 - a for a in once.values())
        p = at_least(list(once.values()), len(met)) / some
        if thrice := sum(n >= 3 for n in met.values()):
            p = min(p, at_least(list(deep.values()), thrice) / some)
        return min(1.0, 2 * p) * len(self.met())


def at_least(chances: Sequence[float], many: int) -> float:
    """By adding up every way it can happen."""
    every = range(len(chances))
    return sum(
        prod(chances[n] if n in chosen else 1 - chances[n] for n in every)
        for size in range(many, len(chances) + 1)
        for chosen in combinations(every, size)
    )
