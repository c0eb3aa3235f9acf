"""A part of another system's history taken in by the node: checked, kept, never live."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from morina.records.imports.past import (
    KeptDays,
    PastRead,
    RefusedRowError,
    read_of,
    refuse_untimely,
)
from morina.records.store import ReadStore
from morina.sense import Read

DAYS_AT_ONCE = 50
"""Days of reads kept in one block; the engine refuses a block of more than a hundred parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPast:
    """Why one of the reads sent was not kept; ``index`` counts them from 0."""

    index: int
    field: str
    fault: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPast:
    """What became of a part: how many are kept, and the others."""

    kept: int
    refused: tuple[RefusedPast, ...]


@dataclass(frozen=True, slots=True)
class PastReads:
    """Keeps reads of the past in the record store alone.

    They are matched with no hotlist and raise no alert. One part after another, so that what
    comes in live is never behind more than one.
    """

    reads: ReadStore
    kept_days: KeptDays
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(
        self, source: str, past: Sequence[PastRead], cameras: Collection[str], now: datetime
    ) -> TakenPast:
        """Keep what can be; durable on return. The same reads again change nothing."""
        async with self._turn:
            good, refused = await asyncio.to_thread(self._judged, source, past, cameras, now)
            for block in blocks(good, self.kept_days):
                await self.reads.keep(block, now)
        return TakenPast(kept=len(good), refused=tuple(refused))

    def _judged(
        self, source: str, past: Sequence[PastRead], cameras: Collection[str], now: datetime
    ) -> tuple[list[Read], list[RefusedPast]]:
        good, refused = [], []
        days = {camera_id: self.kept_days(camera_id) for camera_id in cameras}
        for index, one in enumerate(past):
            try:
                good.append(_checked(one, source, days, now))
            except RefusedRowError as error:
                refused.append(
                    RefusedPast(index=index, field=error.field, fault=error.fault, mend=error.mend)
                )
        return good, refused


def _checked(past: PastRead, source: str, kept_days: Mapping[str, int], now: datetime) -> Read:
    if past.camera_id not in kept_days:
        raise RefusedRowError(
            "camera", f"no camera is called {past.camera_id[:64]!r}",
            "add it with morina camera put, map it under [cameras] of the mapping, or give its "
            "place there and import with --make-cameras",
        )  # fmt: skip
    read = read_of(past, source)
    refuse_untimely(read, now, kept_days[past.camera_id])
    return read


def blocks(reads: Sequence[Read], kept_days: KeptDays) -> Iterator[list[Read]]:
    """The reads in blocks of few enough days, those of one day and retention together."""
    by_part: dict[tuple[date, int], list[Read]] = {}
    for read in reads:
        part = read.captured_at.date(), kept_days(read.camera_id)
        by_part.setdefault(part, []).append(read)
    parts = [by_part[part] for part in sorted(by_part)]
    for first in range(0, len(parts), DAYS_AT_ONCE):
        yield [read for part in parts[first : first + DAYS_AT_ONCE] for read in part]
