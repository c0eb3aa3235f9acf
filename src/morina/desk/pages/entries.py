"""The entries of one hotlist as a table."""

from collections.abc import Awaitable, Callable
from datetime import UTC

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.desk.pages.frame import toast
from morina.desk.pages.labels import label
from morina.desk.pages.listing import vehicle
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.plates import sign
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
    files = f"/api/v1/hotlists/{hotlist.hotlist_id}/export?format="
    with tag("section", "", "part", aria_labelledby="hotlist"):
        with tag("div", "", "head"):
            tag("h2", hotlist.name, id="hotlist")
            tag("span", t("version {version}", version=hotlist.version), "muted")
        _about(visit, hotlist)
        with tag("div", "", "actions"):
            tag("a", t("Add an entry"), "button first", href=f"{here}/add")
            tag("a", t("Import a file"), "button", href=f"{here}/import")
            tag("a", t("Export CSV"), "button", href=f"{files}csv", download="")
            tag("a", t("Export JSON"), "button", href=f"{files}json", download="")
    _Entries(visit, hotlist, found)


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
                    for column in COLUMNS:
                        tag("th", t(column), scope="col")
                self._body = tag("tbody")
        self._draw(found)

    async def _filter(self, event: GenericEventArguments) -> None:
        self._wanted = str(event.args)
        await self._find()

    async def _find(self) -> None:
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
            with tag("td") as last:
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
