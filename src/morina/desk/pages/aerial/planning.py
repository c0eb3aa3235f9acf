"""The form to plan a drone flight."""

from nicegui import ui

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.sense.aerial.roles import NewSortie

MOST = {"name": 100, "case_number": 100, "task": 200, "airframe": 100, "pilot": 100}
"""Characters a field takes."""


class Planning:
    """Folded until wanted; leads to the new flight's own page."""

    def __init__(self, visit: Visit, aerial: AerialServices) -> None:
        self._visit, self._aerial = visit, aerial
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("Plan a sortie"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    field(t("Name"), "name", required=True, maxlength=MOST["name"])
                    field(t("Case number"), "case_number", required=True, maxlength=100)
                    field(t("What it is to look for"), "task", required=True, maxlength=200)
                    field(t("Airframe"), "airframe", maxlength=MOST["airframe"])
                    field(t("Pilot"), "pilot", maxlength=MOST["pilot"])
                with tag("div", "", "actions"):
                    tag("button", t("Plan it"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.FLY)
        said = {name: fields.get(name, "").strip()[:most] for name, most in MOST.items()}
        if not all(said[name].isprintable() for name in MOST):
            say(self._wrong, t("A control character is in it; write plain text."))
            return
        if not (said["name"] and said["case_number"] and said["task"]):
            say(self._wrong, t("A sortie needs a name, a case number and what it looks for."))
            return
        wanted = NewSortie(
            name=said["name"], case_number=said["case_number"], task=said["task"],
            officer=visit.user.name, airframe=said["airframe"], pilot=said["pilot"],
        )  # fmt: skip
        made = await self._aerial.sorties.plan(wanted, now())
        ui.navigate.to(f"/sorties/{made.sortie_id}")
