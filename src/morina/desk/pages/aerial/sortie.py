"""One drone flight: how it is, its video beside the map, its tracks, and what was seen when."""

from uuid import UUID

from nicegui import ui

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.around import Around
from morina.desk.pages.aerial.covered import CoveredGround
from morina.desk.pages.aerial.giving import show_giving
from morina.desk.pages.aerial.list import rendered_mark
from morina.desk.pages.aerial.looked import LookedUp
from morina.desk.pages.aerial.placed import Placed
from morina.desk.pages.aerial.player import Player, show_player
from morina.desk.pages.aerial.review import Reviewing
from morina.desk.pages.aerial.review_rescue import Calling
from morina.desk.pages.aerial.sortie_tracks import SortieTracks
from morina.desk.pages.aerial.standing import Standing
from morina.desk.pages.frame import VERSION, frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.sense.aerial import Sortie, SortieState
from morina.sense.aerial.roles import UnknownSortieError

_SEEN = (SortieState.WORKING, SortieState.READY, SortieState.FLYING)
"""States in which there is something to look at."""

MORE_EVERY_S = 3.0


async def sortie_page(visit: Visit, sortie_id: str, at: str = "") -> None:
    """The page of one flight, at ``at`` seconds of its video."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None:
        show_missing(visit, t("This node keeps no drone flights."))
        return
    try:
        sortie = await aerial.sorties.sortie(UUID(sortie_id))
    except (ValueError, UnknownSortieError):
        show_missing(visit, t("There is no such flight, or it is forgotten."))
        return
    ui.add_head_html(f'<link rel="stylesheet" href="/static/aerial.css?v={VERSION}">')
    with frame(visit, sortie.name, "/sorties"):
        _head(visit, sortie)
        page = _Page(visit, aerial, sortie)
        await page.draw(sortie, _seconds(at))


def _head(visit: Visit, sortie: Sortie) -> None:
    t = visit.t
    with tag("div", "", "head"):
        tag("h1", sortie.name)
        rendered_mark(sortie, visit)
        with tag("div", "", "actions"):
            tag("a", t("All sorties"), "button", href="/sorties")


class _Page:
    """What stands beside the flight's own lines, drawn once there is something to see."""

    def __init__(self, visit: Visit, aerial: AerialServices, sortie: Sortie) -> None:
        self._visit, self._aerial = visit, aerial
        self._player: Player | None = None
        self._tracks: SortieTracks | None = None
        self._state = sortie.state
        standing = Standing(visit, aerial, sortie, self._changed)
        self._calling = Calling(visit, aerial, sortie)
        self._seen = tag("div")
        standing.below()
        ui.timer(MORE_EVERY_S, self._more, immediate=False)

    async def draw(self, sortie: Sortie, at_s: float = 0.0) -> None:
        """Video, map and all that is asked of them."""
        if sortie.state not in _SEEN:
            return
        visit, aerial = self._visit, self._aerial
        with self._seen:
            player = self._player = show_player(visit, sortie, at_s)
            self._calling.follow(player)
            with tag("div", "", "viewer-below"):
                with tag("div"):
                    Placed(visit, aerial, sortie, player)
                    self._tracks = SortieTracks(visit, aerial, sortie, player)
                with tag("div"):
                    reviewing = self._reviewing(sortie)
                    if visit.may(Action.REVIEW_TRACKS):
                        LookedUp(visit, aerial, sortie, player)
                    CoveredGround(visit, aerial, sortie, player)
                    Around(visit, aerial, player)
                    show_giving(visit, aerial, sortie)
        await self._tracks.draw(flies=sortie.state is SortieState.FLYING)
        if reviewing:
            self._tracks.on_choose = reviewing.choose
            await reviewing.draw(self._tracks.name)

    def _reviewing(self, sortie: Sortie) -> Reviewing | None:
        """Where tracks are named, for who may."""
        visit, reviews = self._visit, self._aerial.reviews
        if reviews is None or not visit.may(Action.REVIEW_TRACKS):
            return None
        return Reviewing(visit, self._aerial, reviews, sortie)

    async def _changed(self, sortie: Sortie) -> None:
        """More may be seen: the page stays as it is, and is filled."""
        self._state = sortie.state
        if self._player is None or self._tracks is None:
            await self.draw(sortie)
            return
        self._player.tell("reload", sortie.width, sortie.height, sortie.seconds)
        await self._tracks.draw(flies=sortie.state is SortieState.FLYING)

    async def _more(self) -> None:
        """While it flies or is worked through, path and footprints grow, and tracks."""
        if self._player is None or self._tracks is None or self._state is SortieState.READY:
            return
        await self._tracks.draw(flies=self._state is SortieState.FLYING)
        self._player.tell("more")


def _seconds(text: str) -> float:
    try:
        return max(float(text), 0.0) if len(text) < 20 else 0.0
    except ValueError:
        return 0.0
