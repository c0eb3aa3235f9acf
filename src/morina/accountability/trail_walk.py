"""The trail checked part by part, as a node does while it works.

It finds what ``trail_check.verify`` finds in entries that come by their number, and holds no more
of them than the hashes since the last checkpoint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from morina.accountability.checkpoints import Checkpoint, merkle_root
from morina.accountability.signing import PublicKey
from morina.accountability.trail import NOTHING_BEFORE, Entry
from morina.accountability.trail_check import Fault, Found, Verified, faults_of_checkpoints

MOST_FOUND = 1000
"""Faults that are told; from the thousandth on they are no longer noted."""


@dataclass(slots=True)
class TrailWalk:
    """One check, from the first entry on, against the checkpoints there were at its beginning."""

    points: Sequence[Checkpoint]
    key: PublicKey
    found: list[Found] = field(default_factory=list)
    _count: int = 0
    _last: int = 0
    _hash: str | None = NOTHING_BEFORE
    _point: int = 0
    _hashes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add(faults_of_checkpoints(self.points, self.key))

    def take(self, entries: Iterable[Entry | None]) -> None:
        """The next entries by number; None for one that cannot be read."""
        for entry in entries:
            self._count += 1
            if entry is None or not entry.holds:
                self._last, self._hash = self._last + 1, None
                self.add([Found(self._last, Fault.CHANGED)])
                continue
            self._passed_over(entry.number)
            if self._hash is not None and entry.previous != self._hash:
                detail = "it does not follow from the entry before"
                self.add([Found(entry.number, Fault.REWRITTEN, detail)])
            self._last, self._hash = entry.number, entry.hash
            self._seal(entry)

    def add(self, found: Iterable[Found]) -> None:
        """Note faults found in what entries name, too."""
        for one in found:
            if len(self.found) == MOST_FOUND:
                return
            self.found.append(one)

    def end(self) -> Verified:
        """What was found, once there are no more entries."""
        sealed_to = self.points[-1].last if self.points else 0
        if self._last < sealed_to:
            self.add([Found(self._last + 1, Fault.END_MISSING, f"{sealed_to} are sealed")])
        found = sorted(set(self.found), key=lambda one: one.number)
        return Verified(self._count, sealed_to, tuple(found))

    def _passed_over(self, number: int) -> None:
        if number > self._last + 1:
            left = min(number, self._last + 1 + MOST_FOUND)
            self.add(Found(one, Fault.REMOVED) for one in range(self._last + 1, left))
            self._hash = None

    def _seal(self, entry: Entry) -> None:
        """Hold the entry, with those before it, against the checkpoint over them."""
        while self._point < len(self.points) and self.points[self._point].last < entry.number:
            self._point, self._hashes = self._point + 1, []
        if self._point == len(self.points):
            return
        point = self.points[self._point]
        self._hashes.append(entry.hash)
        if entry.number == point.last and len(self._hashes) == point.count:
            known = {one.number for one in self.found}
            if point.first not in known and merkle_root(self._hashes) != point.root:
                detail = f"entries {point.first} to {point.last} are not those that were sealed"
                self.add([Found(point.first, Fault.REWRITTEN, detail)])
