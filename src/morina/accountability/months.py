"""What may be told to everybody of the trail: counts by the month, no names, no plates.

Each entry counts in one row at most and no sums are told, so that a small count that is not shown
cannot be worked out from the others.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, Self

from morina.accountability.trail import Act

_OF_ALERT = {"confirm": "hits_confirmed", "reject": "hits_rejected"}
_OF_QUESTION = {"failed": "questions_without_answer", "answered": ""}

MEANINGS: Mapping[str, str] = {
    "collection": "reads kept",
    "alteration": "changes to hotlists, alerts, reads and cases",
    "consultation": "questions asked",
    "combination": "times reads were compared and alerts raised",
    "disclosure": "disclosures to partners",
    "export": "answers taken out for a case",
    "erasure": "runs of forgetting on time",
    "plates_erased": "requests on which one plate was erased",
    "hits_confirmed": "hits confirmed by an officer",
    "hits_rejected": "hits rejected by an officer",
    "questions_without_answer": "questions that got no answer",
    "shown": "times alerts, hotlists, passing reads or pictures were opened, counted once an hour",
    "trail_read": "looks at the trail by those who oversee",
    "trail_checked": "checks of the whole trail",
    "sign_in_refused": "attempts to sign in refused",
    "approval": "requests decided by a second person",
    "approvals_refused": "requests refused by a second person",
    "configuration": "changes to accounts, tokens and cameras",
}
"""Row to what it counts; other acts go by their own name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one month that are alike: how many, and how many objects they name together."""

    month: str
    act: str
    kind: str
    step: str
    code: str
    entries: int
    objects: int


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """How often; ``code`` is the purpose, empty where an act has none."""

    what: str
    code: str
    count: int

    def shown(self, fewer_than: int) -> str:
        """The count as everybody may see it."""
        small = 0 < self.count < fewer_than
        return f"fewer than {fewer_than}" if small else str(self.count)

    def said(self, fewer_than: int) -> dict[str, Any]:
        """As JSON: ``count`` is null where it is small."""
        small = 0 < self.count < fewer_than
        return {
            "what": self.what, "meaning": MEANINGS.get(self.what, self.what.replace("_", " ")),
            "purpose": self.code, "count": None if small else self.count,
            "shown": self.shown(fewer_than),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """One month, UTC, such as 2026-03. ``over`` says that nothing more comes to it."""

    month: str
    over: bool
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, month: str, groups: Iterable[Group], now: datetime) -> Self:
        """Count the groups of this month."""
        counts: dict[tuple[str, str], int] = {}
        for group in groups:
            if group.month == month and (what := counted_as(group)):
                n = group.objects if what == Act.COLLECTION.value else group.entries
                key = (what, group.code)
                counts[key] = counts.get(key, 0) + n
        rows = sorted(Row(what, code, n) for (what, code), n in counts.items())
        return cls(month, month < now.astimezone(UTC).strftime("%Y-%m"), tuple(rows))

    def said(self, fewer_than: int) -> dict[str, Any]:
        """As JSON."""
        return {
            "month": self.month, "over": self.over, "fewer_than": fewer_than,
            "rows": [row.said(fewer_than) for row in self.rows],
        }  # fmt: skip

    def as_csv(self, fewer_than: int) -> str:
        """As a table for a spreadsheet."""
        written = io.StringIO()
        table = csv.writer(written, lineterminator="\n")
        table.writerow(("month", "what", "meaning", "purpose", "count"))
        for row in self.rows:
            said = row.said(fewer_than)
            table.writerow((self.month, row.what, said["meaning"], row.code, said["shown"]))
        return written.getvalue()

    def as_html(self, fewer_than: int, authority: str) -> str:
        """As a page that needs nothing else; texts are escaped."""
        title = f"{escape(authority) or 'Plate reading'}: use in {self.month}"
        lines = "".join(
            f"<tr><td>{escape(str(said['meaning']))}</td><td>{escape(row.code.replace('_', ' '))}"
            f"</td><td>{escape(str(said['shown']))}</td></tr>\n"
            for row in self.rows
            for said in (row.said(fewer_than),)
        )
        return (
            f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>\n'
            "<style>body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
            "td,th{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #bbb}"
            f"</style>\n<h1>{title}</h1>\n<p>Counted from the trail of the system. Counts from 1 "
            f"to {fewer_than - 1} are shown as fewer than {fewer_than}.</p>\n<table><thead><tr>"
            "<th>What</th><th>Purpose</th><th>How often</th></tr></thead><tbody>\n"
            f"{lines}</tbody></table></html>\n"
        )


def counted_as(group: Group) -> str:
    """The row an entry counts in, empty where in none: its beginning or end counts already."""
    act, kind, step = group.act, group.kind, group.step
    if act == Act.COLLECTION.value:
        return act if step == "closed" else ""
    if kind == "alert" and step in _OF_ALERT:
        return _OF_ALERT[step]
    if kind == "consultation" and step in _OF_QUESTION:
        return _OF_QUESTION[step]
    if act == Act.CONSULTATION.value and step == "shown":
        return step
    if kind == "check of the trail":
        return "trail_checked"
    if kind == "trail" and act == Act.CONSULTATION.value:
        return "trail_read"
    if act == Act.APPROVAL.value and step.startswith("refus"):
        return "approvals_refused"
    if act == Act.ERASURE.value and kind == "consultation":
        return "plates_erased"
    if act == Act.ERASURE.value and step != "forgotten":
        return ""
    return act
