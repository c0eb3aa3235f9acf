"""Matters of duty: breaches and requests of persons, what was said of each and every step since.

A step, once taken, stays as it is; what was wrong in it is put right by another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

LONGEST = 4000


class RefusedMatterError(ValueError):
    """What is said is too little, or not its turn; names the field and what to do."""

    def __init__(self, field: str, fault: str, mend: str) -> None:
        super().__init__(f"{field}: {fault}; {mend}")
        self.field, self.fault, self.mend = field, fault, mend


class NoSuchMatterError(LookupError):
    """No breach or request has that id."""


class Concern(StrEnum):
    """What a matter is about."""

    BREACH = "breach"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done in a matter; ``said`` is field to text."""

    at: datetime
    by: str
    kind: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One breach or request. ``began_at`` is when the clock began: the breach was noticed, the
    request received. ``steps`` is oldest first."""

    matter_id: UUID
    number: int
    concern: Concern
    began_at: datetime
    opened_at: datetime
    opened_by: str
    said: Mapping[str, str]
    steps: tuple[Step, ...] = ()

    def newest(self, kind: str) -> Step | None:
        """The last step of a kind, None before there is one."""
        return next((one for one in reversed(self.steps) if one.kind == kind), None)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.newest("close") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a matter begins with."""

    concern: Concern
    began_at: datetime
    by: str
    said: Mapping[str, str]


class Matters(Protocol):
    """Where matters are kept. Each is entered in the trail in the same transaction."""

    async def open(self, opened: Opened, now: datetime) -> Matter:
        """A new one, with the next number of its concern."""

    async def take(self, matter_id: UUID, steps_before: int, step: Step) -> Matter:
        """Add a step to what it was when it had ``steps_before``; NoSuchMatterError, and
        RefusedMatterError where somebody else added one meanwhile."""

    async def matter(self, matter_id: UUID) -> Matter:
        """One; NoSuchMatterError."""

    async def matters(self, concern: Concern, limit: int = 200) -> list[Matter]:
        """The newest first."""


def texts(said: Mapping[str, str], needed: tuple[str, ...]) -> dict[str, str]:
    """What was said, trimmed; RefusedMatterError where a needed field is empty or one too long."""
    trimmed = {name: text.strip() for name, text in said.items() if text.strip()}
    for name in needed:
        if name not in trimmed:
            raise RefusedMatterError(name, "is empty", "say it")
    for name, text in trimmed.items():
        if len(text) > LONGEST:
            raise RefusedMatterError(name, f"{len(text)} characters", f"shorten it to {LONGEST}")
    return trimmed
