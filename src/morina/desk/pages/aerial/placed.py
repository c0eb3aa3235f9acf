"""A click in the video, as a place with its error."""

from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.called import Called
from morina.desk.pages.aerial.player import Player
from morina.desk.pages.aerial.review_rescue import offer_rescue
from morina.desk.pages.aerial.words import FLAGS, clock_said
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.pixels import place_of
from morina.desk.said import translated
from morina.sense.aerial import Flag, NoPlaceError, Place, Sortie


class Placed:
    """What was clicked last. Whoever adds to it draws into ``below``, anew after each click."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie, player: Player
    ) -> None:
        self._visit, self._aerial, self._sortie, self._player = visit, aerial, sortie, player
        t = visit.t
        with tag("section", "", "part", aria_labelledby="placed"):
            tag("h2", t("Place of a point"), id="placed")
            self._told = tag("div", "", "", aria_live="polite")
            with self._told:
                words = t("Click in the video, or move the cross there and press Enter.")
                tag("p", words, "muted")
        player.screen.on("pick", self._picked, args=["detail"])

    async def _picked(self, event: GenericEventArguments) -> None:
        self._visit.must(Action.SEE_SORTIES)
        detail = dict(event.args.get("detail") or {})
        at_s, across, down = (float(detail.get(name, 0)) for name in ("at_s", "across", "down"))
        self._told.clear()
        try:
            place = await place_of(self._aerial, self._sortie.sortie_id, at_s, (across, down))
        except NoPlaceError as missing:
            self._player.tell("point", None)
            with self._told:
                tag("p", translated(str(missing), self._visit.t), "note")
                self._offer(at_s, (across, down))
            return
        self._player.tell("point", _drawn(place))
        with self._told:
            self._facts(place, at_s)
            self._offer(at_s, (across, down))

    def _offer(self, at_s: float, point: tuple[float, float]) -> None:
        """Rescue is called from every point, whether its place is known or not."""
        called = Called(at_s=at_s, point=point)
        offer_rescue(self._visit, self._aerial, self._sortie, called)

    def _facts(self, place: Place, at_s: float) -> None:
        t, ellipse = self._visit.t, place.ellipse
        where = f"{place.latitude:.6f}, {place.longitude:.6f}"
        error = t(
            "{major} m by {minor} m, the longer towards {bearing}°",
            major=f"{2 * ellipse.major_m:.1f}", minor=f"{2 * ellipse.minor_m:.1f}",
            bearing=f"{ellipse.bearing_deg:.0f}",
        )  # fmt: skip
        height = f"{place.height_m:.1f} ± {place.le90_m:.1f} m"
        with tag("dl", "", "facts"):
            for name, said in (
                (t("Latitude, longitude"), where), (t("Height above the ellipsoid"), height),
                (t("Ellipse that holds 90 %"), error),
                (t("From the camera"), f"{place.range_m:.0f} m"), (t("At"), clock_said(at_s)),
            ):  # fmt: skip
                tag("dt", name)
                tag("dd", said)
        for flag in sorted(place.flags):
            tag("p", t(FLAGS[Flag(flag)]), "note")
        text = f"{where}; {height}; {t('90 %')}: {error}"
        with tag("div", "", "copying"):
            tag("input", id="place-text", value=text, readonly=True, aria_label=t("Text to copy"))
            tag("button", t("Copy"), type="button", data_copies="place-text")


def _drawn(place: Place) -> dict[str, float]:
    of = place.ellipse
    return {
        "latitude": place.latitude, "longitude": place.longitude, "major_m": of.major_m,
        "minor_m": of.minor_m, "bearing_deg": of.bearing_deg,
    }  # fmt: skip
