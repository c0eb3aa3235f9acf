"""A planned flight is looked at and cleared: the form, what was looked at, the reason."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from nicegui import ui

from morina.accountability import Action
from morina.desk.pages.aerial.fleet_fields import plan_of, text
from morina.desk.pages.aerial.fleet_map import area
from morina.desk.pages.aerial.fleet_words import CHECKED, STATES, refusal_said
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.sense.aerial import RefusedSortieError, Sortie
from morina.sense.aerial.fleet.checks import Check, CheckState
from morina.sense.aerial.fleet.fleet import FleetState
from morina.sense.aerial.fleet.refusing import ReasonNeededError
from morina.sense.aerial.fleet.roles import Fleet
from morina.sense.aerial.roles import UnknownSortieError

LOOK, CLEAR = "look", "clear"


class Clearing:
    """``planned`` are the flights to choose from, ``chosen`` one of them to begin with."""

    def __init__(
        self, visit: Visit, fleet: Fleet, planned: Sequence[Sortie], chosen: str = ""
    ) -> None:
        self._visit, self._fleet, self._planned, self._chosen = visit, fleet, planned, chosen
        self._offered: list[str] | None = None
        t = visit.t
        with tag("section", "", "part", aria_labelledby="clearing"):
            tag("h2", t("Clear a flight"), id="clearing")
            self._place = tag("div")

    def draw(self, state: FleetState) -> None:
        """The form, where what there is to choose from is new: what was typed stays otherwise.
        Airspace on its map is that of the last drawing; the checks ask for what counts now."""
        offered = [one.name for kind in (state.airframes, state.batteries, state.pilots)
                   for one in kind]  # fmt: skip
        if offered == self._offered:
            return
        self._offered = offered
        t = self._visit.t
        self._place.clear()
        with self._place:
            if not self._planned:
                tag("p", t("No flight is planned that is not cleared."), "empty")
                return
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                self._fields(state)
                self._found = tag("div", role="status")
                with tag("div", "", "fields"):
                    field(t("Reason to fly all the same"), "reason", maxlength=200)
                    steps = {LOOK: t("Look only"), CLEAR: t("Look, and clear it to fly")}
                    choice(t("What to do"), "do", steps)
                with tag("div", "", "actions"):
                    tag("button", t("Go on"), "first", type="submit")

    def _fields(self, state: FleetState) -> None:
        t = self._visit.t
        area(self._visit, "area", airspace=state.airspace)
        flights = {str(one.sortie_id): f"{one.name} ({one.case_number})" for one in self._planned}
        with tag("div", "", "fields"):
            choice(t("Sortie"), "sortie", flights, self._chosen)
            choice(t("Airframe"), "airframe", {one.name: one.name for one in state.airframes})
            choice(t("Battery"), "battery", {one.name: one.name for one in state.batteries})
            choice(t("Pilot"), "pilot", {one.name: one.name for one in state.pilots})
            field(t("Most height above ground, metres"), "height_m", inputmode="decimal",
                  required=True)  # fmt: skip
            field(t("From, your time"), "begins_at", type="datetime-local", required=True)
            field(t("Until, your time"), "ends_at", type="datetime-local", required=True)

    async def _send(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.FLY)
        say(self._wrong, "")
        try:
            plan = plan_of(fields, ZoneInfo(visit.user.time_zone))
            self._show(await self._fleet.checks(plan, now()))
            if fields.get("do") == CLEAR:
                sortie_id = UUID(fields.get("sortie", ""))
                reason, by = text(fields, "reason"), visit.user.name
                await self._fleet.clear(sortie_id, plan, reason, by, now())
                ui.navigate.to(f"/sorties/{sortie_id}")
        except RefusedSortieError as refused:
            say(self._wrong, _refusal(refused, visit))
        except (ValueError, UnknownSortieError):
            say(self._wrong, t("There is no such flight, or it is forgotten."))

    def _show(self, found: Sequence[Check]) -> None:
        t = self._visit.t
        self._found.clear()
        with self._found, tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in (t("Looked at"), t("State"), t("What was found")):
                    tag("th", column, scope="col")
            with tag("tbody"):
                for one in found:
                    with tag("tr", data_state=one.state.value):
                        tag("th", t(CHECKED[one.what]), scope="row")
                        tone = "" if one.state is CheckState.OK else "faulty"
                        tag("td", t(STATES[one.state]), tone, data_label=t("State"))
                        words = translated(one.said, t)
                        if one.mend:
                            words = f"{words}: {translated(one.mend, t)}"
                        tag("td", words, data_label=t("What was found"))


def _refusal(refused: RefusedSortieError, visit: Visit) -> str:
    """The checks stand in the table: of what they refuse, one sentence is enough."""
    t = visit.t
    if isinstance(refused, ReasonNeededError):
        return t("A check needs a reason: give it, or change the plan.")
    return refusal_said(str(refused), t)
