"""Which vehicles were at two places, each at its time."""

from dataclasses import replace

from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.warned import show_label
from morina.desk.said import translated
from morina.desk.words import mark
from morina.plates import Plate
from morina.records.both_places import InAll, Stay
from morina.records.finding import FindPassages
from morina.records.texts import Exact

PLATE = mark("Plate")


def both_title(desk: Desk, asked: Asked) -> str:
    """The places."""
    names = ", ".join(names_of(desk, asked))
    if len(asked.question.areas) > 2:
        return desk.visit.t("At all these places: {names}", names=names)
    return desk.visit.t("At both places: {names}", names=names)


def names_of(desk: Desk, asked: Asked) -> list[str]:
    """What the places are called; one that was drawn has a number."""
    return [translated(area.name, desk.visit.t) for area in asked.question.areas]


def show_both(desk: Desk, asked: Asked) -> None:
    """A table: the plate, and when it was where."""
    t = desk.visit.t
    with tag("section", "", "part flush", aria_label=t("Plates found")):
        if not asked.answer.found:
            tag("p", t("Nothing was found."), "empty")
            return
        names = names_of(desk, asked)
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in (t(PLATE), *names, ""):
                    tag("th", column, scope="col")
            with tag("tbody"):
                for one in asked.answer.found:
                    _row(desk, asked, one, names)
        goes_on(desk, asked, t("More plates"))


def _row(desk: Desk, asked: Asked, one: InAll, names: list[str]) -> None:
    t = desk.visit.t
    with tag("tr"):
        with tag("th", scope="row"):
            for text in one.texts:
                tag("div", text, "text")
                show_label(desk, asked.beside.clones, Plate(text, None))
        for name, stay in zip(names, one.stays, strict=True):
            tag("td", _stay(desk, stay), data_label=name)
        with tag("td"):
            scope = replace(asked.question.scope, cameras=None)
            question = FindPassages(scope=scope, text=Exact(one.texts[0]))
            opened = asks(desk, t("Passages"), question, "link")
            if opened is not None:
                opened.props["aria-label"] = t("Passages of {plate}", plate=one.texts[0])


def _stay(desk: Desk, stay: Stay) -> str:
    if stay.passages == 1:
        return desk.second(stay.first_at)
    ends = f"{desk.second(stay.first_at)} - {desk.second(stay.last_at)}"
    return f"{ends} ({desk.visit.t.many('{n} passage', '{n} passages', stay.passages)})"
