"""Where reads are kept, as a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from morina.plates import Plate
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


class NoSuchReadError(LookupError):
    """The read is not kept, or no longer; look it up again."""


class ReadStore(Protocol):
    """Reads, durable. Keeping is idempotent by read id."""

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """Store reads; returns once they are durable.

        Kept are: times to the millisecond, confidences and probabilities to a thousandth, those of
        characters to a hundredth, boxes and corners to a pixel, speeds to a whole km/h of which 0
        is not said, a clock's offset to a millisecond.
        """

    async def correct(self, read: Read, plate: Plate | None, by: str, now: datetime) -> None:
        """Put ``plate`` in place of what was read, by the word of ``by``; None for unread.

        What was read stays kept beside it. Alerts raised for the read are as they were. Raises
        NoSuchReadError.
        """

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """The reads captured last (after ``since``), newest first."""

    async def count(self) -> int:
        """How many reads are kept, without looking at them.

        One kept twice counts twice until the engine has put the two together, within minutes as a
        rule, and a correction counts beside its read.
        """

    async def disputed(self, since: datetime) -> dict[str, Disputed]:
        """By camera, where reads captured after ``since`` have two readings of one picture."""
