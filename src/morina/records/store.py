"""Where reads are kept, as a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from morina.sense import Read


@dataclass(frozen=True, slots=True)
class Disputed:
    """Of one camera's reads, how many texts both it and Morina read, and how many differ."""

    compared: int
    differing: int

    @property
    def share(self) -> float:
        """Of the texts compared, 0 to 1."""
        return self.differing / self.compared if self.compared else 0.0


class ReadStore(Protocol):
    """Reads, durable. Keeping is idempotent by read id."""

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """Store reads; returns once they are durable."""

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """The reads captured last (after ``since``), newest first."""

    async def count(self) -> int:
        """How many different reads are kept."""

    async def disputed(self, since: datetime) -> dict[str, Disputed]:
        """By camera, where reads captured after ``since`` have two readings of one picture."""
