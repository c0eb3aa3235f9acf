"""The drone flights of this node: how each is, and the form to plan one."""

from collections.abc import Sequence
from dataclasses import replace

from nicegui import ui
from nicegui.element import Element

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.planning import Planning
from morina.desk.pages.aerial.words import STATES, lacks_said, state_said
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.aerial import Sortie, SortieState

ASK_EVERY_S = 2.0
COLUMNS = (
    mark("Sortie"), mark("State"), mark("Flown"), mark("Airframe"), mark("Pilot"), mark("Lacks"),
    mark("Forgotten on"),
)  # fmt: skip


async def sorties_page(visit: Visit) -> None:
    """Newest first, kept true for as long as the page is open."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None:
        show_missing(visit, t("This node keeps no drone flights."))
        return
    with frame(visit, t("Sorties"), "/sorties"):
        with tag("div", "", "head"):
            tag("h1", t("Sorties"))
            said = t(
                "Video and tracks of a flight are forgotten after {n} days.", n=aerial.keep_days
            )
            tag("span", said, "muted")
            with tag("div", "", "actions"):
                tag("a", t("Ground seen"), "button", href="/ground")
        if visit.may(Action.FLY):
            Planning(visit, aerial)
        table = _Table(visit, aerial)
        await table.draw()
        ui.timer(ASK_EVERY_S, table.draw, immediate=False)


class _Table:
    """Drawn anew only where a flight came or changed; progress is told in its place."""

    def __init__(self, visit: Visit, aerial: AerialServices) -> None:
        self._visit, self._aerial = visit, aerial
        self._drawn: list[Sortie] | None = None
        self._states: dict[str, Element] = {}
        self._place = tag("section", "", "part flush", aria_label=visit.t("Sorties"))

    async def draw(self) -> None:
        """The flights as they are now."""
        self._visit.must(Action.SEE_SORTIES)
        found = list(await self._aerial.sorties.sorties())
        still = [replace(one, done=0.0) for one in found]
        if still != self._drawn:
            self._drawn, self._states = still, {}
            self._place.clear()
            with self._place:
                self._rows(found)
        for one in found:
            say(self._states[str(one.sortie_id)], state_said(one, self._visit.t))

    def _rows(self, found: Sequence[Sortie]) -> None:
        t = self._visit.t
        if not found:
            tag("p", t("No flight is planned or kept."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for one in found:
                    self._row(one)

    def _row(self, one: Sortie) -> None:
        visit, t = self._visit, self._visit.t
        with tag("tr", data_sortie=str(one.sortie_id)):
            with tag("th", scope="row"):
                tag("a", one.name, href=f"/sorties/{one.sortie_id}")
                tag("span", " ")
                rendered_mark(one, visit)
                tag("div", f"{one.case_number}: {one.task}", "muted wraps")
            with tag("td", data_label=t("State")):
                tone = "faulty" if one.state is SortieState.FAILED else ""
                self._states[str(one.sortie_id)] = tag("span", t(STATES[one.state]), tone)
                if one.fault:
                    tag("div", translated(one.fault, t), "muted wraps")
            flown = visit.local(one.began_at) if one.began_at else ""
            tag("td", flown, data_label=t("Flown"))
            tag("td", one.airframe, data_label=t("Airframe"))
            tag("td", one.pilot, data_label=t("Pilot"))
            tag("td", lacks_said(one, t), data_label=t("Lacks"))
            forgotten = visit.day(visit.here(one.forget_at).date()) if one.forget_at else ""
            tag("td", forgotten, data_label=t("Forgotten on"))


def rendered_mark(one: Sortie, visit: Visit) -> None:
    """Says of a flight that no aircraft flew it."""
    if one.rendered:
        tag("span", visit.t("rendered, not flown"), "marker rendered")
