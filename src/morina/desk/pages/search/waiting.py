"""A question while it is answered: how far it is, and the button that cancels it."""

from uuid import UUID

from nicegui.element import Element

from morina.accountability import Purpose
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit
from morina.records.asking import Stage, State
from morina.records.kinds import Question
from morina.records.leave import BY_HAND, Leave

LOOK_EVERY_S = 0.3
OPEN = (Stage.WAITING, Stage.RUNNING)


class Waiting:
    """Asks one question at a time; a new one cancels the one before."""

    def __init__(self, visit: Visit, place: Element) -> None:
        self._visit = visit
        self._place = place
        self._open: UUID | None = None
        place.client.on_delete(self.cancel)

    async def answer(
        self, purpose: Purpose, question: Question, leave: Leave = BY_HAND
    ) -> State | None:
        """How it ended; None where another question took its place. Raises as Asking.ask does."""
        asking = self._visit.services.search.asking
        self._visit.must_ask(question)
        self.cancel()
        self._open = None  # whoever waits for it hears at once that another took its place
        return await self.follow(await asking.ask(purpose, question, leave))

    async def follow(self, question_id: UUID) -> State | None:
        """The same for one that was asked already."""
        asking, officer = self._visit.services.search.asking, self._visit.user.name
        self.cancel()  # two sent at once
        self._open = question_id
        told, bar = self._draw()
        state = asking.state(question_id, officer)
        while state.stage in OPEN and self._open == question_id:
            self._tell(told, bar, state)
            state = await asking.settled(question_id, officer, LOOK_EVERY_S)
        if self._open != question_id:
            return None
        self._open = None
        self._place.clear()
        return state

    def cancel(self) -> None:
        """Nobody waits for the open question any more."""
        if self._open is not None:
            self._visit.services.search.asking.cancel(self._open, self._visit.user.name)

    def _draw(self) -> tuple[Element, Element]:
        t = self._visit.t

        async def cancel() -> None:
            self.cancel()

        self._place.clear()
        with self._place, tag("section", "", "part waiting", aria_label=t("Progress")):
            told = tag("p", "", role="status")
            bar = tag("progress", max=1, value=0, aria_label=t("How much has been looked at"))
            with tag("div", "", "actions"):
                button(t("Cancel"), cancel)
        return told, bar

    def _tell(self, told: Element, bar: Element, state: State) -> None:
        t = self._visit.t
        if state.stage is Stage.WAITING:
            say(told, t("Other questions are answered first."))
        else:
            say(told, t("Looking: {share} done.", share=f"{state.share:.0%}"))
        bar.props["value"] = round(state.share, 2)
        bar.update()
