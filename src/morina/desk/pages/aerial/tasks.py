"""Places to go to, as who goes there works them: on a telephone, kept true without reloading."""

from collections.abc import Sequence
from json import dumps

from nicegui import ui
from nicegui.element import Element

from morina.accountability.trail import acts_as
from morina.desk.map import Mark, show_map
from morina.desk.pages.aerial.tasks_card import TaskCard
from morina.desk.pages.aerial.tasks_words import NAMED, accuracy_said, placed_said, state_of
from morina.desk.pages.frame import VERSION
from morina.desk.pages.markup import say, tag
from morina.desk.pages.visit import Visit
from morina.desk.permits import TASKS
from morina.sense.aerial.reviewing import FINISHED, AerialTask, TaskKind, TaskState
from morina.sense.aerial.roles import Tasks

ASK_EVERY_S = 2.0
MOST_FINISHED = 20
_OPEN = frozenset(TaskState) - FINISHED


class TaskList:
    """The tasks of one kind: a map, a card for each, and the last that are finished.

    Only cards that changed are drawn anew: what somebody is typing into another stays."""

    def __init__(self, visit: Visit, tasks: Tasks, kind: TaskKind) -> None:
        self._visit, self._tasks, self._kind = visit, tasks, kind
        self._cards: dict[str, TaskCard] = {}
        self._known: set[str] | None = None
        self._marked: list[AerialTask] | None = None
        self._finished: list[AerialTask] | None = None
        ui.add_head_html(f'<link rel="stylesheet" href="/static/aerial.css?v={VERSION}">')
        with tag("div", "", "tasks"):
            with tag("div"):
                self._none = tag("p", "", "part muted")
                self._list = tag("div", aria_live="polite")
                self._done = tag("div")
            self._map = tag("div", "", "part flush tasks-map")

    async def follow(self) -> None:
        """Draw it, and keep it true for as long as the page is open."""
        await self.draw()
        ui.timer(ASK_EVERY_S, self.draw, immediate=False)

    async def draw(self) -> None:
        """The tasks as they are now."""
        visit = self._visit
        visit.must(*TASKS)
        acts_as(visit.user.name)
        found = await self._tasks.tasks(frozenset({self._kind}), frozenset(TaskState))
        open_ones = [one for one in found if one.state in _OPEN]
        self._draw_cards(open_ones)
        self._draw_map(open_ones)
        finished = [one for one in found if one.state in FINISHED][-MOST_FINISHED:]
        self._draw_finished(list(reversed(finished)))
        self._announce(open_ones)

    def _draw_cards(self, tasks: Sequence[AerialTask]) -> None:
        here = {str(one.task_id) for one in tasks}
        for gone in self._cards.keys() - here:
            self._cards.pop(gone).delete()
        with self._list:
            for number, one in enumerate(tasks, 1):
                card = self._cards.get(str(one.task_id))
                if card is None:
                    card = TaskCard(self._visit, self._tasks, self.draw)
                    self._cards[str(one.task_id)] = card
                card.draw(one, number)
        say(self._none, "" if tasks else self._visit.t("Nothing waits, and nobody is out."))
        self._none.set_visibility(not tasks)

    def _draw_map(self, tasks: list[AerialTask]) -> None:
        if tasks == self._marked:
            return
        self._marked, t = tasks, self._visit.t
        self._map.clear()
        with self._map:
            show_map([self._mark(*one) for one in enumerate(tasks, 1)], translate=t)

    def _mark(self, number: int, one: AerialTask) -> Mark:
        t = self._visit.t
        error = placed_said(one, t) or accuracy_said(one, t)
        return Mark(
            name=f"{number}: {t(NAMED[one.named])}", latitude=one.latitude,
            longitude=one.longitude, pin=str(number), highlighted=not one.taken_by,
            about=(one.said, error, state_of(one, t)),
        )  # fmt: skip

    def _draw_finished(self, tasks: list[AerialTask]) -> None:
        if tasks == self._finished:
            return
        self._finished, t = tasks, self._visit.t
        self._done.clear()
        if not tasks:
            return
        with self._done, tag("details", "", "part"):
            with tag("summary", t("Finished") + " "):
                tag("span", str(len(tasks)), "count")
            with tag("ul", "", "told"):
                for one in tasks:
                    self._finished_line(one)

    def _finished_line(self, one: AerialTask) -> Element:
        visit, t = self._visit, self._visit.t
        with tag("li") as line:
            tag("strong", f"{t(NAMED[one.named])}: {one.said}")
            tag("div", f"{state_of(one, t)}: {t(one.outcome)}")
            tag("div", visit.local(one.made_at), "muted")
        return line

    def _announce(self, tasks: Sequence[AerialTask]) -> None:
        """Sound and words where one came while the page was open."""
        here = {str(one.task_id) for one in tasks}
        new = here - (here if self._known is None else self._known)
        self._known = here | (self._known or set())
        if new:
            said = self._visit.t("A new task came in.")
            self._list.client.run_javascript(f"desk.alarm({dumps(said)})")
