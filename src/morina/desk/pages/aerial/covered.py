"""What was looked at: how long ago, how likely a thing there was found, and where to fly again."""

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.coverages import KINDS as FOUND
from morina.desk.coverages import Layers, Wanted, area_around, area_of, of_area, of_flight
from morina.desk.pages.aerial.around_fields import around_fields, around_unwritten, reach_m
from morina.desk.pages.aerial.player import Chart
from morina.desk.pages.aerial.words import KINDS, degrees
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.aerial import ObjectKind, Sortie
from morina.sense.aerial.coverage.grid import RefusedAreaError
from morina.sense.aerial.coverage.shown import AGES, CHANCES, Colour

OLD = (
    mark("up to an hour ago"), mark("up to six hours ago"), mark("up to a day ago"),
    mark("up to a week ago"),
)  # fmt: skip
AGE, CHANCE = "age", "chance"
ONE, ALL = "one", "all"
ASSUMED = (
    mark("what can be seen at all lies open and does not move"),
    mark("the detector finds as many as in its test, where they are large enough in the picture"),
    mark("what is looked at flatly is hidden in proportion"),
)
"""What the chance rests on; docs/aerial.md has the figures."""


class CoveredGround:
    """The form; the layer and its gaps lie on the map beside the video."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie | None, chart: Chart
    ) -> None:
        self._visit, self._aerial, self._sortie, self._chart = visit, aerial, sortie, chart
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("What was looked at?"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    self._where()
                    shows = {CHANCE: t("by the chance of finding"), AGE: t("by age")}
                    choice(t("Show"), "show", shows)
                    choice(t("Looked for"), "kind", {one.value: t(KINDS[one]) for one in FOUND})
                    field(t("Gap under, percent"), "least", value="50", inputmode="numeric",
                          maxlength=2)  # fmt: skip
                with tag("div", "", "actions"):
                    tag("button", t("Show it on the map"), type="submit")
                    button(t("Take it off the map"), self._clear, "quiet")
            self._said = tag("div", "", "", role="status")

    def _where(self) -> None:
        """Of which flights, and of what area."""
        t = self._visit.t
        if self._sortie is None:
            around_fields(t)
            return
        flights = {ONE: t("this flight"), ALL: t("all flights kept, in this area")}
        choice(t("Flights"), "flights", flights)

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.SEE_SORTIES)
        self._said.clear()
        try:
            wanted = _wanted(fields)
            layers = await self._layers(fields, wanted)
        except RefusedAreaError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        except ValueError:
            say(self._wrong, self._unwritten())
            return
        say(self._wrong, "")
        by_age = fields.get("show") == AGE
        png = layers.age_png if by_age else layers.chance_png
        self._chart.tell("layer", "coverage", {"bounds": layers.bounds, "png": png})
        self._chart.tell("gaps", layers.gaps)
        with self._said:
            self._told(layers, wanted, by_age)

    def _unwritten(self) -> str:
        """What is to be written, and how."""
        t = self._visit.t
        share = t("Write a percentage from 1 to 99.")
        return share if self._sortie else f"{around_unwritten(t)} {share}"

    async def _layers(self, fields: Fields, wanted: Wanted) -> Layers:
        aerial = self._aerial
        if self._sortie is None:
            grid = area_around(*degrees(fields), reach_m(fields))
        elif fields.get("flights", ONE) == ONE:
            return await of_flight(aerial, self._sortie.sortie_id, wanted)
        else:
            grid = await area_of(aerial, self._sortie.sortie_id)
        return await of_area(aerial, grid, (None, now()), wanted)

    def _told(self, layers: Layers, wanted: Wanted, by_age: bool) -> None:
        t = self._visit.t
        with tag("ul", "", "colours"):
            for name, colour in _legend(by_age):
                with tag("li"):
                    tag("span", "", "colour", style=f"background: {_css(colour)}")
                    tag("span", t(name) if by_age else t("up to {share}", share=name))
        mean = t(
            "Over the whole area a {kind} was found with a chance of {share}.",
            kind=t(KINDS[wanted.kind]), share=f"{layers.mean:.0%}",
        )  # fmt: skip
        tag("p", mean)
        n = len(layers.gaps["features"])
        gaps = t.many("{n} gap to fly again is outlined.", "{n} gaps to fly again are outlined.", n)
        tag("p", gaps)
        with tag("details"):
            tag("summary", t("What the chance assumes"))
            with tag("ul", "", "bullets"):
                for one in ASSUMED:
                    tag("li", t(one))

    async def _clear(self) -> None:
        self._chart.tell("layer", "coverage", None)
        self._chart.tell("gaps", None)
        self._said.clear()


def _wanted(fields: Fields) -> Wanted:
    """What was chosen; ValueError."""
    least = int(fields.get("least", ""))
    if not 0 < least < 100:
        raise ValueError("no percentage")
    return Wanted(ObjectKind(fields.get("kind", FOUND[0].value)), least / 100)


def _legend(by_age: bool) -> list[tuple[str, Colour]]:
    """Words and colours of the layer, but for what is left clear."""
    if by_age:
        return list(zip(OLD, list(AGES.values()), strict=False))
    return [(f"{limit:.0%}", colour) for limit, colour in CHANCES.items() if colour[3]]


def _css(colour: Colour) -> str:
    red, green, blue, alpha = colour
    return f"rgb({red} {green} {blue} / {alpha / 255:.2f})"
