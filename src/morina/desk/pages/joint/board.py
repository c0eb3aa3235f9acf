"""The board of tasks, by state; each task with the steps that may follow."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.joint.parts import REFUSED, acting, owner_line, refuse
from morina.desk.pages.joint.words import STATES, STEPS
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit
from morina.exchange.operations import (
    TASKS,
    ItemKind,
    OperationItem,
    Operations,
    OperationView,
    TaskState,
    TaskStep,
    allowed,
)

Again = Callable[[], Awaitable[None]]


class Board:
    """Tasks and checks in four columns, one below the other where the screen is narrow."""

    def __init__(
        self, visit: Visit, operations: Operations, view: OperationView, again: Again
    ) -> None:
        self._visit, self._operations, self._view, self._again = visit, operations, view, again
        t, tasks = visit.t, view.of(*TASKS)
        with tag("section", "", "part", aria_labelledby="tasks"):
            tag("h2", t("Tasks"), id="tasks", tabindex=-1)
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                for state in TaskState:
                    here = [one for one in tasks if one.text("state") == state]
                    with tag("section", "", "", aria_label=t(STATES[state]), data_state=state):
                        with tag("h3", t(STATES[state]) + " "):
                            tag("span", str(len(here)), "count")
                        for one in here:
                            self._task(one)

    def _task(self, one: OperationItem) -> None:
        visit, t = self._visit, self._visit.t
        with tag("article", "", "part", data_item=str(one.key)):
            tag("strong", one.text("title"))
            for line in (one.text("crossing"), one.text("words")):
                if line:
                    tag("p", line)
            if due := one.text("due_at"):
                time = visit.local(datetime.fromisoformat(due))
                tag("div", t("due {time}", time=time), "muted")
            if by := one.text("taken_by"):
                tag("div", t("taken by {node}", node=by), "muted")
            owner_line(one, visit)
            for asked in self._asked(one):
                step = t(STEPS[TaskStep(asked.text("step"))])
                tag("div", t("asked of {node}: {step}", node=one.key.node, step=step), "muted")
            if visit.may(Action.WORK_OPERATIONS):
                self._steps(one)

    def _asked(self, one: OperationItem) -> list[OperationItem]:
        """Steps asked of its owner since it last changed."""
        steps = self._view.of(ItemKind.STEP)
        return [
            step for step in steps
            if step.text("task") == str(one.key) and step.made_at >= one.changed_at
        ]  # fmt: skip

    def _steps(self, one: OperationItem) -> None:
        exchange = self._visit.services.exchange
        own = exchange is not None and one.key.node == exchange.node_id
        with tag("div", "", "actions"):
            for step in allowed(TaskState(one.text("state"))):
                if own or step is not TaskStep.WITHDRAW:
                    button(self._visit.t(STEPS[step]), self._takes(one, step), data_step=step)

    def _takes(self, one: OperationItem, step: TaskStep) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            try:
                await self._operations.step(one.key, step, acting(self._visit))
            except REFUSED as refused:
                refuse(self._wrong, refused, self._visit)
                return
            await self._again()

        return take

    @staticmethod
    def taking_back(
        visit: Visit, operations: Operations, item: OperationItem, again: Again
    ) -> None:
        """The button that takes an own item back, and asks once more."""
        exchange = visit.services.exchange
        own = exchange is not None and item.key.node == exchange.node_id
        if not own or visit.user.authority not in ("", item.by_authority):
            return
        place = tag("div")

        async def take_back() -> None:
            try:
                await operations.withdraw(item.key, acting(visit))
            except REFUSED as refused:
                _say(place, refused, visit)
                return
            await again()

        async def ask() -> None:
            place.clear()
            with place:
                button(visit.t("Yes, take it back from everybody"), take_back, "stern")

        if visit.may(Action.WORK_OPERATIONS):
            with place:
                button(visit.t("Take it back"), ask, "link")


def _say(place: Element, error: Exception, visit: Visit) -> None:
    place.clear()
    with place:
        refuse(tag("p", "", "wrong", role="alert"), error, visit)
