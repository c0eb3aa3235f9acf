"""The control that says where: a choice, and below it the map to draw on or the list to tick."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.desk.map import Mark, draw_on, show_map
from morina.desk.pages.markup import Fields, say, tag
from morina.desk.pages.search.where import AREA, SEVERAL, STRIP, Places, drawn_of, standing_in
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.records.kinds import RefusedQuestionError
from morina.sense.cameras import Camera

WAYS = {
    AREA: mark("an area on the map"),
    STRIP: mark("along a road"),
    SEVERAL: mark("several of a list"),
}
USUAL_WITHIN_M = 300
FILTERED_FROM = 12
"""A list of so many is given a filter."""

MOST_TOLD = 5
FILTER = (
    "(e) => e.target.closest('fieldset').querySelectorAll('.tick').forEach((one) => {"
    " one.hidden = !one.textContent.toLowerCase().includes(e.target.value.toLowerCase()) })"
)
Under = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """One question where: its label, the name its fields begin with, and what nothing means."""

    label: str
    name: str
    nothing: str


class WhereControl:
    """Draws it; ``under`` makes the place that says what is wrong with a field."""

    def __init__(self, visit: Visit, known: Places, asks: Asks, under: Under) -> None:
        self._visit = visit
        self._known = known
        self._asks = asks
        self._under = under
        with tag("label", "", "field"):
            tag("span", asks.label, "field-label")
            with tag("select", name=asks.name) as select:
                self._options()
            under(asks.name)
        self._panel = tag("div", "", "where-panel")
        select.on("change", self._chosen, js_handler="(e) => emit(e.target.value)")

    def _options(self) -> None:
        t = self._visit.t
        tag("option", self._asks.nothing, value="")
        for way, words in WAYS.items():
            tag("option", t(words), value=way)
        for label, options in self._one_of().items():
            if options:
                with tag("optgroup", label=label):
                    for value, text in options.items():
                        tag("option", text, value=value)

    def _one_of(self) -> dict[str, dict[str, str]]:
        """By heading, what can be chosen: value to text."""
        t, known = self._visit.t, self._known
        return {
            t("Sites"): {f"site:{one.site}": one.site for one in known.cameras},
            t("Groups"): {f"group:{one}": one for one in known.groups},
            t("Cameras"): {
                f"camera:{one.camera_id}": f"{one.name}, {one.site}" for one in known.cameras
            },
        }

    def _chosen(self, event: GenericEventArguments) -> None:
        """Show what the choice needs besides."""
        self._panel.clear()
        with self._panel:
            if event.args in (AREA, STRIP):
                self._map(str(event.args))
            elif event.args == SEVERAL:
                self._list()

    def _map(self, way: str) -> None:
        """The map, and the same in figures for those who do not draw."""
        t, name = self._visit.t, self._asks.name
        shown = show_map([_mark(one) for one in self._known.cameras], height="340px", translate=t)
        tag("p", t("Press the map to set a corner, drag a corner to move it, press it to take it"
                   " out. By keyboard: arrow keys move the map, Enter sets a corner at its middle;"
                   " or type the places below."), "hint")  # fmt: skip
        with tag("div", "", "fields"):
            with tag("label", "", "field spots"):
                tag("span", t("Latitude and longitude of each, between semicolons"), "field-label")
                spots = tag("input", type="text", name=f"{name}_spots", autocomplete="off",
                            placeholder="42.05 20.40; 42.10 20.45", maxlength="20000")  # fmt: skip
                self._under(f"{name}_spots")
            if way == STRIP:
                within = self._within()
        with tag("div", "", "actions"):
            for takes, words in (
                ("last", t("Take the last corner out")),
                ("all", t("Begin anew")),
            ):
                tag("button", words, type="button", data_draws=f"{name}_spots", data_takes=takes)
        told = tag("p", "", "muted", role="status")
        draw_on(shown, f"{name}_spots", f"{name}_within" if way == STRIP else "", translate=t)
        telling = _Telling(self._visit, self._known, {name: way}, told)
        telling.listen(spots, f"{name}_spots")
        if way == STRIP:
            telling.listen(within, f"{name}_within", str(USUAL_WITHIN_M))

    def _within(self) -> Element:
        name, t = f"{self._asks.name}_within", self._visit.t
        with tag("label", "", "field"):
            tag("span", t("Metres on either side"), "field-label")
            within = tag("input", type="number", name=name, value=USUAL_WITHIN_M, min=1, max=50_000)
            self._under(name)
        return within

    def _list(self) -> None:
        """Sites, groups and cameras to tick."""
        t, name = self._visit.t, self._asks.name
        with tag("fieldset", "", "ticks"):
            tag("legend", self._asks.label)
            if len(self._known.cameras) >= FILTERED_FROM:
                find = tag("input", type="search", placeholder=t("Filter"), aria_label=t("Filter"))
                find.on("input", js_handler=FILTER)
                find.on("keydown.enter.prevent", js_handler="() => {}")
            with tag("div", "", "tick-list"):
                for heading, options in self._one_of().items():
                    for value, text in options.items():
                        with tag("label", "", "tick"):
                            tag("input", type="checkbox", name=f"{name}_at:{value}", value="yes")
                            tag("span", f"{text} ({heading})" if "camera:" not in value else text)
            self._under(f"{name}_several")


class _Telling:
    """Says which cameras stand in what is drawn, while it is drawn."""

    def __init__(self, visit: Visit, known: Places, fields: Fields, told: Element) -> None:
        self._visit = visit
        self._known = known
        self._fields = fields
        self._told = told

    def listen(self, field: Element, name: str, value: str = "") -> None:
        """Follow one field."""

        def changed(event: GenericEventArguments) -> None:
            self._fields[name] = str(event.args)
            self._tell()

        self._fields[name] = value
        emit = "(e) => emit(e.target.value)"
        field.on("input", changed, throttle=0.3, leading_events=False, js_handler=emit)

    def _tell(self) -> None:
        t = self._visit.t
        [name] = [one for one, value in self._fields.items() if value in (AREA, STRIP)]
        try:
            there = standing_in(drawn_of(self._fields, name), self._known.cameras)
        except RefusedQuestionError:
            say(self._told, "")
            return
        names = [one.name for one in self._known.cameras if one.camera_id in there]
        words = t.many("{n} camera stands there", "{n} cameras stand there", len(names))
        listed = ", ".join(names[:MOST_TOLD]) + (" ..." if len(names) > MOST_TOLD else "")
        say(self._told, f"{words}: {listed}" if names else words)


def _mark(one: Camera) -> Mark:
    return Mark(one.name, one.latitude, one.longitude, one.bearing)
