"""Vehicles of our lists that partners saw, as they come in."""

from collections.abc import Mapping
from uuid import UUID

from nicegui import ui

from morina.accountability import Action
from morina.accountability.trail import Act, Deed, What
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.tables import headed
from morina.desk.pages.frame import frame
from morina.desk.pages.labels import label
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.plates import sign
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.exchange.sightings import HeardSighting, Sightings, SightingState
from morina.watch import Listed, NoSuchHotlistError, NoSuchListingError

SHOWN = 100
ASK_EVERY_S = 1.0
COLUMNS = (
    mark("Seen"), mark("By"), mark("Plate"), mark("Place"), mark("Picture"), mark("Entry"),
    mark("State"),
)  # fmt: skip
STATES: Mapping[SightingState, str] = {
    SightingState.SEEN: mark("seen"),
    SightingState.FALSE_POSITIVE: mark("taken back: it was another vehicle"),
    SightingState.EXPIRED: mark("expired"),
    SightingState.CONFIRMED: mark("confirmed by an officer there"),
}


async def sightings_page(visit: Visit, hotlist: str = "", listing: str = "") -> None:
    """The newest, of all lists or of one, or of one entry; new ones appear by themselves."""
    t, exchange = visit.t, visit.services.exchange
    if exchange is None or exchange.sightings is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    try:
        wanted = {name: UUID(one) for name, one in
                  (("hotlist_id", hotlist), ("listing_id", listing)) if one}  # fmt: skip
    except ValueError:
        show_missing(visit, t("There is no such hotlist."))
        return
    with frame(visit, t("Sightings"), "/sightings"):
        with tag("div", "", "head"):
            tag("h1", t("Sightings"))
            tag("span", t("Vehicles of our hotlists that partners saw. They are for this authority:"
                          " no agreement lets them be given on."), "muted")  # fmt: skip
        table = _Table(visit, exchange, exchange.sightings, wanted)
        await table.draw()
        ui.timer(ASK_EVERY_S, table.draw, immediate=False)


class _Table:
    """Drawn anew only where something came or changed."""

    def __init__(
        self, visit: Visit, exchange: ExchangeServices, sightings: Sightings,
        wanted: Mapping[str, UUID],
    ) -> None:  # fmt: skip
        self._visit, self._exchange, self._sightings = visit, exchange, sightings
        self._wanted = wanted
        self._drawn: list[HeardSighting] | None = None
        self._place = tag("section", "", "part flush", aria_live="polite")

    async def draw(self) -> None:
        """The sightings as they are now."""
        self._visit.must(Action.SEE_ALERTS)
        found = list(await self._sightings.heard(**self._wanted, limit=SHOWN))
        if found == self._drawn:
            return
        known = {} if self._drawn is None else {one.sighting_id for one in self._drawn}
        new = [str(one.sighting_id) for one in found if one.sighting_id not in known]
        if new:
            what = What("sighting", tuple(new), "read")
            deed = Deed(act=Act.CONSULTATION, what=what, who=self._visit.user.name)
            await self._exchange.enter(deed)
        entries = {one.sighting_id: await self._entry(one) for one in found}
        self._drawn = found
        self._place.clear()
        with self._place:
            self._rows(found, entries)

    async def _entry(self, one: HeardSighting) -> Listed | None:
        try:
            return await self._visit.services.hotlists.listing(one.hotlist_id, one.listing_id)
        except (NoSuchHotlistError, NoSuchListingError):
            return None

    def _rows(self, found: list[HeardSighting], entries: Mapping[UUID, Listed | None]) -> None:
        if not found:
            tag("p", self._visit.t("No partner has told of a vehicle yet."), "empty")
            return
        with headed(self._visit, COLUMNS):
            for one in found:
                self._row(one, entries[one.sighting_id])

    def _row(self, one: HeardSighting, entry: Listed | None) -> None:
        visit, t, fields = self._visit, self._visit.t, one.fields
        with tag("tr", data_sighting=str(one.sighting_id)):
            tag("th", visit.local(one.seen_at), scope="row")
            tag("td", one.told_by, data_label=t("By"))
            with tag("td", data_label=t("Plate")):
                _plate(one, entry, visit)
            with tag("td", data_label=t("Place")):
                _place(one)
            with tag("td", data_label=t("Picture")):
                if fields.get("picture"):
                    source = f"/api/v1/sightings/{one.told_by}/{one.sighting_id}/picture"
                    tag("img", "", "patch seen", src=source, loading="lazy",
                        alt=t("picture of the vehicle"))  # fmt: skip
            with tag("td", data_label=t("Entry")):
                _link(one, entry, visit)
            with tag("td", data_label=t("State")):
                tone = "faulty" if one.corrected_at else ""
                tag("span", t(STATES[one.state]), tone)


def _plate(one: HeardSighting, entry: Listed | None, visit: Visit) -> None:
    """As it was told; where the plate is not agreed, as it is listed."""
    text = str(one.fields.get("plate") or (entry.listing.plate.text if entry else "?"))
    country = str(one.fields.get("country", "")) or (entry.listing.plate.country if entry else None)
    sign(country, visit.t)
    tag("span", f" {text}", "text")


def _place(one: HeardSighting) -> None:
    words = [str(one.fields[name]) for name in ("place", "camera", "direction", "lane")
             if one.fields.get(name)]  # fmt: skip
    tag("div", ", ".join(words))
    at = [one.fields.get(name) for name in ("latitude_e6", "longitude_e6")]
    if all(isinstance(part, int) for part in at):
        latitude, longitude = (int(part) / 1_000_000 for part in at if isinstance(part, int))
        tag("div", f"{latitude:.4f}, {longitude:.4f}", "muted")


def _link(one: HeardSighting, entry: Listed | None, visit: Visit) -> None:
    if entry is None:
        tag("span", visit.t("no longer listed"), "muted")
        return
    tag("a", entry.hotlist.name, href=f"/hotlists/{one.hotlist_id}")
    tag("div", label(entry.listing.action, visit.t), "muted")
