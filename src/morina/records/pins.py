"""Reads pinned to a case: kept apart beyond their time, with a day on which somebody looks again.

A pin is a copy: the read itself is forgotten on its day as every other, and a search of the records
no longer finds it; whoever looks for a plate is told that N reads of it are pinned.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from morina.plates import plate_text
from morina.records.figures import Period
from morina.sense import Read

LONGEST_CASE = 100
LONGEST_REASON = 1000


class RefusedPinError(ValueError):
    """A pin that says too little; the message names the field and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reads are pinned: of one plate, in a period, where ``read_ids`` names some only those.

    The plate is wanted in any case, since reads are found by it.
    """

    plate: str
    period: Period
    read_ids: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        plate_text(self.plate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """For which case, by whom, why, and when somebody must look again whether it is needed."""

    case_number: str
    by: str
    at: datetime
    review_at: date
    reason: str

    def __post_init__(self) -> None:
        if not self.case_number.strip() or len(self.case_number) > LONGEST_CASE:
            raise RefusedPinError("case_number: name the case, in at most 100 characters")
        if len(self.reason.split()) < 3 or len(self.reason) > LONGEST_REASON:
            raise RefusedPinError("reason: say in a sentence why the reads are needed")
        if self.review_at <= self.at.date():
            raise RefusedPinError("review_at: choose a day that is still to come")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One read, kept for a case."""

    read: Read
    pin: Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfPins:
    """What one case keeps: how many reads of how many plates, the next review and the last pin."""

    case_number: str
    reads: int
    plates: int
    review_at: date
    pinned_by: tuple[str, ...]


class Pins(Protocol):
    """Pinned reads, durable."""

    async def pin(self, wanted: Wanted, pin: Pin) -> int:
        """Pin them, the same again in place of before; how many. Returns when durable."""

    async def unpin(self, case_number: str, plate: str = "") -> int:
        """The case needs its reads no longer (of one plate, if named); how many there were.

        Their pictures go within a few days where nothing else refers to them.
        """

    async def review(self, case_number: str, review_at: date) -> int:
        """Somebody looked, and the reads are still needed until that day; how many."""

    async def of_plate(self, plate: str) -> list[Pinned]:
        """All of one plate text, newest first."""

    async def of_case(self, case_number: str, limit: int = 1000) -> list[Pinned]:
        """Those of one case, newest first."""

    async def cases(self, until: date | None = None) -> list[CaseOfPins]:
        """Cases that keep reads, the next review first; with ``until`` those to review by then."""
