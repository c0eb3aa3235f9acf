"""What the page of retention says, row by row; no element is made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.numbers import format_decimal

from morina.desk.pages.site_lines import Cell, Line
from morina.desk.pages.visit import Visit
from morina.desk.words import Words, mark
from morina.records.erasing import Asked, Erased, ErasureStage
from morina.records.pins import CaseOfPins
from morina.records.remembered import Remembered, rows_of_reads, stated_on
from morina.records.retention import Group, Retention
from morina.records.statements import Chain, Statement

KEPT = (mark("Of"), mark("Kept"), mark("Who answers"), mark("Rule"))
STATED = (
    mark("Day"), mark("Reads due"), mark("Reads dropped"), mark("Pictures removed"),
    mark("Alerts forgotten"), mark("Statement"),
)  # fmt: skip
PINNED = (mark("Case"), mark("Reads"), mark("Plates"), mark("Next review"), mark("Pinned by"))
ASKED = (mark("Request"), mark("Asked by"), mark("When"), mark("How far"))

LIMITS_SAID = (
    mark(
        "PostgreSQL's write-ahead log and free pages, and the disk itself, may hold bytes of what"
        " was removed until they are written over"
    ),
    mark(
        "a backup holds what was removed until it is deleted itself, backup.keep_days after it was"
        " made; when one is restored, what is due by then is forgotten before anything answers"
    ),
    mark("questions asked of the records stay written down, with the plates they name"),
    mark(
        "labels of suspected clones stay, withdrawn ones too, with the plate, the reason and the"
        " ids of the reads they rest on"
    ),
)
"""What forgetting does not promise, as ``records.forgetting`` words it."""

HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells in the order of the columns."""

    cells: tuple[Cell, ...]


def number(n: int, t: Words) -> str:
    """A count as people here write it."""
    return str(format_decimal(n, locale=t.language))


def counter(told: Remembered, visit: Visit) -> list[Line]:
    """How much is remembered, how old it is, what goes next, what went last."""
    t = visit.t
    count = number(told.reads, t)
    reads = t.many("{count} read remembered", "{count} reads remembered", told.reads, count=count)
    lines = [Line(reads)]
    if told.oldest_days is not None:
        lines.append(Line(t.many("the oldest {n} day old", "the oldest {n} days old",
                                 told.oldest_days)))  # fmt: skip
    lines.append(Line(t("{count} due tonight", count=number(told.due, t))))
    lines.append(_dropped(told, visit))
    if told.overdue:
        lines.append(Line(t("{count} should be gone already", count=number(told.overdue, t)),
                          "faulty"))  # fmt: skip
    return lines


def _dropped(told: Remembered, visit: Visit) -> Line:
    t = visit.t
    if told.dropped_on is None:
        return Line(t("nothing was forgotten here yet"), "faulty")
    count = number(told.dropped, t)
    if not told.forgets_daily:
        on = visit.day(told.dropped_on)
        return Line(t("not forgotten since {day}: {count} dropped then", day=on, count=count),
                    "faulty")  # fmt: skip
    if told.dropped_on == told.day:
        return Line(t("{count} dropped last night", count=count))
    return Line(t("{count} dropped the night before", count=count))


def policies(rules: Retention, t: Words) -> Iterator[Row]:
    """Groups first, then all other cameras, then alerts."""
    for group in rules.groups:
        yield _row(_named(group, t), _days(group.days, t, group.match_and_forget), group.owner,
                   group.policy)  # fmt: skip
    rest = t("all other cameras") if rules.groups else t("all cameras")
    yield _row(rest, _days(rules.days, t))
    yield _row(t("alerts, after they are closed"), _days(rules.alert_days, t))
    for name, days in sorted(rules.lists.items()):
        yield _row(t("closed alerts of the hotlist {name}", name=name), _days(days, t))


def _named(group: Group, t: Words) -> Cell:
    named = sorted(group.cameras)
    named += [t("site {name}", name=site) for site in sorted(group.sites)]
    return (Line(group.name), Line(", ".join(named), "muted"))


def _days(days: int, t: Words, only_hits: bool = False) -> str:
    kept = t.many("{n} day", "{n} days", days)
    return t("only hits, {days}", days=kept) if only_hits else kept


def chain(told: Chain, t: Words) -> list[Line]:
    """Whether all statements hold, and what to note elsewhere."""
    if told.fault:
        return [Line(t("The statements do not hold: {fault}", fault=told.fault), "wrong")]
    if told.newest is None:
        return [Line(t("Nothing was stated yet: the first statement comes within minutes."))]
    holds = t.many(
        "{n} statement: signed by this node and chained.",
        "{n} statements: all signed by this node and chained.",
        told.count,
    )
    note = t(
        "Note the last one elsewhere: number {number}, SHA-256 {sha256}",
        number=told.newest, sha256=told.newest_sha256,
    )  # fmt: skip
    return [Line(holds, "good"), Line(note, "muted")]


def stated(statement: Statement, visit: Visit) -> Row:
    """One statement, without its last cell: that is a link."""
    said, t = statement.said, visit.t
    day = Line(visit.day(stated_on(statement)))
    if said["kind"] != "daily":
        request = Line(t("erasure of one plate, request {name}", name=said["reference"]), "muted")
        removed = number(int(said["reads_removed"]), t)
        return Row(((day, request), (), (Line(removed),), (Line(_pictures(said, t)),),
                    (Line(_alerts(said, t)),)))  # fmt: skip
    due, dropped = rows_of_reads(said["due"]), rows_of_reads(said["dropped"])
    left = [Line(t("{count} still there", count=number(n, t)), "faulty")
            for n in (rows_of_reads(said["still_there"]),) if n]  # fmt: skip
    if files := int(said["files_left"]):
        left.append(Line(t.many("{n} file still there", "{n} files still there", files), "faulty"))
    return Row((
        (day,), (Line(number(due, t)),), (Line(number(dropped, t)), *left),
        (Line(_pictures(said, t)),), (Line(_alerts(said, t)),),
    ))  # fmt: skip


def _pictures(said: dict[str, Any], t: Words) -> str:
    pictures = said["pictures"]
    return number(int(pictures["removed"]) + int(pictures.get("unreferred_removed", 0)), t)


def _alerts(said: dict[str, Any], t: Words) -> str:
    return number(int(said["alerts_forgotten"]["alerts"]), t)


def pinned(case: CaseOfPins, visit: Visit, today: date) -> Row:
    """What one case keeps beyond its time."""
    late = "faulty" if case.review_at <= today else ""
    review = [Line(visit.day(case.review_at), late)]
    if late:
        review.append(Line(visit.t("the review is due"), late))
    return Row((
        (Line(case.case_number),), (Line(number(case.reads, visit.t)),),
        (Line(number(case.plates, visit.t)),), tuple(review),
        (Line(", ".join(case.pinned_by)),),
    ))  # fmt: skip


def asked(one: Asked, visit: Visit) -> Row:
    """A request for erasure, without its plate."""
    return Row((
        (Line(one.reference),), (Line(one.by),), (Line(visit.local(one.begun_at)),),
        tuple(_how_far(one, visit.t)),
    ))  # fmt: skip


def _how_far(one: Asked, t: Words) -> Iterator[Line]:
    if one.stage is ErasureStage.FAILED:
        yield Line(t("failed on the way; asked for again, it goes on where it was"), "faulty")
    elif one.erased is None:
        yield Line(t("under way: files take minutes to go"))
    else:
        yield from _erased(one.erased, t)


def _erased(erased: Erased, t: Words) -> Iterator[Line]:
    yield Line(t.many("done: {n} read removed", "done: {n} reads removed", erased.reads))
    if erased.under_alerts:
        yield Line(t.many("{n} read stays until its alert is decided",
                          "{n} reads stay until their alerts are decided",
                          erased.under_alerts), "faulty")  # fmt: skip
    if erased.pinned:
        cases = ", ".join(erased.cases)
        yield Line(t("{count} stay pinned to {cases}", count=number(erased.pinned, t),
                     cases=cases), "faulty")  # fmt: skip
    if erased.suspected_clones:
        yield Line(t.many("{n} label of a suspected clone stays",
                          "{n} labels of suspected clones stay",
                          erased.suspected_clones), "faulty")  # fmt: skip


def _row(of: str | Cell, kept: str, owner: str = "", policy: str = "") -> Row:
    first = (Line(of),) if isinstance(of, str) else of
    answers = [(Line(text),) if text else () for text in (owner, policy)]
    return Row((first, (Line(kept),), *answers))
