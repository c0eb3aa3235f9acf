"""Where reads are kept, as a role."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from morina.sense import Read


class ReadStore(Protocol):
    """Reads, durable. Keeping is idempotent by read id."""

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """Store reads; returns once they are durable."""

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """The reads captured last (after ``since``), newest first."""

    async def count(self) -> int:
        """How many different reads are kept."""
