"""What whoever oversees the use of the records works on: alarms of misuse, sampled questions."""

from asyncio import to_thread
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.accountability.clearing import RolesOf
from morina.accountability.misuse import (
    Alarm,
    Look,
    MisuseRules,
    Rule,
    household,
    off_shift,
    put_on_list,
    same_plate,
    sensitive,
    volume,
)
from morina.accountability.purpose import Consultation
from morina.accountability.watched import Marks, Watch, Watched, WatchedPlates, short

LOOKS_BACK = timedelta(minutes=10)
"""Consultations get their numbers before they are durable, so the last ones are looked at again."""

LEAST_REASON = 3
DAY = timedelta(days=1)
PEERS_WITHIN = timedelta(days=7)


class RefusedReviewError(Exception):
    """A review that may not be written so; says why and what to do."""


class NoSuchReviewError(LookupError):
    """No alarm has that id, or that consultation is not in the sample."""


class Finding(StrEnum):
    """What became of an alarm."""

    IN_ORDER = "in_order"
    MISUSE = "misuse"
    UNCLEAR = "unclear"


class Fits(StrEnum):
    """What a reviewer says of a sampled question."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    ASK_OFFICER = "ask_officer"


@dataclass(frozen=True, slots=True)
class Review:
    """Who looked, what they found, and why; RefusedReviewError for words that say nothing."""

    by: str
    at: datetime
    found: str
    words: str

    def __post_init__(self) -> None:
        if len(self.words.split()) < LEAST_REASON:
            raise RefusedReviewError(f"words: write {LEAST_REASON} or more on why")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm as kept; ``review`` is None while it is open."""

    alarm_id: UUID
    alarm: Alarm
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A question drawn for review; ``review`` is None while nobody looked."""

    consultation: Consultation
    review: Review | None = None


class Oversight(Protocol):
    """Alarms and samples, durable; each review is written once and enters the trail."""

    async def fresh(self, since: datetime) -> list[Look]:
        """What was asked from ``since`` on, with what was shown."""

    async def of_officer(self, officer: str, since: datetime) -> list[Look]:
        """The same of one officer; what was shown only where it was little."""

    async def asked(self, since: datetime) -> Mapping[str, int]:
        """How much each officer asked from ``since`` on."""

    async def show(self, number: int, marks: Sequence[str]) -> None:
        """Keep which plates are about to be shown, as short marks."""

    async def officers(self, since: datetime) -> set[str]:
        """Who asked anything from ``since`` on."""

    async def raise_(self, alarms: Sequence[Alarm]) -> int:
        """Keep those that are new by rule and key; how many."""

    async def draw(self, numbers: Collection[int]) -> None:
        """Put consultations into the sample; those in it stay."""

    async def alarms(self, *, by: str, open_only: bool, limit: int = 100) -> list[Raised]:
        """Newest first, as ``by`` may see them: none about themselves."""

    async def sample(self, *, by: str, open_only: bool, limit: int = 100) -> list[Sampled]:
        """Newest first; that ``by`` read them enters the trail."""

    async def behind(self, alarm_id: UUID, by: str) -> list[Consultation]:
        """The questions an alarm rests on, newest first, that ``by`` read them in the trail;
        NoSuchReviewError also for an alarm about ``by``."""

    async def close_alarm(self, alarm_id: UUID, review: Review) -> None:
        """Close one; NoSuchReviewError, RefusedReviewError (closed, or about the reviewer)."""

    async def judge(self, number: int, review: Review) -> None:
        """Judge a sampled question; NoSuchReviewError, RefusedReviewError as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overseer:
    """Looks at what was asked and raises alarms."""

    oversight: Oversight
    watched: WatchedPlates
    marks: Marks
    roles_of: RolesOf
    rules: MisuseRules
    sample_share: float = 0.05

    async def look(self, now: datetime, since: datetime) -> int:
        """Look at what was asked from ``since`` on; how many alarms are new. Doing it again
        changes nothing."""
        fresh = await self.oversight.fresh(since)
        drawn = [one.number for one in fresh if self.marks.draws(one.number, self.sample_share)]
        await self.oversight.draw(drawn)
        listed = await self.watched.all()
        found = [alarm for look in fresh for alarm in self._of_look(look, listed)]
        for officer in dict.fromkeys(one.officer for one in fresh):
            found += await self._repeated(officer, fresh, now)
        return await self.oversight.raise_([*found, *await self._volume(now)] if fresh else found)

    async def watches(self) -> bool:
        """Whether any plate is on the sensitive list."""
        return bool(_notes(await self.watched.all()))

    async def alerted(self, alert_id: str, plates: Collection[str], at: datetime) -> None:
        """Raise a notice where an alert is on a sensitive plate."""
        notes = _notes(await self.watched.all())
        marks = {self.marks.of(plate) for plate in plates}
        await self.oversight.raise_([
            Alarm(rule=Rule.SENSITIVE, officer="", key=f"alert {alert_id} {mark}", at=at,
                  said=f"an alert is on a plate on the sensitive list: {notes[mark]}"
                  f" (alert {alert_id})")
            for mark in sorted(marks & notes.keys())
        ])  # fmt: skip

    async def told(self, number: int, officer: str, plates: Collection[str]) -> None:
        """Keep which plates are about to be shown; for sensitive ones raise a notice at once."""
        marks = await to_thread(lambda: tuple(map(self.marks.of, plates)))
        await self.oversight.show(number, [short(mark) for mark in marks])
        notes = _notes(await self.watched.all())
        at = datetime.now(UTC)
        look = Look(number=number, at=at, officer=officer, case_number="", marks=marks)
        await self.oversight.raise_(sensitive(look, notes))

    async def listed(self, by: str, hotlist_id: str, plates: Collection[str]) -> None:
        """Raise a notice where ``by`` is about to put such a plate on a hotlist."""
        listed = await self.watched.all()
        marks = (
            await to_thread(lambda: {self.marks.of(plate) for plate in plates}) if listed else ()
        )
        own = [one.mark for one in listed if one.officer == by and one.mark in marks]
        notes = {mark: note for mark, note in _notes(listed).items() if mark in marks}
        await self.oversight.raise_(put_on_list(by, hotlist_id, own, notes, datetime.now(UTC)))

    def _of_look(self, look: Look, listed: Sequence[Watched]) -> list[Alarm]:
        own = {one.mark for one in listed if one.officer == look.officer}
        return [
            *sensitive(look, _notes(listed)),
            *household(look, own),
            *off_shift(look, self.rules),
        ]

    async def _repeated(self, officer: str, fresh: Sequence[Look], now: datetime) -> list[Alarm]:
        since = now - timedelta(days=self.rules.same_days)
        looks = await self.oversight.of_officer(officer, since)
        new = {one.number for one in fresh}
        return [
            alarm
            for at, one in enumerate(looks)
            if one.number in new
            for alarm in same_plate(looks[: at + 1], self.rules)
        ]

    async def _volume(self, now: datetime) -> list[Alarm]:
        officers = await self.oversight.officers(now - PEERS_WITHIN)
        asked = dict.fromkeys(officers, 0) | dict(await self.oversight.asked(now - DAY))
        if max(asked.values(), default=0) < self.rules.volume_least:
            return []
        roles = {one: await self.roles_of(one) for one in officers}
        return volume(asked, roles, now, self.rules)


def _notes(listed: Sequence[Watched]) -> Mapping[str, str]:
    return {one.mark: one.note for one in listed if one.watch is Watch.SENSITIVE}
