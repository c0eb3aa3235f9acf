"""What people said of a flight's tracks, with the machine's word beside it."""

from collections.abc import Callable, Mapping
from uuid import UUID

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.pages.aerial.tasks_words import NAMED
from morina.desk.pages.aerial.words import KINDS
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.sense.aerial import Sortie
from morina.sense.aerial.reviewing import Named, Review
from morina.sense.aerial.roles import Reviews


class ReviewLog:
    """Newest first. ``numbers`` of tracks are those of the list above; ``newest`` is the review of
    each that counts, and ``on_draw`` is told what each was named."""

    def __init__(self, visit: Visit, reviews: Reviews, sortie: Sortie) -> None:
        self._visit, self._reviews, self._sortie = visit, reviews, sortie
        self.numbers: dict[UUID, int] = {}
        self.newest: dict[UUID, Review] = {}
        self.on_draw: Callable[[Mapping[UUID, Named]], None] | None = None
        self._place = tag("div")

    async def draw(self) -> None:
        """As it is now."""
        visit, t = self._visit, self._visit.t
        visit.must(Action.REVIEW_TRACKS)
        acts_as(visit.user.name)
        found = await self._reviews.of_sortie(self._sortie.sortie_id)
        self.newest = {one.track_id: one for one in reversed(found)}
        if self.on_draw:
            self.on_draw({name: one.named for name, one in self.newest.items()})
        self._place.clear()
        with self._place:
            with tag("p", "", "muted"):
                tag("a", t("How often people agree with the machine"), href="/rates")
            with tag("ul", "", "told"):
                for one in found:
                    self._line(one)

    def _line(self, one: Review) -> None:
        visit, t = self._visit, self._visit.t
        number = self.numbers.get(one.track_id)
        track = t("Track {n}", n=number) if number else t("A track")
        with tag("li", data_review=str(one.track_id)):
            tag("strong", f"{track}: {t(NAMED[one.named])}")
            if one.remark:
                tag("div", one.remark, "wraps")
            machine = t("The machine said {kind}, {share}", kind=t(KINDS[one.machine]),
                        share=f"{one.share:.0%}")  # fmt: skip
            tag("div", f"{one.officer}, {visit.local(one.at)}. {machine}", "muted")
