"""One place to go to: what is known of it, to copy and to act on with a thumb."""

from collections.abc import Awaitable, Callable

from morina.desk.pages.aerial.tasks_words import (
    NAMED,
    OUTCOMES,
    TASK_STEPS_SAID,
    accuracy_said,
    decimal,
    degrees_minutes,
    height_said,
    placed_said,
    state_of,
)
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.rescue import acts_of
from morina.desk.said import translated
from morina.sense.aerial import RefusedSortieError
from morina.sense.aerial.reviewing import (
    TASK_STEPS,
    TELLS,
    WAITING,
    AerialTask,
    TaskKind,
    TaskStep,
)
from morina.sense.aerial.roles import Tasks, UnknownSortieError

_REFUSED = (RefusedSortieError, UnknownSortieError, ConnectionError, TimeoutError)
_COPIES = (
    "(e) => { const f = e.target.closest('.copying').querySelector('input'); f.select();"
    " if (navigator.clipboard) navigator.clipboard.writeText(f.value);"
    " else document.execCommand('copy'); desk.toast(e.target.dataset.said) }"
)
"""Clipboards of browsers answer over TLS alone; without it the old way is there."""

MOST_TYPED = 200


class TaskCard:
    """Drawn anew only where its task or its number changed."""

    def __init__(self, visit: Visit, tasks: Tasks, again: Callable[[], Awaitable[None]]) -> None:
        self._visit, self._tasks, self._again = visit, tasks, again
        self._drawn: tuple[AerialTask, int] | None = None
        self._place = tag("div")

    def delete(self) -> None:
        """Take it off the page."""
        self._place.delete()

    def draw(self, task: AerialTask, number: int) -> None:
        """The task as it is now."""
        if self._drawn == (task, number):
            return
        self._drawn = (task, number)
        self._place.clear()
        waits = "waits" if task.state in WAITING else ""
        with (
            self._place,
            tag("article", "", f"part task {waits}", data_task=str(task.task_id),
                data_state=task.state.value),
        ):  # fmt: skip
            self._head(task, number)
            self._where(task)
            self._wrong = tag("p", "", "wrong", role="alert")
            self._steps(task)

    def _head(self, task: AerialTask, number: int) -> None:
        visit, t = self._visit, self._visit.t
        with tag("h2", f"{number}. {t(NAMED[task.named])} "):
            tag("time", "", "count", data_since=task.made_at.isoformat())
        tag("p", state_of(task, t), "task-state")
        if task.said:
            tag("p", task.said, "task-said wraps")
        if task.outcome:
            tag("p", t(task.outcome), "note wraps")
        told = t("{who}, {time}", who=task.officer, time=visit.local(task.made_at))
        tag("p", told, "muted")

    def _where(self, task: AerialTask) -> None:
        visit, t = self._visit, self._visit.t
        place = task.latitude, task.longitude
        if said := placed_said(task, t):
            tag("p", said, "note", data_placed=task.placed.value)
        for label, text in (
            (t("Decimal degrees"), decimal(*place)),
            (t("Degrees and minutes"), degrees_minutes(*place)),
        ):
            with tag("div", "", "copying"):
                tag("input", value=text, readonly=True, aria_label=label)
                copy = tag("button", t("Copy"), type="button", data_said=t("Copied"))
                copy.on("click", js_handler=_COPIES)
        seen = visit.local(task.seen_at) if task.seen_at else t("not known: no clock")
        with tag("dl", "", "facts"):
            for name, said in (
                (t("Accuracy"), accuracy_said(task, t)),
                (t("Height"), height_said(task, t)), (t("Seen at"), seen),
            ):  # fmt: skip
                tag("dt", name)
                last = tag("dd", f"{said} ")
            if task.seen_at:
                with last:
                    tag("time", data_since=task.seen_at.isoformat())

    def _steps(self, task: AerialTask) -> None:
        may = [
            step
            for state, step in TASK_STEPS
            if state is task.state and self._visit.may(*acts_of(task.kind, step))
        ]
        plain = [step for step in may if step not in TELLS]
        with tag("div", "", "actions large"):
            for step in plain:
                first = "first" if step is plain[0] else ""
                button(self._visit.t(TASK_STEPS_SAID[step]), self._does(task, step), first)
        for step in may:
            if step in TELLS:
                self._telling(task, step)

    def _telling(self, task: AerialTask, step: TaskStep) -> None:
        """A step that needs words: some to press, or typed."""
        t = self._visit.t

        async def send(fields: Fields) -> None:
            await self._step(task, step, fields.get("outcome", ""))

        with tag("details", "", "telling"):
            tag("summary", t(TASK_STEPS_SAID[step]), "button")
            if step is TaskStep.FINISH:
                with tag("div", "", "actions large"):
                    for words in OUTCOMES[TaskKind(task.kind)]:
                        button(t(words), self._does(task, step, words))
            with form(send, "copying"):
                label = t("What was found") if step is TaskStep.FINISH else t("Why")
                field(label, "outcome", required=True, maxlength=MOST_TYPED)
                tag("button", t("Send"), type="submit")

    def _does(
        self, task: AerialTask, step: TaskStep, outcome: str = ""
    ) -> Callable[[], Awaitable[None]]:
        async def does() -> None:
            await self._step(task, step, outcome)

        return does

    async def _step(self, task: AerialTask, step: TaskStep, outcome: str) -> None:
        visit = self._visit
        visit.must(*acts_of(task.kind, step))
        try:
            await self._tasks.step(task.task_id, step, visit.user.name, now(), outcome)
        except _REFUSED as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        await self._again()
