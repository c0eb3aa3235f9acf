"""The steps to a signature: a reason, a second person's word on this very text, signed and sent."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from morina.accountability import Action
from morina.accountability.approvals import (
    Approval,
    ApprovalNeededError,
    Guarded,
    RefusedApprovalError,
    Stage,
)
from morina.accountability.clearing import NotClearedError
from morina.accountability.trail import acts_as
from morina.desk.pages.exchange.ending import LEAST_WORDS
from morina.desk.pages.guard_words import STAGES, facts
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange import Agreement, NotAgreedError, UnknownNodeError
from morina.exchange.agreeing import Agreeing, NoSuchAgreementError, RefusedAgreementError, Signing

_SHOWN = 200
_REFUSALS = (RefusedAgreementError, RefusedApprovalError, NotClearedError, NoSuchAgreementError,
             UnknownNodeError, NotAgreedError)  # fmt: skip


class Steps:
    """What this person may do next with one text."""

    def __init__(self, visit: Visit, agreeing: Agreeing, agreement: Agreement) -> None:
        self._visit, self._agreeing, self._agreement = visit, agreeing, agreement
        with tag("section", "", "part", aria_labelledby="signing"):
            tag("h2", visit.t("Sign for this node"), id="signing", tabindex=-1)
            self._wrong = tag("p", "", "wrong", role="alert")
            self._place = tag("div", role="status")

    async def draw(self) -> None:
        """The step that is next: ask, wait, or sign."""
        t = self._visit.t
        approval = await self._asked()
        self._place.clear()
        with self._place:
            if approval is None:
                self._ask()
                return
            stage = approval.stage(now())
            facts(self._visit, {
                mark("State"): t(STAGES[stage]),
                mark("Reason"): approval.request.why.get("reason", ""),
                mark("Until"): self._visit.local(approval.expires_at),
            })  # fmt: skip
            if stage is Stage.OPEN:
                tag("p", t("A supervisor has to agree. Once one did, you sign it here."))
            with tag("div", "", "actions"):
                if stage is Stage.APPROVED:
                    button(t("Sign and send"), self._signs(approval), "first")
                tag("a", t("Approvals"), "button", href="/approvals")

    async def _asked(self) -> Approval | None:
        """What this person asked for this very text and can be decided or used still."""
        guard = self._visit.services.guard
        if guard is None:
            return None
        mine = self._visit.user.name
        said = dict(self._agreement.said())
        for one in await guard.four_eyes.approvals.newest(requester=mine, limit=_SHOWN):
            about = one.request.kind is Guarded.AGREEMENT and one.request.content == said
            if about and one.stage(now()) in (Stage.OPEN, Stage.APPROVED):
                return one
        return None

    def _ask(self) -> None:
        t = self._visit.t
        tag("p", t("A second person has to agree to just this text before it is signed. Nothing is"
                   " sent before."))  # fmt: skip
        with form(self._asks, "stack"):
            field(t("Why, in a few words"), "reason", required=True, maxlength=200)
            with tag("div", "", "actions"):
                tag("button", t("Ask for approval"), "first", type="submit")

    async def _asks(self, fields: Fields) -> None:
        visit, guard = self._visit, self._visit.services.guard
        visit.must(Action.AGREE)
        acts_as(visit.user.name)
        reason = fields.get("reason", "").strip()
        if len(reason.split()) < LEAST_WORDS:
            say(self._wrong, visit.t("Write why, in three words or more."))
            return
        if guard is None:
            say(self._wrong, visit.t("This node keeps no approvals."))
            return
        try:
            request = await self._agreeing.to_approve(self._agreement, visit.user.name, reason)
            await guard.four_eyes.approvals.ask(request, now())
        except _REFUSALS as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        say(self._wrong, "")
        await self.draw()

    def _signs(self, approval: Approval) -> Callable[[], Awaitable[None]]:
        async def sign() -> None:
            visit = self._visit
            visit.must(Action.AGREE)
            acts_as(visit.user.name)
            signing = Signing(officer=visit.user.name, approval_id=approval.approval_id,
                              reason=approval.request.why.get("reason", ""), at=now())  # fmt: skip
            try:
                await self._agreeing.sign(self._agreement, signing)
            except ApprovalNeededError as needed:
                say(self._wrong, translated(needed.request.needed, visit.t))
                return
            except _REFUSALS as refused:
                say(self._wrong, translated(str(refused), visit.t))
                return
            ui.navigate.to(f"/agreements/{self._agreement.agreement_id}")

        return sign
