"""What can be seen from any point, and what was looked at around it: a map without a flight."""

from collections.abc import Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.pages.aerial.around import Around
from morina.desk.pages.aerial.covered import CoveredGround
from morina.desk.pages.aerial.player import Chart, show_chart
from morina.desk.pages.frame import VERSION, frame
from morina.desk.pages.markup import choice, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.sense.cameras import Camera

HEIGHT = "26rem"


async def ground_page(visit: Visit) -> None:
    """The map, a camera to begin at, and the two questions."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None:
        show_missing(visit, t("This node keeps no drone flights."))
        return
    cameras: Sequence[Camera] = ()
    if visit.may(Action.SEE_CAMERAS):
        cameras = await visit.services.cameras.cameras()
    ui.add_head_html(f'<link rel="stylesheet" href="/static/aerial.css?v={VERSION}">')
    with frame(visit, t("Ground seen"), "/sorties"):
        with tag("div", "", "head"):
            tag("h1", t("Ground seen"))
            with tag("div", "", "actions"):
                tag("a", t("All sorties"), "button", href="/sorties")
        with tag("section", "", "part flush", aria_label=t("Map")):
            chart = show_chart(visit, HEIGHT)
        with tag("section", "", "part"):
            tag("p", t("Press the map, or move it with the arrow keys and press Enter, to choose"
                       " a point; or write it below."), "hint")  # fmt: skip
            if cameras:
                _begin_at(visit, chart, cameras)
        Around(visit, aerial, chart, opened=True)
        CoveredGround(visit, aerial, None, chart)


def _begin_at(visit: Visit, chart: Chart, cameras: Sequence[Camera]) -> None:
    """A camera's place becomes the point."""
    t = visit.t
    known = {one.camera_id: one for one in cameras}

    def chosen(event: GenericEventArguments) -> None:
        if one := known.get(str(event.args)):
            chart.tell("go", {"latitude": one.latitude, "longitude": one.longitude})

    names = {one.camera_id: f"{one.name} ({one.site})" if one.site else one.name for one in cameras}
    with tag("div", "", "fields"):
        choice(t("Where a camera stands"), "camera", {"": t("choose one"), **names}).on(
            "change", chosen, js_handler="(e) => emit(e.target.value)"
        )
