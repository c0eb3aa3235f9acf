"""The entries of one hotlist as a table."""

from collections.abc import Awaitable, Callable
from datetime import UTC

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.pages.asking.reasons import reasons
from morina.desk.pages.frame import toast
from morina.desk.pages.labels import label
from morina.desk.pages.listing import vehicle
from morina.desk.pages.markup import button, choice, say, tag
from morina.desk.pages.plates import sign
from morina.desk.pages.sending import Sending
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.watch import Found, Hotlist, NoSuchListingError, VehicleOfInterest

COLUMNS = (
    mark("Plate"), mark("Reason"), mark("Action"), mark("Priority"), mark("Vehicle"),
    mark("Owner"), mark("Valid until"), mark("Review on"), "",
)  # fmt: skip


def show_entries(visit: Visit, hotlist: Hotlist, found: Found) -> None:
    """What the hotlist is, what may be done with it, and its entries."""
    t = visit.t
    here = f"/hotlists/{hotlist.hotlist_id}"
    with tag("section", "", "part", aria_labelledby="hotlist"):
        with tag("div", "", "head"):
            tag("h2", hotlist.name, id="hotlist")
            tag("span", t("version {version}", version=hotlist.version), "muted")
        _about(visit, hotlist)
        with tag("div", "", "actions"):
            if visit.may(Action.CHANGE_HOTLISTS) and not hotlist.owner_node:
                tag("a", t("Add an entry"), "button first", href=f"{here}/add")
                tag("a", t("Import a file"), "button", href=f"{here}/import")
            if visit.services.exchange is not None and not hotlist.owner_node:
                seen = f"/sightings?hotlist={hotlist.hotlist_id}"
                tag("a", t("Sightings by partners"), "button", href=seen)
        if not hotlist.owner_node and _may_take_out(visit):
            _taking_out(visit, hotlist)
    _Entries(visit, hotlist, found)


def _may_take_out(visit: Visit) -> bool:
    return visit.may(Action.CHANGE_HOTLISTS) or visit.may(Action.EXPORT)


def _taking_out(visit: Visit, hotlist: Hotlist) -> None:
    """The folded form: a list leaves the node with a purpose."""
    t = visit.t
    with tag("details"):
        tag("summary", t("Take the list out as a file"))
        with Sending(visit, f"/api/v1/hotlists/{hotlist.hotlist_id}/export", {}) as sending:
            reasons(visit)
            with tag("div", "", "fields"):
                choice(t("Format"), "format", {"csv": "CSV", "json": "JSON"})
            sending.button(t("Take it out"), t("Making the file…"))


def _about(visit: Visit, hotlist: Hotlist) -> None:
    t = visit.t
    with tag("dl", "", "facts"):
        tag("dt", t("Owner"))
        tag("dd", hotlist.owner)
        tag("dt", t("Purpose"))
        tag("dd", hotlist.purpose)
        tag("dt", t("Legal basis"))
        tag("dd", hotlist.legal_basis)
        tag("dt", t("Review on"))
        with tag("dd"):
            tag("span", visit.day(hotlist.review_at))
            if hotlist.review_at < now().astimezone(UTC).date():
                tag("span", t("overdue"), "marker")


class _Entries:
    """The table and its filter, which asks the store; an entry is withdrawn in two steps."""

    def __init__(self, visit: Visit, hotlist: Hotlist, found: Found) -> None:
        self._visit = visit
        self._hotlist = hotlist
        self._wanted = ""
        t = visit.t
        with tag("section", "", "part flush", aria_labelledby="entries"):
            with tag("h2", f"{t('Entries')} ", id="entries"):
                self._count = tag("span", str(found.count), "count")
            with tag("label", "", "field filter"):
                tag("span", t("Filter by plate, owner or vehicle"), "field-label")
                tag("input", name="filter", type="search", autocomplete="off").on(
                    "input", self._filter, js_handler="(e) => emit(e.target.value)", throttle=0.3
                )
            self._said = tag("p", "", "empty", role="status")
            with tag("div", "", "scroll"), tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in COLUMNS[:-1]:
                        tag("th", t(column), scope="col")
                    for _ in range(1 + visit.may(Action.SEARCH)):
                        tag("th", scope="col")
                self._body = tag("tbody")
        self._draw(found)

    async def _filter(self, event: GenericEventArguments) -> None:
        self._wanted = str(event.args)
        await self._find()

    async def _find(self) -> None:
        self._visit.must(Action.SEE_HOTLISTS)
        hotlists, hotlist_id = self._visit.services.hotlists, self._hotlist.hotlist_id
        self._draw(await hotlists.find(hotlist_id, self._wanted))
        say(self._count, str((await hotlists.find(hotlist_id, limit=0)).count))

    def _draw(self, found: Found) -> None:
        t = self._visit.t
        shown = len(found.listings)
        self._body.clear()
        with self._body:
            for listing in found.listings:
                self._row(listing)
        if not shown:
            say(self._said, t("No entry fits.") if self._wanted.strip() else t("No entry."))
        elif found.count > shown:
            say(self._said, t("The first {shown} of {n} entries.", shown=shown, n=found.count))
        else:
            say(self._said, "")

    def _row(self, listing: VehicleOfInterest) -> None:
        t = self._visit.t
        with tag("tr") as row:
            with tag("th", scope="row"):
                sign(listing.plate.country, t)
                tag("span", f" {listing.plate.text}", "text")
            for column, value in zip(COLUMNS[1:-1], self._values(listing), strict=True):
                kind = "num" if column == "Priority" else ""
                tag("td", value, kind, data_label=t(column))
            if self._visit.may(Action.SEARCH):
                here = f"/hotlists/{self._hotlist.hotlist_id}/listings/{listing.listing_id}/past"
                with tag("td"):
                    tag("a", t("Past reads"), href=here)
            with tag("td") as last:
                if self._visit.may(Action.CHANGE_HOTLISTS) and not self._hotlist.owner_node:
                    button(t("Withdraw"), self._asked(last, listing), "link")
        row.props["data-listing"] = str(listing.listing_id)

    def _values(self, listing: VehicleOfInterest) -> tuple[str, ...]:
        visit, t = self._visit, self._visit.t
        return (
            label(listing.reason_code, t),
            label(listing.action, t),
            str(listing.priority),
            vehicle(listing),
            listing.owner_unit,
            visit.day(visit.here(listing.valid_to).date()),
            visit.day(listing.review_at),
        )

    def _asked(self, cell: Element, listing: VehicleOfInterest) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            cell.clear()
            with cell:
                text = self._visit.t("Yes, withdraw {plate}", plate=listing.plate.text)
                button(text, lambda: self._withdraw(listing), "stern")

        return ask

    async def _withdraw(self, listing: VehicleOfInterest) -> None:
        self._visit.must(Action.CHANGE_HOTLISTS)
        t = self._visit.t
        try:
            await self._visit.services.hotlists.withdraw(
                self._hotlist.hotlist_id, listing.listing_id, self._visit.user.name
            )
        except NoSuchListingError:
            toast(self._body, t("That entry is no longer on the hotlist."))
        else:
            toast(self._body, t("{plate} is withdrawn.", plate=listing.plate.text))
        await self._find()
