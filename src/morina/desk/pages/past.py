"""An entry just saved, looked for among past reads: what passed is shown, nothing is raised."""

from collections.abc import Awaitable, Sequence
from uuid import UUID

from morina.accountability import Action, RefusedPurposeError
from morina.accountability.approvals import ApprovalNeededError
from morina.accountability.clearing import NotClearedError
from morina.desk.beside import asked_plates, beside
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.search.answered import Asked, Desk, under_words
from morina.desk.pages.search.covered import show_covered
from morina.desk.pages.search.passages import passages_title, show_passages
from morina.desk.pages.search.waiting import Waiting
from morina.desk.pages.search.warned import show_beside
from morina.desk.pages.visit import Visit
from morina.desk.past_reads import ask_of_past
from morina.desk.said import translated
from morina.records.asking import TooManyQuestionsError
from morina.records.finding import FindPassages
from morina.records.kinds import Question
from morina.records.leave import Leave
from morina.sense.cameras import Camera
from morina.watch import Listed, NoSuchHotlistError, NoSuchListingError, purpose_of


def offer(visit: Visit, hotlist_id: UUID, listing_id: str) -> None:
    """After an entry was saved: the way to its past reads."""
    t = visit.t
    with tag("p", "", "part", role="status"):
        tag("span", t("The entry is saved."))
        if not visit.may(Action.SEARCH):
            tag("span", " ")
            tag("span", t("Whoever may search looks into its past reads from its row in the list."),
                "muted")  # fmt: skip
            return
        days = visit.services.search.entry_days_back
        here = f"/hotlists/{hotlist_id}/listings/{listing_id}/past"
        tag("a", t("Look into the past {n} days", n=days), "button", href=here)


async def past_page(visit: Visit, hotlist_id: str, listing_id: str) -> None:
    """One entry, and the button that asks for it."""
    t = visit.t
    try:
        listed = await visit.services.hotlists.listing(UUID(hotlist_id), UUID(listing_id))
    except (NoSuchHotlistError, NoSuchListingError, ValueError):
        show_missing(visit, t("There is no such entry."))
        return
    title = t("Past reads of {plate}", plate=listed.listing.plate.text)
    with frame(visit, title, "/hotlists"):
        with tag("div", "", "head"):
            tag("h1", title)
            tag("span", listed.hotlist.name, "muted")
            with tag("div", "", "actions"):
                back = f"/hotlists/{hotlist_id}"
                tag("a", t("Back to the hotlist"), "button", href=back, data_key="Escape")
        _Past(visit, listed, await visit.services.cameras.cameras())


class _Past:
    """The question, how far it is, and what it found, shown as the search page shows it."""

    def __init__(self, visit: Visit, listed: Listed, cameras: Sequence[Camera]) -> None:
        self._visit, self._listed = visit, listed
        by_id = {one.camera_id: one for one in cameras}
        self._desk = Desk(visit, by_id, self._further, (FindPassages,))
        t, days = visit.t, visit.services.search.entry_days_back
        with tag("section", "", "part"):
            told = t(
                "The question is written down under your name, for {basis}. It raises no alert.",
                basis=listed.listing.legal_basis,
            )
            tag("p", told)
            button(t("Look into the past {n} days", n=days), self._asked, "first")
            self._said = tag("p", "", "muted", role="status")
        self._waiting = Waiting(visit, tag("div"))
        self._found = tag("div")

    async def _asked(self) -> None:
        """The entry's plate and its look-alikes."""
        self._visit.must(Action.SEARCH)
        hotlist_id, listing_id = self._listed.hotlist.hotlist_id, self._listed.listing.listing_id
        officer = self._visit.user.name
        await self._show(ask_of_past(self._visit.services, hotlist_id, listing_id, officer))

    async def _further(self, question: Question) -> None:
        """Older passages, or those of one text, under the same purpose."""
        self._visit.must(Action.SEARCH)
        purpose = purpose_of(self._listed, self._visit.user.name)
        asking, leave = self._visit.services.search.asking, Leave(by_hand=False)
        await self._show(asking.ask(purpose, question, leave))

    async def _show(self, asking: Awaitable[UUID]) -> None:
        t = self._visit.t
        say(self._said, "")
        self._found.clear()
        try:
            state = await self._waiting.follow(await asking)
        except TooManyQuestionsError:
            say(self._said, t("Too many questions of yours wait for answers. Wait a moment."))
            return
        except (NotClearedError, RefusedPurposeError, ApprovalNeededError) as refused:
            say(self._said, translated(str(refused), t))
            return
        if state is None:
            return
        if state.answer is None:
            say(self._said, translated(state.failed, t))
            return
        purpose = purpose_of(self._listed, self._visit.user.name)
        found, case = state.answer.found, purpose.case_number
        told = await beside(self._visit.services, state.question, found, case)
        with self._found:
            self._draw(
                Asked(state.question, purpose, state.number, state.question_id, state.answer, told)
            )

    def _draw(self, asked: Asked) -> None:
        with tag("section", "", "part answered", aria_labelledby="answer"):
            tag("h2", passages_title(self._desk, asked), id="answer", tabindex=-1)
            tag("p", under_words(asked, self._visit), "muted")
            show_beside(self._desk, asked, asked_plates(asked.question))
            show_covered(self._desk, asked.answer)
        show_passages(self._desk, asked)
