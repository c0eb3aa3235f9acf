"""Sites beside the road: whether each is connected, what waits there, what is wrong there."""

from collections.abc import Collection, Sequence

from nicegui import ui
from nicegui.element import Element

from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.site_lines import COLUMNS, Cell, Line, cells, refusals
from morina.desk.pages.state import page_of
from morina.desk.pages.visit import Visit, now
from morina.sense.site import SiteHeard

ASK_EVERY_S = 5.0
ADD = "morina site add NAME > NAME.token"
JOIN = "morina edge --join NAME.token"


async def sites_page(visit: Visit) -> None:
    """The table of sites, kept true for as long as the page is open."""
    t = visit.t
    cameras = {camera.camera_id for camera in await visit.services.cameras.cameras()}
    with frame(visit, t("Sites"), "/sites"):
        with tag("div", "", "head"):
            tag("h1", t("Sites"))
        view = _SitesView(visit, cameras)

    async def ask() -> None:
        view.draw(await visit.services.sites.sites())

    await ask()
    ui.timer(ASK_EVERY_S, ask, immediate=False)


class _SitesView:
    """Only what changed is drawn again, so that the keyboard stays where it is."""

    def __init__(self, visit: Visit, cameras: Collection[str]) -> None:
        self._visit = visit
        self._cameras = cameras
        self._named: list[str] | None = None
        self._cells: dict[tuple[str, str], tuple[Element, Cell]] = {}
        self._refused: tuple[Line, ...] = ()
        self._table = tag("section", "", "part flush", aria_labelledby="sites")
        self._refusals = tag("div")

    def draw(self, sites: Sequence[SiteHeard]) -> None:
        """Show the sites as they are now."""
        named = [one.site for one in sites]
        if named != self._named:
            self._rows(named)
            self._named = named
        clock_s = self._visit.services.upkeep.checkup.rules.clock_s
        for one in sites:
            said = cells(one, self._visit, now(), clock_s)
            for column, cell in zip(COLUMNS, said, strict=True):
                self._write((one.site, column), cell)
        self._show_refused(tuple(line for one in sites for line in refusals(one, self._visit)))

    def _rows(self, named: Sequence[str]) -> None:
        t = self._visit.t
        self._table.clear()
        self._cells.clear()
        with self._table:
            with tag("h2", f"{t('Sites')} ", id="sites"):
                tag("span", str(len(named)), "count")
            if not named:
                self._no_site()
                return
            with tag("div", "", "scroll"), tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in COLUMNS:
                        tag("th", t(column), scope="col")
                with tag("tbody"):
                    for site in named:
                        self._row(site)

    def _row(self, site: str) -> None:
        with tag("tr"):
            for column in COLUMNS:
                if column == COLUMNS[0]:
                    cell = tag("th", scope="row")
                else:
                    cell = tag("td", data_label=self._visit.t(column))
                self._cells[site, column] = (cell, ())

    def _no_site(self) -> None:
        t = self._visit.t
        with tag("div", "", "empty"):
            tag(
                "p",
                t(
                    "There is no site yet. A site is a small machine beside the road: cameras in,"
                    " reads out to this node, and without a link they wait there."
                ),
            )
            tag("p", t("Set sites.port and sites.address, then make its token on this node:"))
            with tag("p"):
                tag("code", ADD)
            tag("p", t("Carry the token there by hand and start the site with it:"))
            with tag("p"):
                tag("code", JOIN)
            tag("p", t("More is in docs/edge.md."))

    def _write(self, place: tuple[str, str], cell: Cell) -> None:
        element, before = self._cells[place]
        if cell == before:
            return
        self._cells[place] = (element, cell)
        element.clear()
        with element:
            for line in cell:
                self._line(line)

    def _line(self, line: Line) -> None:
        with tag("div", "", line.classes):
            if line.camera_id in self._cameras:
                tag("a", line.text, href=page_of(line.camera_id))
            else:
                tag("span", line.text)
            if line.since:
                at = line.since
                tag("span", " ")
                tag("time", "", data_since=at.isoformat(), title=self._visit.local(at))

    def _show_refused(self, lines: tuple[Line, ...]) -> None:
        if lines == self._refused:
            return
        self._refused = lines
        self._refusals.clear()
        t = self._visit.t
        if not lines:
            return
        with self._refusals, tag("section", "", "part", aria_labelledby="refused"):
            tag("h2", t("Refused there, since each site started"), id="refused")
            with tag("ul", "", "told"):
                for line in lines:
                    tag("li", line.text)
            tag(
                "p",
                t("Nobody is adopted at a site: write the camera into its cameras.toml."),
                "muted",
            )
