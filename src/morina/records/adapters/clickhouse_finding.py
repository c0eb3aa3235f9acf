"""Passages found by text, place and time in ClickHouse: first which, then all of a page."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from morina.records.adapters import sql_finding as sql
from morina.records.adapters.clickhouse_rows import read_of
from morina.records.adapters.clickhouse_texts import TextFinder
from morina.records.adapters.finding_plans import Plan, plan
from morina.records.adapters.sql_scope import (
    Condition,
    asks_of_vehicle,
    in_period,
    in_place,
    milliseconds,
    moment,
    of_vehicle,
)
from morina.records.adapters.sql_texts import of_texts
from morina.records.figures import Period
from morina.records.finding import FindPassages, Found, found
from morina.records.pages import Place
from morina.records.questions import Answer, Coverage, Limits, Stop
from morina.records.running import Rows, Running, StoppedError
from morina.records.texts import AnyText
from morina.records.windows import share_done, windows
from morina.sense import Read

WITHIN = Limits(seconds=4.0)
"""For the page itself, where looking has taken all the time there was."""

_SECOND = 1000
_TIMES_MORE = 4

Key = tuple[Place, str]
"""One passage, and the text of the row that matched."""


@dataclass(slots=True)
class _Search:
    """What was found so far, newest first, and down to when all has been looked at."""

    asked: FindPassages
    most: int
    began: datetime
    reached: datetime
    keys: list[Key] = field(default_factory=list)
    reads: dict[int, Read] = field(default_factory=dict)
    """By the number of its id, what was read whole while looking."""

    stopped: Stop | None = None
    """Why looking ended early, a full page excepted."""

    @property
    def shown(self) -> list[Key]:
        return self.keys[: self.most]

    @property
    def is_full(self) -> bool:
        """Whether there is more than the page holds."""
        return len(self.keys) > self.most

    @property
    def more(self) -> str:
        """Where the next page goes on."""
        if self.is_full:
            return self.shown[-1][0].token()
        if self.stopped is None:
            return ""
        on = self.reached < self.began
        return Place(milliseconds(self.reached)).token() if on else self.asked.after

    def coverage(self) -> Coverage:
        """What of the scope has been looked at, with all pages before."""
        period = self.asked.scope.period
        begins_at = moment(self.shown[-1][0].ms) if self.is_full else self.reached
        begins_at = max(begins_at, period.begins_at)
        covered = Period(begins_at, period.ends_at) if begins_at < period.ends_at else None
        stopped = Stop.ROWS if self.is_full else self.stopped
        return Coverage(asked=period, covered=covered, stopped=stopped)


class PassageFinder:
    """The passages of ClickHouseFinder."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def passages(self, asked: FindPassages, running: Running) -> Answer[Found]:
        """See Finder."""
        search = await self._searched(asked, running)
        reads = await self._page(search, running)
        running.share = 1.0
        return Answer(
            found=tuple(found(reads[place.read_id], by, asked.text) for place, by in search.shown),
            coverage=search.coverage(),
            more=search.more,
        )

    async def _searched(self, asked: FindPassages, running: Running) -> _Search:
        """Look from the newest down, until the page is full or all is looked at."""
        period = asked.scope.period
        began = _begin(asked)
        search = _Search(asked, running.limits.rows, began, began)
        try:
            chosen = await plan(asked.text, period, self._rows, running)
            for window in _left(period, began, chosen):
                search.keys += await self._newest(window, search, chosen, running)
                if search.is_full:
                    break
                search.reached = window.begins_at
                running.share = share_done(period, search.reached)
        except StoppedError as stop:
            if stop.why is Stop.CANCELLED:
                raise
            search.stopped = stop.why
        return search

    async def _newest(
        self, window: Period, search: _Search, chosen: Plan, running: Running
    ) -> list[Key]:
        """The newest passages of a window, one more than still fits on the page."""
        most = search.most + 1 - len(search.keys)
        scope = search.asked.scope
        rest = chosen.where & in_place(scope) & of_vehicle(scope) & _after(search.asked)
        if isinstance(search.asked.text, AnyText) and not asks_of_vehicle(scope):
            return await self._passed(window, most, search, running)
        where = in_period(window) & rest
        if chosen.is_narrow:
            return await self._whole(where, most, search, running)
        return await self._keys(where, most, running)

    async def _passed(
        self, window: Period, most: int, search: _Search, running: Running
    ) -> list[Key]:
        """The same, by the passages that lie sorted by camera: few reads are looked at.

        From the earliest second taken on, every text that passed is known, and so is the key of
        its reads. A read kept twice, or shown before, may leave fewer than wanted: then farther.
        """
        scope, taken = search.asked.scope, most
        rest = in_place(scope) & _after(search.asked)
        begins_ms, ends_ms = milliseconds(window.begins_at), milliseconds(window.ends_at)
        seconds = {"begins_s": begins_ms // _SECOND, "last_s": (ends_ms - 1) // _SECOND}
        where = Condition(sql.PASSED_WITHIN, seconds) & in_place(scope, "captured_s")
        while True:
            wanted = {**where.parameters, "most": taken}
            rows = await self._rows.rows(sql.passed(where.sql), wanted, running)
            if not rows:
                return []
            is_all = len(rows) < taken
            from_ms = begins_ms if is_all else max(begins_ms, rows[-1][1] * _SECOND)
            if from_ms < ends_ms:
                texts = of_texts(sorted({plate for plate, _ in rows}))
                since = in_period(Period(moment(from_ms), moment(ends_ms)))
                found = await self._whole(texts & since & rest, most, search, running)
                if is_all or len(found) == most:
                    return found
            taken *= _TIMES_MORE

    async def _keys(self, where: Condition, most: int, running: Running) -> list[Key]:
        asked = {**where.parameters, "most": most}
        rows = await self._rows.rows(sql.keys(where.sql), asked, running)
        return [(Place(ms, high, low), plate) for ms, high, low, plate in rows]

    async def _whole(
        self, where: Condition, most: int, search: _Search, running: Running
    ) -> list[Key]:
        """Keys of passages whose rows are kept in ``search`` at the same time."""
        asked = {**where.parameters, "most": most}
        keys = []
        for read in map(read_of, await self._rows.rows(sql.whole(where.sql), asked, running)):
            number = read.read_id.int
            search.reads[number] = _standing(search.reads.get(number), read)
            place = Place.at(milliseconds(read.captured_at), number)
            keys.append((place, read.plate.text if read.plate else ""))
        return keys

    async def _page(self, search: _Search, running: Running) -> dict[int, Read]:
        """By the number of its id, each read of the page as it stands."""
        if not search.shown:
            return {}
        if running.must_stop is Stop.TIME:
            running = Running(limits=WITHIN, cancelled=running.cancelled)
        reads = dict(search.reads)
        wanting = [key for key in search.shown if key[0].read_id not in reads]
        corrections, rows = await asyncio.gather(
            self._corrections(_these(search.shown), running), self._wanted(wanting, running)
        )
        for read in map(read_of, [*corrections, *rows]):
            number = read.read_id.int
            reads[number] = _standing(reads.get(number), read)
        return reads

    async def _wanted(self, wanting: Sequence[Key], running: Running) -> Sequence[Sequence[Any]]:
        """All columns of what was found by its key only."""
        if not wanting:
            return ()
        texts = of_texts(sorted({plate for _, plate in wanting})).parameters
        return await self._rows.rows(sql.PAGE, {**texts, **_these(wanting)}, running)

    async def _corrections(
        self, these: dict[str, Any], running: Running
    ) -> Sequence[Sequence[Any]]:
        days = {"their_days": these["their_days"]}
        if not await self._rows.rows(sql.ANY_CORRECTED, days, running):
            return ()
        return await self._rows.rows(sql.CORRECTED, these, running)


def _these(keys: Sequence[Key]) -> dict[str, Any]:
    """When passages were captured, and the lower half of their ids."""
    return {
        "ms": sorted({place.ms for place, _ in keys}),
        "their_days": sorted({moment(place.ms).date() for place, _ in keys}),
        "low": sorted({place.low for place, _ in keys}),
    }


def _begin(asked: FindPassages) -> datetime:
    """From where looking goes down: the end of the period, or where the page before ended."""
    ends_at = asked.scope.period.ends_at
    return min(ends_at, moment(Place.of(asked.after).ms + 1)) if asked.after else ends_at


def _left(period: Period, began: datetime, chosen: Plan) -> Iterator[Period]:
    """What is still to be looked at, in parts."""
    if began > period.begins_at:
        yield from windows(Period(period.begins_at, began), chosen.first)


def _after(asked: FindPassages) -> Condition:
    if not asked.after:
        return Condition("")
    place = Place.of(asked.after)
    parts = {"after_ms": place.ms, "after_high": place.high, "after_low": place.low}
    return Condition(sql.AFTER, parts)


def _standing(one: Read | None, other: Read) -> Read:
    """Of two rows of one read, the one that stands: the latest correction, else either."""
    if one is None or one.correction is None:
        return other if one is None or other.correction else one
    if other.correction is None or other.correction.at < one.correction.at:
        return one
    return other


class ClickHouseFinder(PassageFinder, TextFinder):
    """The role Finder."""
