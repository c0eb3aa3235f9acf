"""Controls of the search form, each with a place under it that says what is wrong with it."""

from collections.abc import Iterable
from datetime import timedelta

from nicegui.element import Element

from morina.accountability import Consultation, Purpose
from morina.desk.pages.fields import countries
from morina.desk.pages.frame import focus
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.search.fields import (
    DAYS,
    FITS,
    OWN_TIME,
    USUAL_PERIOD,
    VEHICLES,
    back_of,
    periods,
)
from morina.desk.pages.search.where import Places
from morina.desk.pages.search.where_control import Asks, WhereControl
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.records.both_places import MOST_AREAS
from morina.records.questions import NO_COUNTRY

LOOKS = {
    "make": mark("Make"),
    "model": mark("Model"),
    "colour": mark("Colour"),
}
MOST_SUGGESTED = 10


class Controls:
    """Draws them; ``known`` is where can be looked."""

    def __init__(self, visit: Visit, known: Places) -> None:
        self._visit = visit
        self._known = known
        self._wrong: dict[str, Element] = {}
        self.whole: Element

    def refuse(self, name: str, words: str) -> None:
        """Say what is wrong, under its field where it has one."""
        self._forget_gone()
        known = self._wrong.get(name)
        say(known or self.whole, words)
        if known is not None:
            focus(known, f"[name={name}]")

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._forget_gone()
        for place in (self.whole, *self._wrong.values()):
            say(place, "")

    def entry(self, label: str, name: str, hint: str = "", /, **attributes: object) -> None:
        """A field to type in."""
        with tag("label", "", "field"):
            tag("span", label, "field-label")
            tag("input", name=name, **{"type": "text", "autocomplete": "off"} | attributes)
            if hint:
                tag("span", hint, "hint")
            self._under(name)

    def pick(self, label: str, name: str, options: dict[str, str], chosen: str = "") -> None:
        """A choice of value to text."""
        with tag("label", "", "field"):
            tag("span", label, "field-label")
            with tag("select", name=name):
                for value, text in options.items():
                    tag("option", text, value=value, selected=value == chosen)
            self._under(name)

    def plate(self) -> None:
        """The plate, how it must fit, when, where, and what is folded away."""
        t = self._visit.t
        with tag("div", "", "fields asks"):
            self.entry(t("Plate"), "plate", **{"class": "typed", "maxlength": "20"})
            self.pick(t("Find"), "fits", {name: t(text) for name, text in FITS.items()})
            with tag("div", "", "of-length"):
                hint = t("left empty where it is not known")
                self.entry(
                    t("Characters in all"), "length", hint, inputmode="numeric", maxlength="2"
                )
            chosen = periods(back_of(self._visit.services), t)
            self.pick(t("When"), "period", chosen, USUAL_PERIOD)
            self.where(t("Where"), "where", t("all cameras"))
            with tag("div", "", "own-times fields"):
                self.span_of("begins_at", "ends_at")
        with tag("details", "", "more-fields"):
            tag("summary", t("More"))
            self.more()

    def day(self) -> None:
        """One day, yesterday unless chosen otherwise, and where."""
        t = self._visit.t
        yesterday = (self._visit.here(now()) - timedelta(days=1)).date().isoformat()
        with tag("div", "", "fields asks"):
            self.entry(t("Day"), "day", type="date", value=yesterday)
            self.where(t("Where"), "where", t("all cameras"))

    def areas(self) -> None:
        """Two places or more, each with its time."""
        t = self._visit.t
        places = tag("div")
        drawn = 0

        async def another() -> None:
            nonlocal drawn
            drawn += 1
            with places:
                self._area(drawn)
            more.set_visibility(drawn < MOST_AREAS)

        with tag("div", "", "actions"):
            more = button(t("One place more"), another)
        for _ in range(2):
            drawn += 1
            with places:
                self._area(drawn)
        with tag("div", "", "fields"):
            hint = t("empty: any time between")
            self.entry(t("Minutes from one to the next"), "apart", hint, inputmode="numeric")
        self._tick("in_order", t("in this order: first at place 1, then at place 2"))
        self._tick("look_alikes", t("take look-alikes for one vehicle"))

    def _area(self, number: int) -> None:
        t = self._visit.t
        with tag("div", "", "fields asks"):
            words = t("Place {number}", number=number)
            self.where(words, f"where{number}", t("choose"))
            self.span_of(f"begins{number}", f"ends{number}")

    def _tick(self, name: str, words: str) -> None:
        with tag("label", "", "tick"):
            tag("input", type="checkbox", name=name, value="yes")
            tag("span", words)

    def purpose(self, kept: Purpose | None, before: Iterable[Consultation]) -> None:
        """Why somebody asks; cases and legal bases of before are suggested."""
        t = self._visit.t
        with tag("fieldset", "", "purposes"):
            tag("legend", t("What for"))
            with tag("div", "", "chips"):
                barred = self._visit.services.search.asking.rules.clearance.barred
                for code, words in PURPOSES.items():
                    if code in barred:
                        continue
                    with tag("label", "", "chip"):
                        checked = kept is not None and kept.code is code
                        tag("input", type="radio", name="code", value=code.value, checked=checked)
                        tag("span", t(words))
            self._under("code")
            with tag("div", "", "fields"):
                self._reason("case_number", t("Case number"), kept, before)
                self._reason("legal_basis", t("Legal basis"), kept, before)
                self._reason("justification", t("What is looked for, and why"), kept, ())

    def where(self, label: str, name: str, nothing: str) -> None:
        """A site, a group, cameras, or what is drawn on the map."""
        asks = Asks(label=label, name=name, nothing=nothing)
        WhereControl(self._visit, self._known, asks, self._under)

    def span_of(self, begins: str, ends: str) -> None:
        """From and until, a week ago and now unless typed otherwise."""
        t, here = self._visit.t, self._visit.here(now())
        week_ago = (here - timedelta(days=7)).strftime(OWN_TIME)
        self.entry(t("From, your time"), begins, type="datetime-local", value=week_ago)
        until = here.strftime(OWN_TIME)
        self.entry(t("Until, your time"), ends, type="datetime-local", value=until)

    def more(self) -> None:
        """What is seldom asked for besides."""
        t = self._visit.t
        with tag("div", "", "fields"):
            self.entry(t("Hours of the day from"), "hours_begin", type="time")
            self.entry(t("Hours of the day until"), "hours_end", type="time")
            some = {"": t("any country"), NO_COUNTRY: t("country not read")}
            self.pick(t("Country"), "country", some | countries(t))
            for name, words in LOOKS.items():
                self.entry(t(words), name, maxlength="40")
            kinds = {"": t("any kind")} | {name: t(words) for name, words in VEHICLES.items()}
            self.pick(t("Kind of vehicle"), "vehicle_class", kinds)
        with tag("fieldset", "", "days"):
            tag("legend", t("Days of the week"))
            with tag("div", "", "chips"):
                for number, day in enumerate(DAYS):
                    with tag("label", "", "chip"):
                        tag("input", type="checkbox", name=f"day{number}", value="yes")
                        tag("span", t(day))

    def _reason(
        self, name: str, label: str, kept: Purpose | None, before: Iterable[Consultation]
    ) -> None:
        known = list(dict.fromkeys(getattr(one.purpose, name) for one in before))
        value = getattr(kept, name) if kept else ""
        self.entry(label, name, value=value, list=f"{name}-known", maxlength="200")
        with tag("datalist", id=f"{name}-known"):
            for one in known[:MOST_SUGGESTED]:
                tag("option", value=one)

    def _forget_gone(self) -> None:
        """Fields that were taken off the form have no place for words any more."""
        self._wrong = {name: one for name, one in self._wrong.items() if not one.is_deleted}

    def _under(self, name: str) -> None:
        self._wrong[name] = tag("span", "", "field-wrong", role="alert")
