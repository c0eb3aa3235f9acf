"""How a camera is, in one cell of the table of cameras."""

from urllib.parse import quote

from morina.desk import faults
from morina.desk.pages.markup import tag
from morina.desk.pages.sparkline import sparkline
from morina.desk.pages.visit import Visit


def page_of(camera_id: str) -> str:
    """The address of a camera's page."""
    return f"/cameras/{quote(camera_id, safe='')}"


def show_state(visit: Visit, camera_id: str) -> None:
    """Its week as a drawing, and what is to be mended."""
    t, checkup = visit.t, visit.services.upkeep.checkup
    checked = checkup.latest.get(camera_id)
    if checked is None:
        tag("span", t("not looked at yet"), "muted")
        return
    title = t("Passages by hour, seven days; the line is usual")
    sparkline(checked.figures.hours, checked.usual, checked.figures.at, (title, checkup.rules))
    if not checked.notices:
        tag("div", t("nothing to mend"), "muted")
    for notice in checked.notices:
        tag("div", faults.said(notice.finding, t), "faulty")
