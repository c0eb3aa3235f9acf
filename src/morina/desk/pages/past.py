"""An entry just saved, looked for among past reads: what passed is shown, nothing is raised."""

from collections.abc import Sequence
from uuid import UUID

from nicegui.element import Element

from morina.desk.pages.frame import frame
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.plates import plate
from morina.desk.pages.visit import Visit
from morina.desk.past_reads import ask_of_past
from morina.desk.said import translated
from morina.desk.words import mark
from morina.records.asking import Stage, State, TooManyQuestionsError
from morina.records.finding import Found
from morina.records.questions import Answer
from morina.watch import Listed, NoSuchHotlistError, NoSuchListingError

COLUMNS = (mark("Time"), mark("Plate"), mark("Camera"), mark("Differs"))
WAITING = frozenset({Stage.WAITING, Stage.RUNNING})


def offer(visit: Visit, hotlist_id: UUID, listing_id: str) -> None:
    """After an entry was saved: the way to its past reads."""
    t = visit.t
    with tag("p", "", "part", role="status"):
        tag("span", t("The entry is saved."))
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
        _Past(visit, listed)


class _Past:
    """The question, how far it is, and what it found."""

    def __init__(self, visit: Visit, listed: Listed) -> None:
        self._visit, self._listed = visit, listed
        t, days = visit.t, visit.services.search.entry_days_back
        with tag("section", "", "part"):
            told = t(
                "The question is written down under your name, for {basis}. It raises no alert.",
                basis=listed.listing.legal_basis,
            )
            tag("p", told)
            self._ask = button(t("Look into the past {n} days", n=days), self._asked, "first")
            self._said = tag("p", "", "muted", role="status")
        self._found = tag("div")

    async def _asked(self) -> None:
        """Ask, and show how far it is until it has ended."""
        t, asking = self._visit.t, self._visit.services.search.asking
        hotlist_id, listing_id = self._listed.hotlist.hotlist_id, self._listed.listing.listing_id
        officer = self._visit.user.name
        try:
            asked = await ask_of_past(self._visit.services, hotlist_id, listing_id, officer)
        except TooManyQuestionsError:
            say(self._said, t("Too many questions of yours wait for answers. Wait a moment."))
            return
        state = await asking.settled(asked, officer)
        while state.stage in WAITING:
            say(self._said, t("Looking: {share}", share=f"{state.share:.0%}"))
            state = await asking.settled(asked, officer)
        self._show(state)

    def _show(self, state: State) -> None:
        visit, answer = self._visit, state.answer
        self._found.clear()
        if answer is None:
            say(self._said, translated(state.failed, visit.t))
            return
        say(self._said, "")
        with self._found, tag("section", "", "part flush"):
            _passages(visit, answer.found)
            for line in coverage_lines(visit, answer):
                tag("p", line, "empty")


def _passages(visit: Visit, found: Sequence[Found]) -> Element:
    t = visit.t
    with tag("div", "", "scroll") as table, tag("table", "", "stacks"):
        with tag("thead"), tag("tr"):
            for column in COLUMNS:
                tag("th", t(column), scope="col")
        with tag("tbody"):
            for one in found:
                with tag("tr"):
                    tag("th", visit.local(one.read.captured_at), scope="row")
                    with tag("td", data_label=t("Plate")):
                        plate(one.read, t)
                    tag("td", one.read.camera_id, data_label=t("Camera"))
                    tag("td", str(one.grade), "num", data_label=t("Differs"))
    return table


def coverage_lines(visit: Visit, answer: Answer[Found]) -> list[str]:
    """How much was found, what was looked at, and what was not."""
    t, coverage, local = visit.t, answer.coverage, visit.local
    lines = [t.many("{n} passage", "{n} passages", len(answer.found))]
    if answer.more:
        lines.append(t("There are more than are shown here."))
    looked = coverage.covered
    if looked is None:
        lines.append(t("Nothing was looked at."))
    else:
        begins, ends = local(looked.begins_at), local(looked.ends_at)
        lines.append(t("Looked at: {begins} to {ends}", begins=begins, ends=ends))
    if coverage.stopped is not None:
        lines.append(t("It stopped at a limit; what is before that was not looked at."))
    if coverage.remembered_since is not None:
        day = visit.day(visit.here(coverage.remembered_since).date())
        lines.append(t("Remembered since {day}; what is older is forgotten.", day=day))
    for down in coverage.down:
        begins, ends = local(down.period.begins_at), local(down.period.ends_at)
        text = t("{camera} was down: {begins} to {ends}",
                 camera=down.camera_id, begins=begins, ends=ends)  # fmt: skip
        lines.append(text)
    return lines + [translated(note, t) for note in answer.notes]
