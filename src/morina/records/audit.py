"""A read-rate audit: a person looks at passages drawn by lot and says how each was read.

``reference``: the figures are this project's definitions. Read rate: of the passages whose plate
a person can read, how many were read right. Capture rate: of the vehicles a person counted by the
road or on film, how many the camera has a passage of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.records.figures import Period
from morina.sense import Read
from morina.sense.cameras.chances import Interval, wilson

PURPOSE = "read-rate audit"
MOST_DRAWN = 500


class Verdict(StrEnum):
    """What a person says of one passage.

    Missed: a person can read the plate, the machine gave none. Not legible: nobody can; such a
    passage counts for nothing.
    """

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    NOT_LEGIBLE = "not legible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One passage of an audit. ``number`` counts from 1; ``verdict`` is None until judged."""

    number: int
    read_id: UUID
    is_unread: bool
    verdict: Verdict | None = None
    judged_by: str = ""
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One audit of one camera. ``counted`` and ``captured`` are None until somebody counted."""

    audit_id: UUID
    camera_id: str
    purpose: str
    period: Period
    made_by: str
    made_at: datetime
    passages: tuple[Drawn, ...]
    counted: int | None = None
    captured: int | None = None
    counted_by: str = ""
    counted_at: datetime | None = None

    def how_many(self, verdict: Verdict | None) -> int:
        """The passages with this verdict; None for those still to be judged."""
        return sum(drawn.verdict is verdict for drawn in self.passages)

    @property
    def read_rate(self) -> Interval | None:
        """Right of those a person can read; None before the first."""
        right = self.how_many(Verdict.RIGHT)
        return wilson(right, right + self.how_many(Verdict.WRONG) + self.how_many(Verdict.MISSED))

    @property
    def accuracy(self) -> Interval | None:
        """Right of the plates given; None before the first."""
        right = self.how_many(Verdict.RIGHT)
        return wilson(right, right + self.how_many(Verdict.WRONG))

    @property
    def capture_rate(self) -> Interval | None:
        """Captured of the vehicles counted by a person; None where nobody counted."""
        return None if self.counted is None else wilson(self.captured or 0, self.counted)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a site should reach, 0 to 1 each. Defaults of this project, not a quotation."""

    capture: float = 0.98
    read: float = 0.97


class NoSuchAuditError(LookupError):
    """No audit has that id, or no passage of it that number."""


class RefusedVerdictError(ValueError):
    """The verdict cannot be about that passage; the message says why."""


class Audits(Protocol):
    """Audits, durable: who drew, who judged what and when."""

    async def make(self, audit: Audit) -> None:
        """Keep a new audit with its passages."""

    async def audit(self, audit_id: UUID) -> Audit:
        """One; NoSuchAuditError."""

    async def of_camera(self, camera_id: str, limit: int = 20) -> list[Audit]:
        """The newest audits of a camera, newest first."""

    async def newest(self) -> dict[str, Audit]:
        """The newest audit of each camera."""

    async def judge(self, audit_id: UUID, drawn: Drawn) -> Audit:
        """Keep the verdict on one passage; a later one replaces it. NoSuchAuditError."""

    async def take_count(self, audit_id: UUID, counted: int, captured: int, by: "Person") -> Audit:
        """Keep a manual count; NoSuchAuditError."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it, and when."""

    name: str
    at: datetime


def drawn_of(reads: Sequence[Read]) -> tuple[Drawn, ...]:
    """The passages of a new audit, numbered."""
    return tuple(
        Drawn(number=number, read_id=read.read_id, is_unread=read.plate is None)
        for number, read in enumerate(reads, 1)
    )


def judged(audit: Audit, number: int, verdict: Verdict, by: Person) -> Drawn:
    """One passage with its verdict; NoSuchAuditError, RefusedVerdictError."""
    drawn = next((one for one in audit.passages if one.number == number), None)
    if drawn is None:
        raise NoSuchAuditError(f"the audit has no passage {number}")
    if drawn.is_unread and verdict in (Verdict.RIGHT, Verdict.WRONG):
        raise RefusedVerdictError("no plate was read there; say missed or not legible")
    if not drawn.is_unread and verdict is Verdict.MISSED:
        raise RefusedVerdictError("a plate was read there; say right, wrong or not legible")
    return Drawn(
        number=number, read_id=drawn.read_id, is_unread=drawn.is_unread, verdict=verdict,
        judged_by=by.name, judged_at=by.at,
    )  # fmt: skip


def checked_count(counted: int, captured: int) -> tuple[int, int]:
    """A manual count as it may be kept; RefusedVerdictError."""
    if not 0 <= captured <= counted or counted == 0:
        raise RefusedVerdictError(
            f"{captured} captured of {counted} counted cannot be; count at least one vehicle, and"
            " of those the captured ones"
        )
    return counted, captured
