"""What may follow once a person named a track: handed to a patrol, or cameras looked up."""

from collections.abc import Callable

from morina.accountability import Action, Purpose
from morina.accountability.trail import acts_as
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.review_ahead import show_ahead
from morina.desk.pages.aerial.review_purpose import MOST_TYPED
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.track_ahead import told_track_ahead
from morina.sense.aerial import RefusedSortieError, Sortie, Track
from morina.sense.aerial.reviewing import Named, TaskKind
from morina.sense.aerial.roles import UnknownSortieError

_REFUSED = (RefusedSortieError, UnknownSortieError, ConnectionError, TimeoutError)
_NOBODY = frozenset({Named.NOTHING, Named.IN_TROUBLE})
"""Named so, no patrol is offered: there is nothing, or rescue goes first."""


class ReviewNext:
    """Nothing until a track is named; a person presses, nothing goes by itself. ``purpose`` is
    what for; None where nobody said so yet, and then it is asked for."""

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie,
        purpose: Callable[[], Purpose | None],
    ) -> None:  # fmt: skip
        self._visit, self._aerial, self._sortie = visit, aerial, sortie
        self._purpose = purpose
        self._place = tag("div")

    def clear(self) -> None:
        """Another track was chosen."""
        self._place.clear()

    def offer(self, track: Track, named: Named) -> None:
        """What fits the name."""
        self._place.clear()
        if named in _NOBODY:
            return
        with self._place:
            self._wrong = tag("p", "", "wrong", role="alert")
            self._told = tag("p", "", "", role="status")
            if self._aerial.tasks:
                self._patrol(track)
            if named is Named.VEHICLE:
                self._cameras(track)

    def _patrol(self, track: Track) -> None:
        t = self._visit.t

        async def send(fields: Fields) -> None:
            await self._hand_over(track, fields.get("said", "").strip())

        with form(send, "copying"):
            field(t("What the patrol is to know"), "said", required=True, maxlength=MOST_TYPED)
            tag("button", t("Hand over to a patrol"), type="submit")

    async def _hand_over(self, track: Track, said: str) -> None:
        visit, tasks = self._visit, self._aerial.tasks
        visit.must(Action.REVIEW_TRACKS)
        if tasks is None or (purpose := self._purpose()) is None:
            return
        of = (self._sortie.sortie_id, track.track_id)
        try:
            await tasks.hand_over(TaskKind.PATROL, *of, purpose, said)
        except _REFUSED as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        say(self._wrong, "")
        say(self._told, visit.t("Handed over. It stands under Patrols."))

    def _cameras(self, track: Track) -> None:
        t, place = self._visit.t, tag("div")

        async def ask() -> None:
            self._visit.must(Action.REVIEW_TRACKS)
            acts_as(self._visit.user.name)
            if (purpose := self._purpose()) is None:
                return
            services, of = self._visit.services, (self._sortie.sortie_id, track.track_id)
            try:
                told = await told_track_ahead(services, self._aerial, of, purpose)
            except _REFUSED as refused:
                say(self._wrong, translated(str(refused), t))
                return
            cameras = {one.camera_id: one for one in await services.cameras.cameras()}
            place.clear()
            with place:
                show_ahead(told, cameras, self._visit)

        with place, tag("div", "", "actions"):
            button(t("Cameras it may pass next"), ask)
