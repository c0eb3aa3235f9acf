"""What passed each camera, counted, as a role."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from morina.sense import Read
from morina.sense.cameras.passed import Hour, Usual


@dataclass(frozen=True, slots=True)
class Period:
    """From ``begins_at`` up to, not including, ``ends_at``; ValueError for naive or no time."""

    begins_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.begins_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period needs times with a zone; add one, such as Z")
        if self.begins_at >= self.ends_at:
            raise ValueError("the period ends before it begins; mend one of the two")


class CameraFigures(Protocol):
    """Counts by camera and hour, and passages drawn by lot from the reads kept."""

    async def count(self) -> int:
        """Count the days that changed since they were last counted; how many those were."""

    async def hours(self, since: datetime) -> dict[str, tuple[Hour, ...]]:
        """By camera, the hours from then on in which something passed, oldest first."""

    async def usual(self, now: datetime, zone: ZoneInfo) -> dict[str, Usual]:
        """By camera, what the weeks before ``now`` say; cameras too new are absent."""

    async def last(self, since: datetime) -> dict[str, Read]:
        """By camera, the newest passage with evidence captured after ``since``."""

    async def last_passed(self, since: datetime) -> dict[str, datetime]:
        """By camera, when something passed last, to the second; absent if nothing since then."""

    async def drawn(self, camera_id: str, period: Period, n: int) -> list[Read]:
        """At most ``n`` of the camera's passages, each as likely as the other, in order of id.

        Of more than two with the same text, or unread, within one second, two can be drawn.
        """

    async def passages(
        self, camera_id: str, period: Period, read_ids: Collection[UUID]
    ) -> dict[UUID, Read]:
        """Those of these passages that are still kept."""
