"""The tracks of one flight: what the machine says of each, and how long it was seen."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.player import Player
from morina.desk.pages.aerial.tasks_words import NAMED
from morina.desk.pages.aerial.words import KINDS, clock_said
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.words import Words, mark
from morina.sense.aerial import Named, ObjectKind, Sortie, Track
from morina.sense.aerial.ground import ellipse_of

COLUMNS = (
    mark("Track"), mark("The machine says"), mark("Seen"), mark("Pictures that agree"),
    mark("Last place"),
)  # fmt: skip


class _Row(NamedTuple):
    """What a row is drawn anew for."""

    track_id: UUID
    kind: ObjectKind
    hint: bool
    only_live: bool


class _Growing(NamedTuple):
    """What of a row changes while a track goes on."""

    kind: Element
    named: Element
    seen: Element
    agreeing: Element
    where: Element
    within: Element

    def tell(self, track: Track, t: Words) -> None:
        """As it is now."""
        first, last = track.points[0], track.points[-1]
        ellipse = ellipse_of(last.covariance)
        say(self.kind, f"{t(KINDS[track.kind])}, {track.share:.0%}")
        say(self.seen, f"{clock_said(first.at_s)} - {clock_said(last.at_s)}")
        say(self.agreeing, f"{track.agreeing} / {len(track.points)}")
        say(self.where, f"{last.latitude:.5f}, {last.longitude:.5f}")
        say(self.within, t("90 % within {n} m", n=f"{ellipse.major_m:.0f}"))


class SortieTracks:
    """A row for each; choosing one jumps to its beginning. Looking is entered in the trail.

    A track keeps its number for as long as the page is open, and rows are drawn anew only where
    one changed, so that what is chosen or about to be pressed stays where it is.
    """

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie, player: Player
    ) -> None:
        self._visit, self._aerial, self._sortie, self._player = visit, aerial, sortie, player
        self.on_choose: Callable[[int, Track], Awaitable[None]] | None = None
        self._numbers: dict[UUID, int] = {}
        self._known: dict[UUID, Track] = {}
        self._drawn: tuple[bool, list[_Row]] | None = None
        self._growing: dict[UUID, _Growing] = {}
        self._words: Mapping[UUID, Named] = {}
        self._place = tag("section", "", "part flush", aria_labelledby="tracks")

    async def draw(self, flies: bool = False) -> None:
        """The tracks as they are now."""
        visit = self._visit
        visit.must(Action.SEE_SORTIES)
        known = await self._aerial.sorties.tracks(self._sortie.sortie_id)
        for one in sorted(known, key=lambda one: (one.points[0].at_s, str(one.track_id))):
            self._numbers.setdefault(one.track_id, len(self._numbers) + 1)
        found = sorted(known, key=lambda one: self._numbers[one.track_id])
        self._known = {one.track_id: one for one in found}
        still = [_Row(one.track_id, one.kind, one.hint, one.live and not flies) for one in found]
        if (flies, still) != self._drawn:
            self._drawn, self._growing = (flies, still), {}
            self._place.clear()
            with self._place:
                self._table(found, flies)
        for one in found:
            self._growing[one.track_id].tell(one, visit.t)
        self.name(self._words)

    def name(self, words: Mapping[UUID, Named]) -> None:
        """What a person said of each, beside what the machine says."""
        self._words, t = words, self._visit.t
        for track_id, row in self._growing.items():
            word = words.get(track_id)
            say(row.named, t("a person says: {what}", what=t(NAMED[word])) if word else "")

    def _table(self, found: Sequence[Track], flies: bool) -> None:
        t = self._visit.t
        with tag("h2", t("Tracks") + " ", id="tracks"):
            tag("span", str(len(found)), "count")
        if not found:
            nothing = t("Nothing that moves was followed in this flight.")
            tag("p", t("Nothing that moves is followed yet.") if flies else nothing, "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for track in found:
                    self._row(self._numbers[track.track_id], track, flies)

    def _row(self, number: int, track: Track, flies: bool) -> None:
        t, name = self._visit.t, track.track_id

        async def choose() -> None:
            now = self._known.get(name, track)
            self._player.tell("select", str(name), now.points[0].at_s)
            if self.on_choose:
                await self.on_choose(number, now)

        with tag("tr", data_track=str(track.track_id), data_row=""):
            with tag("th", scope="row"):
                button(t("Track {n}", n=number), choose, "link row-link")
            with tag("td", data_label=t("The machine says")):
                kind = tag("span")
                named = tag("div", "", "", data_named="")
                if track.hint:
                    tag("div", t("a hint only: something moved"), "muted")
                if track.live and not flies:
                    words = t("seen while it flew, not found again in the recording")
                    tag("div", words, "muted")
            seen = tag("td", data_label=t("Seen"))
            agreeing = tag("td", data_label=t(COLUMNS[3]))
            with tag("td", data_label=t("Last place")):
                where, within = tag("span"), tag("div", "", "muted")
        self._growing[name] = _Growing(kind, named, seen, agreeing, where, within)
