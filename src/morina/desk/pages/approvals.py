"""What waits for a second person: who asks for what and why, and the decision with its reason."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui.element import Element

from morina.accountability import Action
from morina.accountability.approvals import (
    Approval,
    Guarded,
    RefusedApprovalError,
    Stage,
    Verdict,
)
from morina.accountability.clearing import NotClearedError
from morina.desk.pages.frame import focus, frame
from morina.desk.pages.guard_words import GUARDED, STAGES, facts, why_facts
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.services import Guarding
from morina.desk.words import mark

SHOWN = 100
COLUMNS = (mark("When"), mark("Who"), mark("What"), mark("State"), mark("Reason"))


async def approvals_page(visit: Visit) -> None:
    """Everybody's for whoever may approve; one's own for everybody."""
    t, guard = visit.t, visit.services.guard
    with frame(visit, t("Approvals"), "/approvals"):
        with tag("div", "", "head"):
            tag("h1", t("Approvals"))
            tag("span", t("Nobody decides what they asked for themselves."), "muted")
        if guard is None:
            tag("p", t("This node keeps no approvals."), "wrong")
            return
        await _Page(visit, guard).draw()


class _Page:
    """What waits, what one asked for, and what was decided."""

    def __init__(self, visit: Visit, guard: Guarding) -> None:
        self._visit, self._guard = visit, guard
        self._told = tag("p", "", "", role="status")
        self._lists = tag("div")

    async def draw(self) -> None:
        """The requests as they are now."""
        visit = self._visit
        decides, me = visit.may(Action.APPROVE), visit.user.name
        wanted = "" if decides else me
        found = await self._guard.four_eyes.approvals.newest(requester=wanted, limit=SHOWN)
        mine = [one for one in found if one.request.requester == me]
        others = [one for one in found if one.request.requester != me]
        self._lists.clear()
        with self._lists:
            if decides:
                self._waiting([one for one in others if one.stage(now()) is Stage.OPEN])
            self._own(mine)
            if decides:
                decided = [one for one in others if one.stage(now()) is not Stage.OPEN]
                self._table(visit.t("Decided, or too late"), "decided", decided)

    def _waiting(self, found: Sequence[Approval]) -> None:
        t = self._visit.t
        with tag("section", aria_labelledby="waiting"):
            title = t("Waiting for a decision")
            with tag("h2", f"{title} ", id="waiting", tabindex=-1):
                tag("span", str(len(found)), "count")
            if not found:
                tag("p", t("Nothing waits."), "muted")
            for one in found:
                with tag("article", "", "part", data_approval=str(one.approval_id)):
                    self._request(one)
                    self._decision(one)

    def _request(self, one: Approval) -> None:
        visit, request = self._visit, one.request
        tag("h3", request.words)
        asked = {
            mark("Kind"): visit.t(GUARDED[request.kind]),
            mark("Asked for by"): request.requester,
            mark("Why a second person"): translated(request.needed, visit.t),
        }
        times = {
            mark("Asked"): visit.local(one.asked_at),
            mark("Until"): visit.local(one.expires_at),
        }
        facts(visit, asked | why_facts(request.why, visit) | times)

    def _decision(self, one: Approval) -> None:
        t = self._visit.t
        wrong = tag("p", "", "wrong", role="alert")
        with form(self._decides(one, wrong), "stack"):
            with tag("div", "", "fields"):
                options = {"": t("choose"), "yes": t("Approve"), "no": t("Refuse")}
                choice(t("Decision"), "decision", options)
                field(t("Why, in a few words"), "reason", maxlength=200)
            with tag("div", "", "actions"):
                tag("button", t("Decide"), "first", type="submit")

    def _decides(self, one: Approval, wrong: Element) -> Callable[[Fields], Awaitable[None]]:
        async def decide(fields: Fields) -> None:
            visit = self._visit
            visit.must(Action.APPROVE)
            if fields.get("decision") not in ("yes", "no"):
                say(wrong, visit.t("Choose whether you approve it or refuse it."))
                return
            try:
                reason = fields.get("reason", "").strip()
                verdict = Verdict(visit.user.name, fields["decision"] == "yes", reason)
                await self._guard.four_eyes.decide(one.approval_id, verdict, now())
            except (RefusedApprovalError, NotClearedError) as refused:
                say(wrong, translated(str(refused), visit.t))
                return
            said = mark("Approved: {words}") if verdict.approved else mark("Refused: {words}")
            say(self._told, visit.t(said, words=one.request.words))
            await self.draw()
            focus(self._lists, "#waiting")

        return decide

    def _own(self, found: Sequence[Approval]) -> None:
        t = self._visit.t
        self._table(t("What you asked for"), "own", found)

    def _table(self, title: str, name: str, found: Sequence[Approval]) -> None:
        visit, t = self._visit, self._visit.t
        with tag("section", "", "part flush", aria_labelledby=name):
            with tag("h2", f"{title} ", id=name):
                tag("span", str(len(found)), "count")
            with tag("div", "", "scroll"), tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in COLUMNS:
                        tag("th", t(column), scope="col")
                with tag("tbody"):
                    for one in found:
                        self._row(one)
            if not found:
                tag("p", visit.t("Nothing yet."), "muted pad")

    def _row(self, one: Approval) -> None:
        visit, t, stage = self._visit, self._visit.t, one.stage(now())
        with tag("tr", data_approval=str(one.approval_id)):
            tag("td", visit.local(one.asked_at), data_label=t("When"))
            tag("td", one.request.requester, data_label=t("Who"))
            tag("td", one.request.words, data_label=t("What"))
            with tag("td", data_label=t("State")):
                tag("span", t(STAGES[stage]))
                mine = one.request.requester == visit.user.name
                if mine and stage is Stage.APPROVED and (use := _use(one)):
                    tag("a", t(use[0]), "button", href=use[1])
            verdict = one.verdict
            said = f"{verdict.by}: {verdict.reason}" if verdict else ""
            tag("td", said, data_label=t("Reason"))


def _use(one: Approval) -> tuple[str, str] | None:
    """What whoever asked does with an approval, and where; None where it is not done on a page."""
    content, approval_id = one.request.content, one.approval_id
    match one.request.kind:
        case Guarded.ROLES:
            return mark("Give the roles now"), "/people"
        case Guarded.QUESTION:
            return mark("Ask it now"), f"/search?approval={approval_id}"
        case Guarded.PARTNER_QUESTION:
            return mark("Ask it now"), f"/ask?approval={approval_id}"
        case Guarded.FOLLOW_UP:
            return mark("Send it now"), f"/follow-ups/{content['follow_up']}"
        case Guarded.AGREEMENT:
            return mark("Sign it now"), f"/agreements/{content['agreement_id']}"
    return None
