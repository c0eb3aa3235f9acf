"""Hotlists: which there are, the chosen one, and a form for another."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from morina.accountability import Action
from morina.accountability.looking import Shown
from morina.desk.pages.entries import show_entries
from morina.desk.pages.frame import frame
from morina.desk.pages.list_sharing import show_sharing
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.past import offer
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.watch import Hotlist, NoSuchHotlistError


async def found(visit: Visit, hotlist_id: str) -> Hotlist | None:
    """The hotlist of that id; None, with the page that says so, when there is none."""
    try:
        return await visit.services.hotlists.hotlist(UUID(hotlist_id))
    except (NoSuchHotlistError, ValueError):
        show_missing(visit, visit.t("There is no such hotlist."))
        return None


async def hotlists_page(visit: Visit, hotlist_id: str = "", saved: str = "") -> None:
    """All hotlists by name, and the entries of the chosen one, the first unless one is named.

    ``saved`` is the id of an entry just saved.
    """
    t = visit.t
    hotlists = await visit.services.hotlists.hotlists()
    chosen = await found(visit, hotlist_id) if hotlist_id else next(iter(hotlists), None)
    if hotlist_id and chosen is None:
        return
    if chosen:
        await visit.services.looks.shown(visit.user.name, Shown.HOTLIST, [str(chosen.hotlist_id)])
    entries = await visit.services.hotlists.find(chosen.hotlist_id) if chosen else None
    with frame(visit, t("Hotlists"), "/hotlists"):
        with tag("div", "", "head"):
            tag("h1", t("Hotlists"))
        with tag("div", "", "two"):
            with tag("div"):
                _picks(hotlists, chosen, visit)
                if visit.may(Action.CHANGE_HOTLISTS):
                    _NewHotlist(visit, is_first=not hotlists)
            with tag("div"):
                if chosen and saved:
                    offer(visit, chosen.hotlist_id, saved)
                if chosen and entries:
                    show_entries(visit, chosen, entries)
                    await show_sharing(visit, chosen)


_LACKING = {
    "owner": mark("Owner"),
    "purpose": mark("Purpose"),
    "legal_basis": mark("Legal basis"),
}


def _picks(hotlists: list[Hotlist], chosen: Hotlist | None, visit: Visit) -> None:
    t = visit.t
    with tag("nav", "", "part flush picks", aria_label=t("Hotlists")):
        if not hotlists:
            tag("p", t("There is no hotlist yet. Make one below."), "empty")
        for hotlist in hotlists:
            current = {"aria-current": "page"} if hotlist == chosen else {}
            with tag("a", "", "", href=f"/hotlists/{hotlist.hotlist_id}", **current):
                tag("b", hotlist.name)
                version = t("version {version}", version=hotlist.version)
                tag("span", f"{hotlist.owner}, {version}", "muted")
                if hotlist.lacks:
                    lacks = ", ".join(t(_LACKING[name]) for name in hotlist.lacks)
                    tag("span", t("not matched: it lacks {lacks}", lacks=lacks), "faulty")


class _NewHotlist:
    """The form for a new, empty hotlist."""

    def __init__(self, visit: Visit, is_first: bool) -> None:
        self._visit = visit
        t = visit.t
        review = (now() + timedelta(days=90)).date().isoformat()
        with tag("details", "", "part", open=is_first):
            tag("summary", t("New hotlist"))
            with form(self._make):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    field(t("Name"), "name", required=True, maxlength="200")
                    field(t("Owner"), "owner", required=True, maxlength="200")
                    field(t("Purpose"), "purpose", required=True, maxlength="200")
                    field(t("Legal basis"), "legal_basis", required=True, maxlength="200")
                    field(t("Review on"), "review_at", type="date", value=review, required=True)
                with tag("div", "", "actions"):
                    tag("button", t("Make the hotlist"), "first", type="submit")

    async def _make(self, fields: Fields) -> None:
        self._visit.must(Action.CHANGE_HOTLISTS)
        try:
            hotlist = Hotlist(
                hotlist_id=uuid4(),
                name=fields["name"].strip(),
                owner=fields["owner"].strip(),
                purpose=fields["purpose"].strip(),
                legal_basis=fields["legal_basis"].strip(),
                review_at=date.fromisoformat(fields["review_at"]),
            )
            await self._visit.services.hotlists.create(hotlist)
        except ValueError as refused:
            say(self._wrong, translated(str(refused), self._visit.t))
            return
        self._wrong.client.open(f"/hotlists/{hotlist.hotlist_id}")
