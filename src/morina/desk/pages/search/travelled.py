"""Who travelled with a vehicle: what speaks for it, and where they were met."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui.element import Element

from morina.desk.pages.frame import focus
from morina.desk.pages.markup import button, tag
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.track import Stop, show_track
from morina.desk.pages.search.warned import show_label
from morina.desk.said import translated_parts
from morina.desk.spans import span
from morina.plates import Plate
from morina.records.convoy import Convoy
from morina.records.convoy_companion import Companion, MetAt
from morina.records.finding import FindPassages
from morina.records.questions import Scope
from morina.records.texts import Exact


def travelled_title(desk: Desk, asked: Asked) -> str:
    """Whose companions these are."""
    return desk.visit.t("Who travelled with {plate}", plate=asked.question.plate)


def travelled_next(desk: Desk, asked: Asked) -> None:
    """The same with those whom chance explains."""
    question: Convoy = asked.question
    if not question.chance_too:
        wider = replace(question, chance_too=True, after="")
        asks(desk, desk.visit.t("Show also those whom chance explains"), wider)


def show_travelled(desk: Desk, asked: Asked) -> None:
    """A list beside the map of the meetings with the one chosen."""
    t = desk.visit.t
    if not asked.answer.found:
        tag("p", t("Nobody was met more often than chance explains."), "part")
        return
    with tag("div", "", "found picked"):
        with tag("section", "", "part flush", aria_labelledby="companions"):
            tag("h2", t("Vehicles, the least explained by chance first"), id="companions")
            rule = t(
                "Met means: at the same place at most {span} apart. A score names a coincidence,"
                " not a person: look at the pictures and judge.",
                span=span(asked.question.rule.within_s, t),
            )
            tag("p", rule, "empty")
            companions = tag("ol", "", "companions")
            goes_on(desk, asked, t("More vehicles"))
        met = _Met(desk, tag("div", "", "", aria_live="polite"))
        with companions:
            for one in asked.answer.found:
                _companion(desk, asked, one, met)
    met.draw(asked.answer.found[0])


class _Met:
    """The meetings with one vehicle: map and list."""

    def __init__(self, desk: Desk, place: Element) -> None:
        self._desk = desk
        self._place = place

    def choose(self, one: Companion) -> Callable[[], Awaitable[None]]:
        """What a press on "Where they met" does."""

        async def chosen() -> None:
            self.draw(one)
            focus(self._place, ".picked .morina-map")

        return chosen

    def draw(self, one: Companion) -> None:
        """Map, then each meeting, oldest first."""
        t = self._desk.visit.t
        met = sorted(one.met, key=lambda each: each.at)
        self._place.clear()
        with self._place:
            show_track(
                self._desk, [Stop(n, each.camera_id, each.at) for n, each in enumerate(met, 1)]
            )
            with tag("section", "", "part flush", aria_labelledby="met"):
                tag("h2", t("Met {plate}", plate=one.plate), id="met")
                with tag("ol", "", "meetings"):
                    for number, each in enumerate(met, 1):
                        with tag("li"):
                            tag("span", str(number), "number")
                            with tag("div"):
                                tag("span", self._desk.camera(each.camera_id))
                                tag("span", " " + _later(each, self._desk), "muted")
                            tag("time", self._desk.second(each.at), datetime=each.at.isoformat())


def _later(one: MetAt, desk: Desk) -> str:
    t = desk.visit.t
    if one.later_s == 0:
        return t("in the same second")
    apart = span(abs(one.later_s), t)
    after = one.later_s > 0
    return t("{span} after it", span=apart) if after else t("{span} before it", span=apart)


def _companion(desk: Desk, asked: Asked, one: Companion, met: _Met) -> None:
    t = desk.visit.t
    with tag("li"):
        with tag("div", "", "who"):
            tag("span", one.plate, "text")
            show_label(desk, asked.beside.clones, Plate(one.plate, None))
            if one.perhaps_itself:
                tag("span", t("perhaps {plate} misread", plate=asked.question.plate), "state late")
            elif one.convoy:
                tag("span", t("chance does not explain it"), "state acknowledged")
            else:
                tag("span", t("chance explains it"), "state closed")
        tag("p", translated_parts(one.words, t))
        with tag("div", "", "actions"):
            button(t("Where they met"), met.choose(one), aria_label=_met_label(one, desk))
            question = FindPassages(
                scope=Scope(period=asked.question.scope.period), text=Exact(one.plate)
            )
            opened = asks(desk, t("Its passages"), question)
            if opened is not None:
                opened.props["aria-label"] = t("Passages of {plate}", plate=one.plate)


def _met_label(one: Companion, desk: Desk) -> str:
    return desk.visit.t("Where they met: {plate}", plate=one.plate)
