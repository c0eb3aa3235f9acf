"""On a flight's page: a person names the chosen track, by one key."""

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from morina.accountability import Action, Purpose, RefusedPurposeError
from morina.accountability.trail import acts_as
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.review_log import ReviewLog
from morina.desk.pages.aerial.review_next import ReviewNext
from morina.desk.pages.aerial.review_purpose import MOST_TYPED, ReviewPurpose
from morina.desk.pages.aerial.tasks_words import NAMED
from morina.desk.pages.frame import focus
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.rescue import distress
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.aerial import RefusedSortieError, Sortie, Track
from morina.sense.aerial.reviewing import Named
from morina.sense.aerial.roles import Reviews, UnknownSortieError

_REFUSED = (
    RefusedSortieError, UnknownSortieError, RefusedPurposeError, ConnectionError, TimeoutError,
)  # fmt: skip
KEYS = {
    Named.VEHICLE: "v", Named.GROUP_ON_FOOT: "g", Named.ANIMAL: "a", Named.NOTHING: "n",
}  # fmt: skip
"""T is the browser's own: it moves to the field at once, so that no letter typed after it is taken
for another key."""

_EMPTIED = "const f = document.getElementById('trouble'); f.value = ''; f.blur()"
FIRST_WHY = mark("First say what for; someone in trouble needs no reason.")


class Reviewing:
    """``choose`` a track; then v, g, a, n, t name it. Someone in trouble comes first: it asks for
    one short text and for nothing else."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, reviews: Reviews, sortie: Sortie
    ) -> None:
        self._visit, self._reviews, self._sortie = visit, reviews, sortie
        self._track: Track | None = None
        t = visit.t
        with tag("section", "", "part", aria_labelledby="naming"):
            tag("h2", t("What is it?"), id="naming", tabindex=-1)
            self._chosen = tag("p", t("Choose a track in the list."), "muted")
            self._keys = tag("div", "", "actions")
            with self._keys:
                self._buttons()
            with form(self._call, "copying") as self._trouble:
                field(t("Someone in trouble: what is seen, in a few words"), "said",
                      id="trouble", required=True, maxlength=MOST_TYPED)  # fmt: skip
                tag("button", t("Call rescue"), "stern", type="submit")
            self._show(False)
            self._wrong = tag("p", "", "wrong", role="alert")
            self._told = tag("p", "", "", role="status")
            self._next = ReviewNext(visit, aerial, sortie, self._purpose)
            with tag("div", "", "naming-why"):
                self._why = ReviewPurpose(visit, sortie)
            self._log = ReviewLog(visit, reviews, sortie)

    async def draw(self, tell: Callable[[Mapping[UUID, Named]], None]) -> None:
        """What was said so far; ``tell`` is told of it now and whenever it changes."""
        self._log.on_draw = tell
        await self._log.draw()

    async def choose(self, number: int, track: Track) -> None:
        """The track to be named from now on; what follows from its name is offered, whoever
        named it."""
        self._track, t = track, self._visit.t
        say(self._chosen, t("Track {n}", n=number))
        self._show(True)
        self._next.clear()
        for place in (self._wrong, self._told):
            say(place, "")
        self._log.numbers[track.track_id] = number
        await self._log.draw()
        if said := self._log.newest.get(track.track_id):
            self._next.offer(track, said.named)

    def _buttons(self) -> None:
        t = self._visit.t
        for named, key in KEYS.items():
            button(t(NAMED[named]), partial(self._name, named), data_key=key)
        with tag("button", t(NAMED[Named.IN_TROUBLE]), "stern", type="button", data_key="t") as one:
            tag("kbd", "T", aria_hidden="true")
        one.on("click", js_handler="() => document.getElementById('trouble').focus()")

    def _show(self, is_chosen: bool) -> None:
        for place in (self._keys, self._trouble):
            place.set_visibility(is_chosen)

    async def _name(self, named: Named) -> None:
        if purpose := self._purpose():
            await self._keep(named, purpose, "")

    def _purpose(self) -> Purpose | None:
        """What was said to be looked at for; None, and it is asked for, where nothing was."""
        if self._why.purpose is None:
            say(self._wrong, self._visit.t(FIRST_WHY))
            focus(self._keys, ".naming-why select")
        return self._why.purpose

    async def _call(self, fields: Fields) -> None:
        said = fields.get("said", "").strip()
        purpose = distress(self._sortie, self._visit.user.name, said)
        if await self._keep(Named.IN_TROUBLE, purpose, said):
            self._trouble.client.run_javascript(_EMPTIED)

    async def _keep(self, named: Named, purpose: Purpose, remark: str) -> bool:
        """Whether it was kept."""
        visit, track = self._visit, self._track
        visit.must(Action.REVIEW_TRACKS)
        acts_as(visit.user.name)
        if track is None:
            return False
        of = (self._sortie.sortie_id, track.track_id)
        try:
            await self._reviews.name(*of, named, purpose, remark)
        except _REFUSED as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return False
        say(self._wrong, "")
        self._say_kept(named)
        self._next.offer(track, named)
        await self._log.draw()
        return True

    def _say_kept(self, named: Named) -> None:
        t = self._visit.t
        if named is Named.IN_TROUBLE:
            said = t("Rescue is called. It stands under Rescues until somebody is on the way.")
        else:
            said = t("Named: {what}", what=t(NAMED[named]))
        say(self._told, said)
