"""Controls of the search form, each with a place under it that says what is wrong with it."""

from collections.abc import Iterable
from datetime import timedelta

from nicegui.element import Element

from morina.accountability import Consultation, Purpose
from morina.desk.pages.fields import countries
from morina.desk.pages.frame import focus
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import say, tag
from morina.desk.pages.search.fields import DAYS, FITS, OWN_TIME, PERIODS, USUAL_PERIOD
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.records.questions import NO_COUNTRY
from morina.sense.cameras import Camera

LOOKS = {
    "make": mark("Make"),
    "model": mark("Model"),
    "colour": mark("Colour"),
    "vehicle_class": mark("Kind of vehicle"),
}
MOST_SUGGESTED = 10


class Controls:
    """Draws them; ``cameras`` are those that can be chosen, ``groups`` names of groups of them."""

    def __init__(self, visit: Visit, cameras: Iterable[Camera], groups: Iterable[str] = ()) -> None:
        self._visit = visit
        self._groups = tuple(groups)
        self._cameras = sorted(cameras, key=lambda one: (one.site, one.name))
        self._wrong: dict[str, Element] = {}
        self.whole: Element

    def refuse(self, name: str, words: str) -> None:
        """Say what is wrong, under its field where it has one."""
        known = self._wrong.get(name)
        say(known or self.whole, words)
        if known is not None:
            focus(known, f"[name={name}]")

    def clear(self) -> None:
        """Nothing is wrong any more."""
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
            periods = {name: t(text) for name, text in PERIODS.items()}
            self.pick(t("When"), "period", periods, USUAL_PERIOD)
            self.where(t("Where"), "where", t("all cameras"))
            with tag("div", "", "own fields"):
                self.span_of("begins_at", "ends_at")
        with tag("details", "", "more-fields"):
            tag("summary", t("More"))
            self._more()

    def day(self) -> None:
        """One day, yesterday unless chosen otherwise."""
        yesterday = (self._visit.here(now()) - timedelta(days=1)).date().isoformat()
        with tag("div", "", "fields asks"):
            self.entry(self._visit.t("Day"), "day", type="date", value=yesterday)

    def areas(self) -> None:
        """Two places, each with its time."""
        t = self._visit.t
        for number in (1, 2):
            with tag("div", "", "fields asks"):
                words = t("Place {number}", number=number)
                self.where(words, f"where{number}", t("choose"))
                self.span_of(f"begins{number}", f"ends{number}")
        with tag("label", "", "tick"):
            tag("input", type="checkbox", name="in_order", value="yes")
            tag("span", t("first at place 1, then at place 2"))

    def purpose(self, kept: Purpose | None, before: Iterable[Consultation]) -> None:
        """Why somebody asks; cases and legal bases of before are suggested."""
        t = self._visit.t
        with tag("fieldset", "", "purposes"):
            tag("legend", t("What for"))
            with tag("div", "", "chips"):
                for code, words in PURPOSES.items():
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
        """A site, a group or one camera."""
        t = self._visit.t
        sites = dict.fromkeys(one.site for one in self._cameras)
        with tag("label", "", "field"):
            tag("span", label, "field-label")
            with tag("select", name=name):
                tag("option", nothing, value="")
                with tag("optgroup", label=t("Sites")):
                    for site in sites:
                        tag("option", site, value=f"site:{site}")
                if self._groups:
                    with tag("optgroup", label=t("Groups")):
                        for group in self._groups:
                            tag("option", group, value=f"group:{group}")
                with tag("optgroup", label=t("Cameras")):
                    for one in self._cameras:
                        tag("option", f"{one.name}, {one.site}", value=f"camera:{one.camera_id}")
            self._under(name)

    def span_of(self, begins: str, ends: str) -> None:
        """From and until, a week ago and now unless typed otherwise."""
        t, here = self._visit.t, self._visit.here(now())
        week_ago = (here - timedelta(days=7)).strftime(OWN_TIME)
        self.entry(t("From, your time"), begins, type="datetime-local", value=week_ago)
        until = here.strftime(OWN_TIME)
        self.entry(t("Until, your time"), ends, type="datetime-local", value=until)

    def _more(self) -> None:
        t = self._visit.t
        with tag("div", "", "fields"):
            self.entry(t("Hours of the day from"), "hours_begin", type="time")
            self.entry(t("Hours of the day until"), "hours_end", type="time")
            some = {"": t("any country"), NO_COUNTRY: t("country not read")}
            self.pick(t("Country"), "country", some | countries(t))
            for name, words in LOOKS.items():
                self.entry(t(words), name, maxlength="40")
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

    def _under(self, name: str) -> None:
        self._wrong[name] = tag("span", "", "field-wrong", role="alert")
