"""Arrivals of the last hour in memory, for cameras of which nothing may reach a disk."""

from dataclasses import dataclass, field
from datetime import datetime

from morina.sense.cameras.arrivals import Arrival


@dataclass(slots=True)
class MemoryPending:
    """The role Pending, but for durability: what waits when the node ends is lost."""

    _kept: dict[tuple[str, str], Arrival] = field(default_factory=dict)

    async def find(self, camera_id: str, key: str, since: datetime) -> Arrival | None:
        """See Pending."""
        found = self._kept.get((camera_id, key))
        return found if found and found.touched_at >= since else None

    async def put(self, arrival: Arrival) -> None:
        """See Pending."""
        self._kept[arrival.capture.camera_id, arrival.key] = arrival

    async def due(self, now: datetime) -> list[Arrival]:
        """See Pending."""
        waiting = [one for one in self._kept.values() if one.due_at and one.due_at <= now]
        return sorted(waiting, key=lambda one: one.touched_at)

    async def forget(self, before: datetime) -> None:
        """See Pending."""
        over = [
            place
            for place, one in self._kept.items()
            if one.due_at is None and one.touched_at < before
        ]
        for place in over:
            del self._kept[place]
