"""The fleet: airspace on the map, airframes, batteries, pilots, limits, and clearing a flight."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.aerial.fleet_clearing import Clearing
from morina.desk.pages.aerial.fleet_fields import limits_of
from morina.desk.pages.aerial.fleet_flown import Flown
from morina.desk.pages.aerial.fleet_forms import Again, Part, Typed, entry, said
from morina.desk.pages.aerial.fleet_map import airspace_map
from morina.desk.pages.aerial.fleet_parts import ALL
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.aerial import SortieState
from morina.sense.aerial.fleet.fleet import (
    Airspace,
    Limits,
    RefusedFleetError,
)
from morina.sense.aerial.fleet.roles import Fleet, ItemKind

LIMITS = (
    Typed(name="height_m", label=mark("Most height above ground, metres"), kind="number"),
    Typed(name="height_source", label=mark("Where that is written")),
    Typed(name="recent_days", label=mark("Practice: a flight within, days"), kind="number"),
    Typed(name="recent_source", label=mark("Where that is written")),
)


async def fleet_page(visit: Visit, sortie: str = "") -> None:
    """All of it; ``sortie`` is the flight to be cleared, where one leads here."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None or aerial.fleet is None:
        show_missing(visit, t("This node keeps no fleet."))
        return
    planned = [one for one in await aerial.sorties.sorties() if one.state is SortieState.PLANNED]
    with frame(visit, t("Fleet"), "/fleet"):
        with tag("div", "", "head"):
            tag("h1", t("Fleet"))
        page = _Page(visit, aerial.fleet)
        if visit.may(Action.FLY):
            page.clearing = Clearing(visit, aerial.fleet, planned, sortie)
            page.flown = Flown(visit, aerial.fleet, page.draw)
        page.parts()
        await page.draw()


class _Page:
    """Drawn anew after each change, part by part."""

    def __init__(self, visit: Visit, fleet: Fleet) -> None:
        self._visit, self._fleet = visit, fleet
        self.clearing: Clearing | None = None
        self.flown: Flown | None = None
        with tag("section", "", "part", aria_label=visit.t("Airspace on the map")):
            self._map = tag("div")
            legend = visit.t("Whole line: forbidden. Dashed line: with permission.")
            tag("p", legend, "muted")

    def parts(self) -> None:
        """The tables with their forms, and the limits, here."""
        visit, fleet = self._visit, self._fleet
        self._parts = {about.kind: Part(visit, fleet, about, self.draw) for about in ALL}
        self._limits = _LimitsPart(visit, fleet, self.draw)

    async def draw(self) -> None:
        """As it is now."""
        self._visit.must(Action.SEE_FLEET)
        state = await self._fleet.state()
        self._draw_map(state.airspace)
        self._parts[ItemKind.AIRFRAME].draw(state.airframes)
        self._parts[ItemKind.BATTERY].draw(state.batteries)
        self._parts[ItemKind.PILOT].draw(state.pilots)
        self._parts[ItemKind.AIRSPACE].draw(state.airspace)
        self._limits.draw(state.limits)
        if self.clearing and self.flown:
            self.clearing.draw(state)
            await self.flown.draw()

    def _draw_map(self, airspace: Sequence[Airspace]) -> None:
        self._map.clear()
        with self._map:
            airspace_map(self._visit, airspace, "420px")


class _LimitsPart:
    """What the authority binds its flights to, and the form that changes it."""

    def __init__(self, visit: Visit, fleet: Fleet, again: Again) -> None:
        self._visit, self._fleet, self._again = visit, fleet, again
        t = visit.t
        with tag("section", "", "part", aria_labelledby="fleet-limits"):
            tag("h2", t("Limits"), id="fleet-limits")
            words = t("The authority's own, each with where it is written. Morina states no law.")
            tag("p", words, "muted")
            self._told = tag("dl", "", "facts")
            self._form: Element | None = None
            if visit.may(Action.CHANGE_FLEET):
                with tag("details"):
                    tag("summary", t("Change the limits"))
                    self._form = tag("div")

    def draw(self, limits: Limits) -> None:
        """As they are."""
        t = self._visit.t
        height = f"{limits.height_m:g} m ({limits.height_source})" if limits.height_m else t("none")
        days = limits.recent_days
        practice = f"{days} ({limits.recent_source})" if days is not None else t("none")
        self._told.clear()
        with self._told:
            for name, told in (
                (t("Most height above ground"), height),
                (t("A flight within, days"), practice),
            ):
                tag("dt", name)
                tag("dd", told)
        if self._form is not None:
            self._draw_form(self._form, limits)

    def _draw_form(self, place: Element, limits: Limits) -> None:
        place.clear()
        with place, form(self._send, "stack"):
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                for typed in LIMITS:
                    entry(self._visit, typed, said(limits, typed.name, self._visit))
            with tag("div", "", "actions"):
                tag("button", self._visit.t("Set the limits"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.CHANGE_FLEET)
        try:
            limits = limits_of(fields, ZoneInfo(visit.user.time_zone))
            await self._fleet.put(limits, visit.user.name, now())
        except RefusedFleetError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        await self._again()
