"""The counter: how much is remembered, how old it is, what goes next and what went last."""

import asyncio
import logging
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from morina.records.forgetting import Forgets
from morina.records.statements import Statement, Statements

log = logging.getLogger(__name__)

FRESH_S = 60.0
WAITED_S = 2.0
LOOKED_THROUGH = 50
"""So many newest statements are looked through for the last daily one; others are of erasures."""

READS = "reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """On ``day`` (UTC). ``due`` are the reads that go at the midnight to come, ``overdue`` those
    that must be gone already, ``dropped`` those that went on ``dropped_on``, None before that ever
    happened. A read kept twice and not merged yet counts twice."""

    day: date
    reads: int
    oldest: date | None
    due: int
    overdue: int
    dropped: int
    dropped_on: date | None

    @property
    def oldest_days(self) -> int | None:
        """How many days ago the oldest read was made."""
        return (self.day - self.oldest).days if self.oldest else None

    @property
    def forgets_daily(self) -> bool:
        """Whether the last statement is of this day or the one before."""
        return self.dropped_on is not None and self.day - self.dropped_on <= timedelta(days=1)


async def remembered(records: Forgets, statements: Statements, today: date) -> Remembered:
    """What there is now."""
    kept = await records.kept(today)
    overdue = sum(one.rows for one in await records.due(today) if one.table == READS)
    by_tomorrow = await records.due(today + timedelta(days=1))
    due = sum(one.rows for one in by_tomorrow if one.table == READS)
    last = newest_daily(await asyncio.to_thread(statements.newest, LOOKED_THROUGH))
    return Remembered(
        day=today, reads=kept.rows, oldest=kept.oldest, due=due - overdue, overdue=overdue,
        dropped=rows_of_reads(last.said["dropped"]) if last else 0,
        dropped_on=stated_on(last) if last else None,
    )  # fmt: skip


def newest_daily(statements: Iterable[Statement]) -> Statement | None:
    """The first of these that is of a day, not of an erasure."""
    return next((one for one in statements if one.said["kind"] == "daily"), None)


def stated_on(statement: Statement) -> date:
    """The day on which it was made, UTC."""
    return datetime.fromisoformat(statement.said["made_at"]).astimezone(UTC).date()


def rows_of_reads(partitions: Sequence[dict[str, Any]]) -> int:
    """The reads among what a statement names as due, dropped or still there."""
    return sum(int(one["rows"]) for one in partitions if one["table"] == READS)


@dataclass(slots=True)
class Remembering:
    """The counter as last looked up: at most a minute old, or older while the engine forgets."""

    records: Forgets
    statements: Statements
    _last: Remembered | None = None
    _looked_at: float = -math.inf
    _looking: "asyncio.Task[Remembered] | None" = field(default=None)

    async def latest(self, now: datetime) -> Remembered | None:
        """The counter; None where the engine has not answered yet."""
        if self._looking is None and time.monotonic() - self._looked_at > FRESH_S:
            today = now.astimezone(UTC).date()
            self._looking = asyncio.create_task(remembered(self.records, self.statements, today))
        if self._looking is not None:
            await asyncio.wait({self._looking}, timeout=WAITED_S)
            self._take()
        return self._last

    def _take(self) -> None:
        looking = self._looking
        if looking is None or not looking.done():
            return
        self._looking, self._looked_at = None, time.monotonic()
        if looking.cancelled():
            return
        if error := looking.exception():
            log.warning("what is remembered cannot be counted now (%s)", str(error)[:200])
        else:
            self._last = looking.result()

    async def close(self) -> None:
        """Look no longer."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
