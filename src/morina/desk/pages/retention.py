"""What is kept how long, what was forgotten day by day, and what stays and why."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from nicegui.element import Element

from morina.desk.pages import retention_lines as lines
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.retention_lines import Row
from morina.desk.pages.site_lines import Cell, Line
from morina.desk.pages.visit import Visit, now
from morina.desk.services import Forgotten
from morina.records.forgetting import LIMITS
from morina.records.statements import Statement, chain_of

SHOWN = 90
"""So many statements, newest first; the rest is in the copy of all."""

STATEMENTS = "/api/v1/records/statements"
ERASE = "morina records erase PLATE"


async def retention_page(visit: Visit) -> None:
    """The page, as things are when it is opened; nothing is changed here."""
    t, kept = visit.t, visit.services.forgotten
    if kept is None:
        show_missing(visit, t("This node keeps no records."))
        return
    told, today = await kept.remembering.latest(now()), now().astimezone(UTC).date()
    with frame(visit, t("Retention"), "/retention"):
        with tag("div", "", "head"):
            tag("h1", t("Retention"))
            tag("span", t("Days are counted in UTC; what is due goes at five past midnight."),
                "muted")  # fmt: skip
        with tag("section", "", "part", aria_label=t("Remembered")):
            if told is None:
                tag("p", t("The records do not answer now."), "wrong", role="alert")
            else:
                _lines(lines.counter(told, visit), "told")
        rules = list(lines.policies(kept.policies, t))
        _table(visit, _Table(t("Kept how long"), lines.KEPT, rules))
        await _stated(visit, kept)
        await _stays(visit, kept, today)
        _erasures(visit, kept)


async def _stated(visit: Visit, kept: Forgotten) -> None:
    t, key = visit.t, visit.services.exports.signer.public.text
    chain = await asyncio.to_thread(lambda: chain_of(kept.statements.all(), key))
    with tag("section", "", "part"):
        tag("h2", t("Proof of what was forgotten"))
        _lines(lines.chain(chain, t), "told")
        if chain.count:
            with tag("div", "", "actions"):
                tag("a", t("Take all statements along (ZIP)"), "button", href=f"{STATEMENTS}/copy")
    if chain.fault or not chain.count:
        return
    newest = await asyncio.to_thread(kept.statements.newest, SHOWN)

    def link(row: int) -> None:
        _link(visit, newest[row])

    rows = [lines.stated(one, visit) for one in newest]
    _table(visit, _Table(t("Forgotten, day by day"), lines.STATED, rows), link)
    if chain.count > len(newest):
        tag("p", t("Older ones are in the copy of all."), "muted")


def _link(visit: Visit, statement: Statement) -> None:
    title = visit.t("Statement {number}", number=statement.number)
    tag("a", title, href=f"{STATEMENTS}/{statement.number}", download=True)
    tag("div", statement.sha256[: lines.HASH_SHOWN], "mono muted", title=statement.sha256)


async def _stays(visit: Visit, kept: Forgotten, today: date) -> None:
    t = visit.t
    cases = await kept.pins.cases(None)
    undecided = await kept.forgetting.hits.open()
    rows = [lines.pinned(case, visit, today) for case in cases]
    nothing = t("No read is pinned to a case.")
    title = t("Kept beyond their time for a case")
    _table(visit, _Table(title, lines.PINNED, rows, nothing))
    with tag("section", "", "part"):
        tag("h2", t("What stays besides"))
        undecided_words = t.many(
            "{n} alert is not decided; its read stays until it is.",
            "{n} alerts are not decided; their reads stay until they are.",
            undecided,
        )
        tag("p", undecided_words)
        for limit in LIMITS:
            tag("p", t(limit), "muted")


def _erasures(visit: Visit, kept: Forgotten) -> None:
    t = visit.t
    rows = [lines.asked(one, visit) for one in kept.erasures.asked()]
    nothing = t("None was asked for since the node started; earlier ones are among the statements.")
    title = t("Erasures of one plate asked for")
    part = _table(visit, _Table(title, lines.ASKED, rows, nothing))
    with part, tag("p", "", "empty"):
        tag("span", t("One is asked for on the node:"))
        tag("span", " ")
        tag("code", ERASE)


@dataclass(frozen=True, slots=True)
class _Table:
    """A section with a table, or with ``nothing`` in words where it has no rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    nothing: str = ""


def _table(visit: Visit, told: _Table, last: Callable[[int], None] | None = None) -> Element:
    """Show it; ``last`` fills the cell after those of a row."""
    with tag("section", "", "part flush") as part:
        tag("h2", told.title)
        if not told.rows:
            tag("p", told.nothing, "empty")
            return part
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in told.columns:
                    tag("th", visit.t(column), scope="col")
            with tag("tbody"):
                for place, row in enumerate(told.rows):
                    with tag("tr"):
                        _cells(visit, told.columns, row.cells)
                        if last is not None:
                            with tag("td", data_label=visit.t(told.columns[-1])):
                                last(place)
    return part


def _cells(visit: Visit, columns: Sequence[str], cells: Iterable[Cell]) -> None:
    for place, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        first = place == 0
        with tag("th", scope="row") if first else tag("td", data_label=visit.t(column)):
            for line in cell:
                tag("div", line.text, line.classes)


def _lines(cell: Iterable[Line], classes: str) -> None:
    with tag("ul", "", classes):
        for line in cell:
            tag("li", line.text, line.classes)
