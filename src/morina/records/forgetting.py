"""Forgetting on time: what is due is dropped whole, its pictures go with it, and it is stated.

Pictures go before the reads that name them: cut off in between, the next run finds the same reads
due and goes on. A picture stays while a read that is kept, a pinned read or an alert refers to it.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from morina.records.statements import Statement, Statements

log = logging.getLogger(__name__)

SWEEP_DAYS = 8
"""Every picture is looked at once in so many days for whether anything still refers to it."""

MARGIN = timedelta(days=2)


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One day of one retention in one table. ``rows`` counts a read kept twice twice."""

    table: str
    day: date
    keep_days: int
    rows: int
    partition_id: str = ""

    def said(self) -> dict[str, Any]:
        """As a statement names it."""
        return {
            "table": self.table, "day": self.day.isoformat(),
            "keep_days": self.keep_days, "rows": self.rows,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the records keep: the day of the oldest read, None where there is none."""

    oldest: date | None
    rows: int
    pinned: int
    cases: int
    for_review: int


class Forgets(Protocol):
    """The records, as far as they forget."""

    async def due(self, today: date) -> list[Partition]:
        """What must be gone today, oldest first."""

    async def pictures(self, due: Sequence[Partition]) -> set[str]:
        """Names of the pictures that only reads in ``due`` refer to."""

    async def referred(self, names: Collection[str], due: Sequence[Partition]) -> set[str]:
        """Those of ``names`` that a read outside ``due`` or a pinned one refers to."""

    async def drop(self, partition: Partition) -> None:
        """Drop it whole."""

    async def forget_texts(self, today: date, longest: int) -> int:
        """Remove the remembered texts that are due; how many. Returns when it is done."""

    async def files_left(self) -> int:
        """Wait until the files of what was dropped are gone; how many are not after all."""

    async def kept(self, today: date) -> Kept:
        """What there is."""

    async def next_due(self) -> date | None:
        """The day on which the next reads are due, None where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsDue:
    """Closed alerts whose time is over, and the pictures they name."""

    alert_ids: tuple[UUID, ...]
    pictures: frozenset[str]


class Hits(Protocol):
    """Alerts, which hold the read they were raised for, as far as they forget it."""

    async def due(self, now: datetime) -> HitsDue:
        """Decided or expired ones that keep what was read no longer."""

    async def forget(self, due: HitsDue, now: datetime) -> str:
        """Remove them, but for what is no read; in words what stays in files. Durable on return."""

    async def pictures(self, but: HitsDue) -> set[str]:
        """Names of all pictures the others refer to."""

    async def open(self) -> int:
        """How many alerts are not decided yet."""


class PictureRemoval(Protocol):
    """Pictures, as far as they are removed."""

    async def remove(self, names: Collection[str]) -> int:
        """Remove those; how many were there."""

    async def older(self, than: datetime, of: int, part: int) -> list[str]:
        """Names of the pictures stored before, of one ``part`` of ``of`` equal ones."""


NO_HITS = HitsDue(alert_ids=(), pictures=frozenset())

LIMITS = (
    "PostgreSQL's write-ahead log and free pages, and the disk itself, may hold bytes of what was "
    "removed until they are written over",
    "a backup holds what was removed until it is deleted itself, backup.keep_days after it was "
    "made; when one is restored, what is due by then is forgotten before anything answers",
    "questions asked of the records stay written down, with the plates they name",
    "labels of suspected clones stay, withdrawn ones too, with the plate, the reason and the ids "
    "of the reads they rest on",
)


AlsoForgets = Callable[[datetime], Awaitable[Mapping[str, int] | None]]
"""What else is forgotten then; what it counts is stated under its name."""


@dataclass(slots=True)
class Forgetting:
    """What is done once a day and whenever the node starts. ``longest`` is of all policies."""

    records: Forgets
    hits: Hits
    images: PictureRemoval
    statements: Statements
    longest: int
    also: Mapping[str, AlsoForgets] = field(default_factory=dict)

    async def forget(self, now: datetime) -> Statement:
        """Forget all that is due on the day of ``now`` (UTC), and state it."""
        today = now.astimezone(UTC).date()
        due, hits = await self.records.due(today), await self.hits.due(now)
        named, removed = await self._remove_pictures(due, hits)
        for partition in due:
            await self.records.drop(partition)
        texts = await self.records.forget_texts(today, self.longest)
        in_files = await self.hits.forget(hits, now)
        others = {name: await forget(now) for name, forget in self.also.items()}
        orphans = await self._sweep(now)
        left = await self.records.files_left()
        remaining = await self.records.due(today)
        content = {
            "kind": "daily",
            "due": [one.said() for one in due],
            "dropped": [one.said() for one in due if one not in remaining],
            "still_there": [one.said() for one in remaining],
            "texts_removed": texts,
            "alerts_forgotten": {"alerts": len(hits.alert_ids), "in_files": in_files},
            "pictures": {"due": named, "removed": removed, "unreferred_removed": orphans},
            "files_left": left,
            **{name: dict(counts) for name, counts in others.items() if counts},
            "remains": await self.remains(today),
        }
        return self.statements.add(content, now)

    async def remains(self, today: date) -> dict[str, Any]:
        """What is kept and why, for a statement."""
        kept = await self.records.kept(today)
        return {
            "oldest_read": kept.oldest.isoformat() if kept.oldest else None,
            "rows_of_reads": kept.rows,
            "pinned_to_cases": {
                "reads": kept.pinned, "cases": kept.cases, "due_for_review": kept.for_review,
            },
            "under_open_alerts": await self.hits.open(),
            "not_promised": list(LIMITS),
        }  # fmt: skip

    async def _remove_pictures(self, due: Sequence[Partition], hits: HitsDue) -> tuple[int, int]:
        """How many pictures are due, and how many of them were there and are removed."""
        names = await self.records.pictures(due) if due else set()
        others = hits.pictures - names
        names |= others - await self.records.referred(others, due)
        names -= await self.hits.pictures(hits)
        return len(names), await self.images.remove(names)

    async def _sweep(self, now: datetime) -> int:
        """Remove pictures nothing refers to: those of captures that never became a read."""
        before = now - timedelta(days=self.longest) - MARGIN
        part = now.astimezone(UTC).toordinal() % SWEEP_DAYS
        names = set(await self.images.older(before, SWEEP_DAYS, part))
        if not names:
            return 0
        names -= await self.records.referred(names, ())
        names -= await self.hits.pictures(NO_HITS)
        return await self.images.remove(names)
