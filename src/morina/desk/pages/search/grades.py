"""Texts like the one asked for, grouped by how many characters differ, the closest first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Asked, Desk, asks
from morina.desk.pages.search.marked import difference_words, show_marked
from morina.desk.pages.search.warned import show_label
from morina.desk.words import Words
from morina.plates import Plate
from morina.records.finding import Found
from morina.records.patterns import Difference
from morina.records.texts import Exact


@dataclass(frozen=True, slots=True)
class Alike:
    """One text found, where it differs, and how many passages of it are shown."""

    text: str
    differences: tuple[Difference, ...]
    passages: int

    @property
    def grade(self) -> int:
        """How many places differ."""
        return len(self.differences)


def alike(found: Iterable[Found]) -> list[Alike]:
    """The texts of these passages, the closest first, then the most frequent."""
    counted = Counter((one.text, one.differences) for one in found if one.text)
    texts = [Alike(text, differences, n) for (text, differences), n in counted.items()]
    return sorted(texts, key=lambda one: (one.grade, -one.passages, one.text))


def grade_words(grade: int, t: Words) -> str:
    """A heading for the texts of one grade."""
    if grade == 0:
        return t("as asked for")
    return t.many("{n} character differs", "{n} characters differ", grade)


def show_grades(desk: Desk, asked: Asked) -> None:
    """Each text with what differs; a press opens its passages alone."""
    t, texts = desk.visit.t, alike(asked.answer.found)
    with tag("section", "", "part flush grades", aria_labelledby="alike"):
        tag("h2", t("Texts found, the closest first"), id="alike")
        if asked.answer.more:
            tag("p", t("Counted in the passages shown below; there are older ones."), "empty")
        for grade, group in groupby(texts, lambda one: one.grade):
            tag("h3", grade_words(grade, t), "day")
            with tag("ul"):
                _texts(desk, asked, list(group))


def _texts(desk: Desk, asked: Asked, texts: Sequence[Alike]) -> None:
    t = desk.visit.t
    for one in texts:
        with tag("li", "", "alike"):
            show_marked(one.text, one.differences)
            if words := difference_words(one.differences, t):
                tag("span", words, "muted")
            show_label(desk, asked.beside.clones, Plate(one.text, None))
            alone = replace(asked.question, text=Exact(one.text), after="")
            words = t.many("{n} passage", "{n} passages", one.passages)
            opened = asks(desk, words, alone, "link")
            if opened is not None:
                opened.props["aria-label"] = t("Passages of {plate}", plate=one.text)
