"""The counter on the first page: how much is remembered, and whether forgetting goes on."""

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.markup import tag
from morina.desk.pages.retention_lines import counter
from morina.desk.pages.site_lines import Line
from morina.desk.pages.visit import Visit, now


class Counter:
    """One line at the foot of the page; drawn again only where it says something else."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._place = tag("p", "", "remembered")
        self._shown: list[Line] = []

    async def draw(self) -> None:
        """Show the counter as it is, at most a minute old; what was shown stays without an answer.

        It tells no plate: whoever sees this page may see it.
        """
        forgotten = self._visit.services.forgotten
        told = await forgotten.remembering.latest(now()) if forgotten else None
        lines = counter(told, self._visit) if told else self._shown
        if lines == self._shown:
            return
        self._shown = lines
        self._place.clear()
        with self._place:
            for line in lines:
                tag("span", line.text, line.classes)
            self._link()

    def _link(self) -> Element | None:
        if not self._visit.may(Action.SEE_RETENTION):
            return None
        return tag("a", self._visit.t("Retention"), href="/retention")
