"""When did we see this point? Asked for a purpose, entered in the trail, answered with moments."""

from collections.abc import Sequence

from morina.accountability import Action, RefusedPurposeError
from morina.accountability.clearing import NotClearedError
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.player import Player
from morina.desk.pages.aerial.words import clock_said, degrees
from morina.desk.pages.asking.reasons import reasons
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.search.fields import purpose_of
from morina.desk.pages.visit import Visit
from morina.desk.rescue import cleared
from morina.desk.said import translated
from morina.sense.aerial import NoPlaceError, Sortie
from morina.sense.aerial.roles import Looked


class LookedUp:
    """The form, filled in by a click on the map, and the looks found."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie, player: Player
    ) -> None:
        self._visit, self._aerial, self._sortie, self._player = visit, aerial, sortie, player
        t = visit.t
        with tag("section", "", "part", aria_labelledby="looked"):
            tag("h2", t("When did we see this point?"), id="looked")
            tag("p", t("Click on the map, or type the place. All flights kept are asked."), "muted")
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    number = {"inputmode": "decimal", "required": True, "maxlength": 14}
                    field(t("Latitude"), "latitude", data_spot="latitude", **number)
                    field(t("Longitude"), "longitude", data_spot="longitude", **number)
                reasons(visit)
                with tag("div", "", "actions"):
                    tag("button", t("Ask"), "first", type="submit")
            self._found = tag("div", "", "", aria_live="polite")

    async def _send(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.REVIEW_TRACKS)
        self._found.clear()
        try:
            latitude, longitude = degrees(fields)
        except ValueError:
            say(self._wrong, t("That is no place; write degrees, such as 42.15 and 20.42."))
            return
        try:
            purpose = await cleared(visit.services, purpose_of(fields, visit.user.name))
        except (RefusedPurposeError, NotClearedError) as refused:
            say(self._wrong, translated(str(refused), t))
            return
        say(self._wrong, "")
        self._player.tell("spot", {"latitude": latitude, "longitude": longitude})
        try:
            looks = await self._aerial.sorties.looked(latitude, longitude, None, purpose)
        except NoPlaceError as missing:
            say(self._wrong, translated(str(missing), t))
            return
        with self._found:
            self._list(looks)

    def _list(self, looks: Sequence[Looked]) -> None:
        visit, t = self._visit, self._visit.t
        if not looks:
            tag("p", t("No flight that is kept had this point in view."), "note")
            return
        with tag("ol", "", "looks"):
            for look in looks:
                with tag("li", data_look=str(look.sortie_id)):
                    self._jump(look)
                    when = visit.local(look.best_at) if look.best_at else t("no clock")
                    span = f"{clock_said(look.from_s)} - {clock_said(look.to_s)}"
                    finest = t("{n} m a pixel", n=f"{look.metres_per_pixel:.2f}")
                    tag("span", f"{when}; {span}; {finest}", "muted")

    def _jump(self, look: Looked) -> None:
        t, best = self._visit.t, clock_said(look.best_s)
        if look.sortie_id != self._sortie.sortie_id:
            tag("a", f"{look.name}, {best}", href=f"/sorties/{look.sortie_id}?at={look.best_s}")
            return

        async def jump() -> None:
            self._player.tell("jump", look.best_s, [look.across, look.down])

        button(t("This flight, {time}", time=best), jump, "link")
