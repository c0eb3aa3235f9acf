"""Tables of the exchange: rows of cells of lines, narrow screens read them one under another."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui.element import Element

from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell; ``href`` makes it a link."""

    text: str
    classes: str = ""
    href: str = ""


Cell = Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A section with a table, or with ``nothing`` in words where it has no rows.

    ``columns`` are marked texts; ``hint`` stands beneath the title.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    nothing: str = ""
    hint: str = ""
    name: str = ""


def table(visit: Visit, told: Table) -> Element:
    """Show it; returns the section."""
    with tag("section", "", "part flush", **({"id": told.name} if told.name else {})) as part:
        with tag("h2", f"{told.title} "):
            tag("span", str(len(told.rows)), "count")
        if told.hint:
            tag("p", told.hint, "muted pad")
        if not told.rows:
            tag("p", told.nothing or visit.t("Nothing yet."), "empty")
            return part
        with headed(visit, told.columns):
            for row in told.rows:
                with tag("tr"):
                    _cells(visit, told.columns, row)
    return part


@contextmanager
def headed(visit: Visit, columns: Sequence[str]) -> Iterator[None]:
    """A table under these columns, marked texts; the body of the ``with`` draws its rows."""
    with tag("div", "", "scroll"), tag("table", "", "stacks"):
        with tag("thead"), tag("tr"):
            for column in columns:
                tag("th", visit.t(column), scope="col")
        with tag("tbody"):
            yield


def lines(cell: Iterable[Line]) -> None:
    """The lines of one cell."""
    for line in cell:
        with tag("div", "" if line.href else line.text, line.classes):
            if line.href:
                tag("a", line.text, href=line.href)


def _cells(visit: Visit, columns: Sequence[str], row: Sequence[Cell]) -> None:
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        with tag("th", scope="row") if place == 0 else tag("td", data_label=visit.t(column)):
            lines(cell)
