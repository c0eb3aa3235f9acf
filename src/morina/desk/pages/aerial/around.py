"""What can be seen from a point: of a camera, or of a drone that would fly there."""

from dataclasses import asdict

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.player import Player
from morina.desk.pages.aerial.words import degrees
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.viewsheds import From, seen_around
from morina.sense.aerial import NoPlaceError

HIGHEST_M, FURTHEST_KM = 5_000.0, 15.0


class Around:
    """The form, filled in by a click on the map; what is found lies over the map."""

    def __init__(self, visit: Visit, aerial: AerialServices, player: Player) -> None:
        self._visit, self._aerial, self._player = visit, aerial, player
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("What can be seen from this point?"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    number = {"inputmode": "decimal", "required": True, "maxlength": 14}
                    field(t("Latitude"), "latitude", data_spot="latitude", **number)
                    field(t("Longitude"), "longitude", data_spot="longitude", **number)
                    field(t("Metres above the ground"), "above", value="100", **number)
                    field(t("Kilometres around"), "reach", value="5", **number)
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
        self._player.tell("layer", "viewshed", asdict(found))
        words = t(
            "{share} of the ground within reach is seen, where something 1 m high stands; what is"
            " dark on the map is hidden.", share=f"{found.share:.0%}",
        )  # fmt: skip
        say(self._said, words)

    async def _clear(self) -> None:
        self._player.tell("layer", "viewshed", None)
        say(self._said, "")


def _eye(fields: Fields) -> From:
    """What was typed; ValueError."""
    latitude, longitude = degrees(fields)
    above, reach = (float(fields.get(name, "").replace(",", ".")) for name in ("above", "reach"))
    if not (0 < above <= HIGHEST_M and 0 < reach <= FURTHEST_KM):
        raise ValueError("out of range")
    return From(latitude, longitude, above, reach * 1000)
