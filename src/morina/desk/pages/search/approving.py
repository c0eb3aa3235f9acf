"""A question that needs a second person: asked for here, asked under the approval once it is."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action, Purpose
from morina.accountability.approvals import (
    Approval,
    NoSuchApprovalError,
    RefusedApprovalError,
    Request,
    Stage,
)
from morina.desk.pages.guard_words import STAGES, facts, why_facts
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.records.kept_questions import NotReadableError, asked_in
from morina.records.kinds import Question, RefusedQuestionError
from morina.records.leave import Leave

AskUnder = Callable[[Purpose, Question, Leave], Awaitable[None]]


async def approved_question(visit: Visit, approval_id: str) -> Approval | None:
    """The approval of that id where it is this person's own and of a question; else None."""
    guard = visit.services.guard
    try:
        if guard is None or not approval_id:
            return None
        found = await guard.four_eyes.approvals.approval(UUID(approval_id))
        asked_in(found.request)
    except (ValueError, NoSuchApprovalError, NotReadableError, RefusedQuestionError):
        return None
    return found if found.request.requester == visit.user.name else None


class Approving:
    """What stands between the form and the answer where a second person must agree."""

    def __init__(self, visit: Visit, place: Element, ask: AskUnder) -> None:
        self._visit, self._place, self._ask = visit, place, ask

    def needed(self, request: Request) -> None:
        """Offer to ask for the approval."""
        t = self._visit.t

        async def want() -> None:
            self._visit.must(Action.SEARCH)
            guard = self._visit.services.guard
            if guard is None:
                return
            self.state(await guard.four_eyes.approvals.ask(request, now()))

        with self._part(t("A second person has to agree to this question")):
            tag("p", translated(request.needed, t))
            facts(self._visit, {mark("Question"): request.words})
            with tag("div", "", "actions"):
                button(t("Ask for approval"), want, "first")

    def state(self, approval: Approval) -> None:
        """How far an approval is, and the button that asks under it."""
        visit, t, request = self._visit, self._visit.t, approval.request
        stage = approval.stage(now())
        with self._part(t("Approval of a question")):
            facts(visit, {
                mark("Question"): request.words,
                **why_facts(request.why, visit),
                mark("State"): t(STAGES[stage]),
                mark("Until"): visit.local(approval.expires_at),
            })  # fmt: skip
            if stage is Stage.OPEN:
                tag("p", t("Whoever may approve sees it now. You find it under Approvals."))
            with tag("div", "", "actions"):
                if stage is Stage.APPROVED:
                    button(t("Ask it now"), self._asks(approval), "first")
                tag("a", t("Approvals"), "button", href="/approvals")

    def refused(self, error: RefusedApprovalError) -> None:
        """Why an approval could not be used."""
        with self._part(self._visit.t("Approval of a question")):
            tag("p", translated(str(error), self._visit.t), "wrong", role="alert")

    def clear(self) -> None:
        """Nothing stands between."""
        self._place.clear()

    def _asks(self, approval: Approval) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            purpose, question = asked_in(approval.request)
            await self._ask(purpose, question, Leave(approval_id=approval.approval_id))

        return ask

    def _part(self, title: str) -> Element:
        self._place.clear()
        with self._place:
            part = tag("section", "", "part", aria_labelledby="approval")
            with part:
                tag("h2", title, id="approval", tabindex=-1)
        return part
