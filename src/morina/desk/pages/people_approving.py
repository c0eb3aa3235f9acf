"""Roles that a second person has to agree to: asked for here, given here once they are approved."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.accountability.approvals import Approval, Guarded, Request, Stage
from morina.desk.pages.guard_words import STAGES, facts, why_facts
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark

SHOWN = 100

CarryOut = Callable[[Approval], Awaitable[None]]


class RolesAsked:
    """What this person asked for and can still be given; ``carry_out`` gives it."""

    def __init__(self, visit: Visit, carry_out: CarryOut) -> None:
        self._visit, self._carry_out = visit, carry_out
        self._told = tag("p", "", "", role="status")
        self.wrong = tag("p", "", "wrong", role="alert")
        self._place = tag("div")

    async def ask(self, request: Request) -> None:
        """Ask a second person, and say so."""
        t, guard = self._visit.t, self._visit.services.guard
        self._visit.must(Action.CHANGE_PEOPLE)
        if guard is None:
            say(self.wrong, t("This node keeps no approvals."))
            return
        await guard.four_eyes.approvals.ask(request, now())
        say(self._told, translated(request.needed, t))
        await self.draw()

    async def draw(self) -> None:
        """What waits and what is approved, as it is now."""
        visit, guard = self._visit, self._visit.services.guard
        self._place.clear()
        if guard is None or not visit.may(Action.CHANGE_PEOPLE):
            return
        mine = visit.user.name
        asked = await guard.four_eyes.approvals.newest(requester=mine, limit=SHOWN)
        with self._place:
            for one in asked:
                stage = one.stage(now())
                if one.request.kind is Guarded.ROLES and stage in (Stage.OPEN, Stage.APPROVED):
                    self._one(one, stage)

    def _one(self, one: Approval, stage: Stage) -> None:
        visit, t, request = self._visit, self._visit.t, one.request
        with tag("article", "", "part", data_approval=str(one.approval_id)):
            tag("h2", request.words)
            facts(visit, {
                **why_facts(request.why, visit),
                mark("State"): t(STAGES[stage]),
                mark("Until"): visit.local(one.expires_at),
            })  # fmt: skip
            if stage is Stage.OPEN:
                tag("p", t("A supervisor has to agree. Once one did, you give the roles here."))
            with tag("div", "", "actions"):
                if stage is Stage.APPROVED:
                    button(t("Give the roles now"), self._gives(one), "first")
                tag("a", t("Approvals"), "button", href="/approvals")

    def _gives(self, one: Approval) -> Callable[[], Awaitable[None]]:
        async def give() -> None:
            self._visit.must(Action.CHANGE_PEOPLE)
            say(self._told, "")
            await self._carry_out(one)

        return give
