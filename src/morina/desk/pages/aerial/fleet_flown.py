"""Flights that were cleared: with what, by whom and why, and the hours each flew."""

from functools import partial
from uuid import UUID

from morina.accountability import Action
from morina.desk.pages.aerial.fleet_fields import number
from morina.desk.pages.aerial.fleet_forms import Again
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.aerial.fleet.fleet import RefusedFleetError
from morina.sense.aerial.fleet.roles import Clearance, Fleet

COLUMNS = (
    mark("Sortie"), mark("Airframe"), mark("Battery"), mark("Pilot"), mark("Cleared by"),
    mark("Reason"), mark("Hours flown"),
)  # fmt: skip


class Flown:
    """Newest first; hours are entered once."""

    def __init__(self, visit: Visit, fleet: Fleet, again: Again) -> None:
        self._visit, self._fleet, self._again = visit, fleet, again
        t = visit.t
        with tag("section", "", "part", aria_labelledby="flown"):
            tag("h2", t("Cleared flights"), id="flown")
            self._wrong = tag("p", "", "wrong", role="alert")
            self._table = tag("div", "", "scroll")

    async def draw(self) -> None:
        """As they are now."""
        t = self._visit.t
        cleared = await self._fleet.clearances()
        self._table.clear()
        with self._table:
            if not cleared:
                tag("p", t("No flight was cleared here."), "empty")
                return
            with tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in COLUMNS:
                        tag("th", t(column), scope="col")
                with tag("tbody"):
                    for one in cleared:
                        self._row(one)

    def _row(self, one: Clearance) -> None:
        visit, t, plan = self._visit, self._visit.t, one.plan
        with tag("tr"):
            with tag("th", scope="row"):
                tag("a", visit.local(plan.begins_at), href=f"/sorties/{one.sortie_id}")
            tag("td", plan.airframe, data_label=t("Airframe"))
            tag("td", plan.battery, data_label=t("Battery"))
            tag("td", plan.pilot, data_label=t("Pilot"))
            tag("td", one.officer, data_label=t("Cleared by"))
            tag("td", one.reason, data_label=t("Reason"))
            with tag("td", data_label=t("Hours flown")):
                if one.flown_h is not None:
                    tag("span", f"{one.flown_h:.2f}")
                else:
                    self._enter(one.sortie_id)

    def _enter(self, sortie_id: UUID) -> None:
        t = self._visit.t
        with form(partial(self._send, sortie_id), "actions"):
            field(t("Hours flown"), "hours", inputmode="decimal", required=True, maxlength=6)
            tag("button", t("Enter"), type="submit")

    async def _send(self, sortie_id: UUID, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.FLY)
        try:
            hours = number(fields, "hours") or 0.0
            await self._fleet.flew(sortie_id, hours, visit.user.name, now())
        except RefusedFleetError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        say(self._wrong, "")
        await self._again()
