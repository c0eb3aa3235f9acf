"""What can be seen from a point: of a camera, or of a drone that would fly there."""

from dataclasses import asdict

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.around_fields import FURTHEST_KM, NUMBER, around_fields, reach_m
from morina.desk.pages.aerial.player import Chart
from morina.desk.pages.aerial.words import degrees
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.viewsheds import From, seen_around
from morina.sense.aerial import NoPlaceError

HIGHEST_M = 5_000.0


class Around:
    """The form, filled in by a click on the map; what is found lies over the map."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, chart: Chart, opened: bool = False
    ) -> None:
        self._visit, self._aerial, self._chart = visit, aerial, chart
        t = visit.t
        with tag("details", "", "part", open=opened):
            tag("summary", t("What can be seen from this point?"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    around_fields(t)
                    field(t("Metres above the ground"), "above", value="100", **NUMBER)
                with tag("div", "", "actions"):
                    tag("button", t("Show it on the map"), type="submit")
                    button(t("Take it off the map"), self._clear, "quiet")
            self._said = tag("p", "", "muted", role="status")

    async def _send(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.SEE_SORTIES)
        say(self._said, "")
        try:
            eye = _eye(fields)
        except ValueError:
            words = t(
                "Write degrees, up to {high} m above the ground and up to {far} km.",
                high=f"{HIGHEST_M:.0f}", far=f"{FURTHEST_KM:.0f}",
            )  # fmt: skip
            say(self._wrong, words)
            return
        try:
            found = await seen_around(self._aerial, eye)
        except NoPlaceError as missing:
            say(self._wrong, translated(str(missing), t))
            return
        say(self._wrong, "")
        self._chart.tell("layer", "viewshed", asdict(found))
        words = t(
            "{share} of the ground within reach is seen, where something 1 m high stands; what is"
            " dark on the map is hidden.", share=f"{found.share:.0%}",
        )  # fmt: skip
        say(self._said, words)

    async def _clear(self) -> None:
        self._chart.tell("layer", "viewshed", None)
        say(self._said, "")


def _eye(fields: Fields) -> From:
    """What was typed; ValueError."""
    above = float(fields.get("above", "").replace(",", "."))
    if not 0 < above <= HIGHEST_M:
        raise ValueError("out of range")
    return From(*degrees(fields), above, reach_m(fields))
