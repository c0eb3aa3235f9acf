"""Overseeing those who look: who asked for a plate, and whether the trail still holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from morina.accountability.clearing import Clearance
from morina.accountability.months import Group
from morina.accountability.purpose import Asked, Consultation, Outcome, Purpose, PurposeCode
from morina.accountability.trail import Entry


class WrongPurposeError(ValueError):
    """The trail is read to oversee and for nothing else: Directive (EU) 2016/680, article 25(2)."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Who looked at one plate: ``consultations`` named it, or a pattern it fits, newest first;
    ``entries`` are what was done with alerts of it, ``partners`` what partners asked here about it
    and were answered, newest first. ``number`` is that under which this look itself was written
    down."""

    number: int
    plate: str
    consultations: tuple[Consultation, ...]
    entries: tuple[Entry, ...]
    partners: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """When the whole trail was last checked: how many entries there were, to which number they
    were sealed, and what was found, a line each."""

    at: datetime
    count: int
    sealed_to: int
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """The texts that somebody may have asked for and been shown reads of one plate.

    ``skeleton`` is the plate with each character replaced as ``folds`` says, as that of all its
    look-alikes is; ``near`` are texts one character apart.
    """

    skeleton: str
    folds: Mapping[str, str] = field(default_factory=dict)
    near: tuple[str, ...] = ()


def only_itself(plate: str) -> Alike:
    """Of a plate nothing is taken for."""
    return Alike(plate)


class Overseen(Protocol):
    """What is kept of consultations and the trail, as far as somebody oversees it."""

    async def asked_for(self, plate: str, before: int | None, limit: int) -> list[Consultation]:
        """Consultations that named the plate, a pattern it fits or a text it was asked as one of
        the look-alikes of, numbered below ``before``."""

    async def numbered(self, numbers: Collection[int]) -> list[Consultation]:
        """Those consultations."""

    async def naming(self, ids: Sequence[str], limit: int) -> list[Entry]:
        """Entries that name one of the ids, newest first."""

    async def groups(self, since: datetime | None, until: datetime | None) -> list[Group]:
        """Entries counted by month and likeness."""


class Log(Protocol):
    """Where a look is written down: the role Consultations has these two."""

    async def begin(self, asked: Asked) -> int:
        """See Consultations."""

    async def end(self, number: int, outcome: Outcome) -> None:
        """See Consultations."""


class IdsOf(Protocol):
    """Finds things of one kind that are of a plate, whatever became of them."""

    async def __call__(self, plate: str) -> list[str]:
        """Their ids."""


@dataclass(frozen=True, slots=True)
class Overseeing:
    """Answers who looked at a plate. The plate that is typed is written down like any other."""

    overseen: Overseen
    log: Log
    alerts_of: IdsOf
    partners_asked: IdsOf
    clearance: Clearance

    async def who_looked(
        self, plate: str, purpose: Purpose, now: datetime, page: tuple[int | None, int]
    ) -> LookedAt:
        """Who looked at ``plate`` (upper-case); ``page`` is the number to go on below, and how many
        at most. WrongPurposeError for another purpose than oversight, RefusedPurposeError for one
        that will not do; ConnectionError where it cannot be written down, and then nothing is
        answered."""
        if purpose.code is not PurposeCode.OVERSIGHT:
            raise WrongPurposeError("the trail is read to oversee; choose the purpose oversight")
        await self.clearance.check_overseer(purpose)
        words = f"who looked at plate {plate}, of the trail"
        number = await self.log.begin(
            Asked(at=now, purpose=purpose, question=words, plates=(plate,))
        )
        before, limit = page
        try:
            found = await self.overseen.asked_for(plate, before or number, limit)
            entries = await self._entries(await self.alerts_of(plate), limit)
            partners = await self._entries(await self.partners_asked(plate), limit)
        except (OSError, ValueError) as fault:
            await self.log.end(number, Outcome(at=now, failed=str(fault)[:200] or "it failed"))
            raise
        shown = len(found) + len(entries) + len(partners)
        await self.log.end(number, Outcome(at=now, shown=shown))
        return LookedAt(number, plate, tuple(found), tuple(entries), tuple(partners))

    async def _entries(self, ids: Sequence[str], limit: int) -> list[Entry]:
        return await self.overseen.naming(ids, limit) if ids else []
