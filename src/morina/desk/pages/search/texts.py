"""The texts that fit a pattern, each with how often it passed; one press opens its passages."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from morina.desk.pages.markup import tag
from morina.desk.pages.plates import sign
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.grades import grade_words
from morina.desk.pages.search.marked import difference_words, show_marked
from morina.desk.pages.search.warned import show_label
from morina.desk.words import mark
from morina.plates import Plate
from morina.records.finding import FindPassages, FoundText
from morina.records.questions import NO_COUNTRY, Scope
from morina.records.texts import Exact

COLUMNS = (mark("Plate"), mark("Passages"), mark("First"), mark("Last"), "")


def texts_title(desk: Desk, asked: Asked) -> str:
    """How many there are."""
    n = len(asked.answer.found)
    return f"{asked.question.text.asked}: " + desk.visit.t.many("{n} plate", "{n} plates", n)


def texts_next(desk: Desk, asked: Asked) -> None:
    """All passages of all of them."""
    question = asked.question
    all_of_them = FindPassages(scope=question.scope, text=question.text)
    asks(desk, desk.visit.t("All passages of these"), all_of_them)


def show_texts(desk: Desk, asked: Asked) -> None:
    """A table, the most frequent first; where some are closer than others, those first."""
    t = desk.visit.t
    with tag("section", "", "part flush", aria_label=t("Plates found")):
        if not asked.answer.found:
            tag("p", t("Nothing was found."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            graded = any(one.differences for one in asked.answer.found)
            for grade, group in groupby(by_grade(asked.answer.found), lambda one: one.grade):
                with tag("tbody"):
                    if graded:
                        with tag("tr", "", "grade"):
                            tag("th", grade_words(grade, t), colspan=len(COLUMNS), scope="rowgroup")
                    for one in group:
                        _row(desk, asked, one)
        goes_on(desk, asked, t("More plates"))


def by_grade(found: Iterable[FoundText]) -> list[FoundText]:
    """The closest first; among equals as they were."""
    return sorted(found, key=lambda one: one.grade)


def _row(desk: Desk, asked: Asked, one: FoundText) -> None:
    t = desk.visit.t
    with tag("tr"):
        with tag("th", scope="row"):
            sign(one.country, t)
            tag("span", " ")
            show_marked(one.text, one.differences)
            if words := difference_words(one.differences, t):
                tag("div", words, "muted")
            show_label(
                desk, asked.beside.clones, Plate(one.text, one.country) if one.text else None
            )
        tag("td", f"{one.passages:,}", "num", data_label=t("Passages"))
        tag("td", desk.minute(one.first_at), "nowrap", data_label=t("First"))
        tag("td", desk.minute(one.last_at), "nowrap", data_label=t("Last"))
        with tag("td"):
            opened = asks(
                desk,
                t("Passages"),
                FindPassages(scope=_scope(asked, one), text=Exact(one.text)),
                "link",
            )
            if opened is not None:
                opened.props["aria-label"] = t("Passages of {plate}", plate=one.text)


def _scope(asked: Asked, one: FoundText) -> Scope:
    """As asked, and of that country only."""
    scope: Scope = asked.question.scope
    return replace(scope, country=one.country or NO_COUNTRY)
