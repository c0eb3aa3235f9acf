"""How a camera is, in one cell of the table of cameras."""

from urllib.parse import quote

from morina.desk import faults
from morina.desk.pages.visit import Visit
from morina.desk.pages.weeks import address
from morina.desk.pages.written import Written, written


def page_of(camera_id: str) -> str:
    """The address of a camera's page."""
    return f"/cameras/{quote(camera_id, safe='')}"


def state_of(visit: Visit, camera_id: str) -> list[Written]:
    """Its week as a drawing, and what is to be mended."""
    t, checkup = visit.t, visit.services.upkeep.checkup
    checked = checkup.latest.get(camera_id)
    if checked is None:
        return [written("span", t("not looked at yet"), class_="muted")]
    title = t("Passages by hour, seven days; the line is usual")
    week = written("use", href=address(checkup, camera_id))
    drawing = written("svg", week, class_="spark", role="img", aria_label=title)
    faulty = [
        written("div", faults.said(notice.finding, t), class_="faulty")
        for notice in checked.notices
    ]
    return [drawing, *(faulty or [written("div", t("nothing to mend"), class_="muted")])]
