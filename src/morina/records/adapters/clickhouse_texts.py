"""The texts of passages in a scope, each once with how often, in ClickHouse."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from morina.records.adapters import sql_finding as sql
from morina.records.adapters.finding_plans import plan
from morina.records.adapters.sql_scope import Condition, in_period, in_place, moment, of_vehicle
from morina.records.figures import Period
from morina.records.finding import FindTexts, FoundText
from morina.records.pages import TextPlace
from morina.records.questions import Answer, Coverage, Stop
from morina.records.running import Rows, Running, StoppedError
from morina.records.texts import TextQuestion
from morina.records.windows import share_done, windows

MOST = 100_000
"""Texts counted in one question; beyond, it stops and says so."""

TOO_MANY = "too many texts to count them all; ask for a shorter time or a narrower text"

Texts = dict[tuple[str, str], FoundText]


class TextFinder:
    """The texts of ClickHouseFinder."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def texts(self, asked: FindTexts, running: Running) -> Answer[FoundText]:
        """See Finder."""
        after = TextPlace.of(asked.after) if asked.after else None
        texts, coverage = await self._counted(asked, running)
        running.share = 1.0
        places = sorted(map(_place, texts.values()))
        left = [place for place in places if after is None or after < place]
        shown = left[: running.limits.rows]
        notes = (TOO_MANY,) if coverage.stopped is Stop.ROWS else ()
        is_cut = len(left) > len(shown)
        if is_cut:
            coverage = replace(coverage, stopped=coverage.stopped or Stop.ROWS)
        return Answer(
            found=tuple(texts[place.text, place.country] for place in shown),
            coverage=coverage,
            more=shown[-1].token() if is_cut else "",
            notes=notes,
        )

    async def _counted(self, asked: FindTexts, running: Running) -> tuple[Texts, Coverage]:
        """From the newest down, until all is looked at or it has to stop."""
        texts: Texts = {}
        period, stopped = asked.scope.period, None
        reached = period.ends_at
        try:
            chosen = await plan(asked.text, period, self._rows, running)
            for window in windows(period, chosen.first):
                rows = await self._grouped(asked, chosen.where & in_period(window), running)
                added = _added(texts, rows, asked.text)
                if len(rows) > MOST or len(added) > MOST:
                    stopped = Stop.ROWS
                    break
                texts = added
                reached = window.begins_at
                running.share = share_done(period, reached)
        except StoppedError as stop:
            if stop.why is Stop.CANCELLED:
                raise
            stopped = stop.why
        covered = Period(reached, period.ends_at) if reached < period.ends_at else None
        return texts, Coverage(asked=period, covered=covered, stopped=stopped)

    async def _grouped(
        self, asked: FindTexts, where: Condition, running: Running
    ) -> Sequence[Sequence[Any]]:
        where = where & in_place(asked.scope) & of_vehicle(asked.scope)
        wanted = {**where.parameters, "most": MOST + 1}
        return await self._rows.rows(sql.grouped(where.sql), wanted, running)


def _added(texts: Texts, rows: Iterable[Sequence[Any]], asked: TextQuestion) -> Texts:
    """Counts of a later stretch of time and those of an earlier one, together."""
    added = dict(texts)
    for text, country, passages, first_ms, last_ms in rows:
        before = texts.get((text, country))
        added[text, country] = FoundText(
            text=text,
            country=country or None,
            passages=passages + (before.passages if before else 0),
            first_at=moment(first_ms),
            last_at=before.last_at if before else moment(last_ms),
            differences=asked.differences(text),
        )
    return added


def _place(found: FoundText) -> TextPlace:
    return TextPlace(-found.passages, found.text, found.country or "")
