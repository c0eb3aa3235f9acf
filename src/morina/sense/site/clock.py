"""Clocks: a site's against its node's, and a camera's against its site's."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SAMPLES = 8
READS_LOOKED_AT = 20
READS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Offset:
    """``offset_s`` is to be added to our clock to get theirs; it may be wrong by half the trip."""

    offset_s: float
    round_trip_s: float


def offset_of(sent_at: datetime, theirs: datetime, received_at: datetime) -> Offset:
    """From one question and answer, as in NTP (RFC 5905 section 8) with no time in between."""
    round_trip = received_at - sent_at
    return Offset((theirs - (sent_at + round_trip / 2)).total_seconds(), round_trip.total_seconds())


@dataclass(slots=True)
class OffsetMeter:
    """The offset by the shortest trip of the last eight: a queue on the way bends the others."""

    _samples: deque[Offset] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def put(self, sample: Offset) -> None:
        """Take up one more measurement."""
        self._samples.append(sample)

    def forget(self) -> None:
        """The link was lost: what is measured now may be another clock."""
        self._samples.clear()

    @property
    def best(self) -> Offset | None:
        """The best measurement, None before the first."""
        return min(self._samples, key=lambda sample: sample.round_trip_s, default=None)


@dataclass(slots=True)
class CameraClocks:
    """How far each camera's clock is from ours, from when its reads arrive.

    A read cannot arrive before it is captured, so a camera whose freshest read of the last twenty
    is ``within_s`` old has a clock behind ours (or is that slow), and one whose read comes from the
    future has a clock ahead. Reads the camera says it sent again do not count.
    """

    within_s: float
    _ages: dict[str, deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=READS_LOOKED_AT))
    )

    def put(self, camera_id: str, captured_at: datetime, received_at: datetime) -> None:
        """Take up one read as it arrived."""
        self._ages[camera_id].append((received_at - captured_at) / timedelta(seconds=1))

    def behind_s(self, camera_id: str) -> float | None:
        """How far the camera's clock is behind ours, below zero when ahead; None if not known."""
        ages = self._ages.get(camera_id, ())
        return min(ages) if len(ages) >= READS_NEEDED else None

    def is_wrong(self, camera_id: str) -> bool:
        """Whether the camera's clock is off by more than the setting."""
        behind = self.behind_s(camera_id)
        return behind is not None and abs(behind) > self.within_s

    def wrong(self) -> dict[str, float]:
        """The cameras flagged, and by how many seconds each is behind."""
        found = {name: self.behind_s(name) for name in self._ages if self.is_wrong(name)}
        return {name: behind for name, behind in found.items() if behind is not None}
