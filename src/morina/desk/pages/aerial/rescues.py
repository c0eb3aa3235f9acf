"""Mountain rescue's own page: where somebody is in trouble, and nothing else of the flight."""

from morina.desk.pages.aerial.tasks import TaskList
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.sense.aerial.reviewing import TaskKind

TITLES = {TaskKind.RESCUE: mark("Rescues"), TaskKind.PATROL: mark("Patrols")}
SAID = {
    TaskKind.RESCUE: mark("Places where somebody may need help, oldest first."),
    TaskKind.PATROL: mark("Places a named officer asks a patrol to look at, oldest first."),
}
PATHS = {TaskKind.RESCUE: "/rescues", TaskKind.PATROL: "/patrols"}


async def tasks_page(visit: Visit, kind: TaskKind) -> None:
    """The places of one kind."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None or aerial.tasks is None:
        show_missing(visit, t("This node keeps no drone flights."))
        return
    with frame(visit, t(TITLES[kind]), PATHS[kind]):
        with tag("div", "", "head"):
            tag("h1", t(TITLES[kind]))
            tag("span", t(SAID[kind]), "muted")
        shown = TaskList(visit, aerial.tasks, kind)
        await shown.follow()
