"""The page on which partners are asked about one vehicle; answers appear by themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from nicegui import ui
from nicegui.element import Element

from morina.accountability import Action
from morina.accountability.approvals import (
    Approval,
    ApprovalNeededError,
    NoSuchApprovalError,
    Stage,
)
from morina.accountability.looking import Shown
from morina.accountability.trail import acts_as
from morina.alerts import Alert, NoSuchAlertError, revealed_to
from morina.desk.exchange import ExchangeServices
from morina.desk.guarded import guard_of
from morina.desk.pages.asking.reasons import REFUSALS, reasons, told_facts
from morina.desk.pages.asking.register_part import show_clashes
from morina.desk.pages.asking.words import word
from morina.desk.pages.fields import countries
from morina.desk.pages.frame import frame
from morina.desk.pages.guard_words import STAGES, facts, why_facts
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.search.fields import OWN_TIME, purpose_of
from morina.desk.pages.visit import Visit, now
from morina.desk.registered import beside
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange import Party
from morina.exchange.questions import Question, Questions, Result, State, ToAsk
from morina.exchange.register import Named

SHOWN = 20
DRAW_EVERY_S = 0.5
_OPEN = (State.ASKED, State.RECEIVED, State.LATE)


async def ask_page(visit: Visit, approval_id: str = "", alert_id: str = "") -> None:
    """A form, and what one asked before, newest first; above them a question of one's own that a
    second person agreed to. Come from an alert, its plate is filled in and answers are compared."""
    t, exchange = visit.t, visit.services.exchange
    if exchange is None or exchange.questions is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    known = await exchange.partners.parties()
    partners = [one for one in known if one.node_id != exchange.node_id]
    approval = await _approval(visit, approval_id)
    with frame(visit, t("Ask a partner"), "/ask"):
        with tag("div", "", "head"):
            tag("h1", t("Ask a partner"))
            tag("span", t("One whole plate or VIN. The partner's node answers by itself."), "muted")
        page = _Page(visit, exchange, exchange.questions)
        page.alert = await _alert(visit, alert_id)
        if approval is not None:
            page.approved(approval)
        page.form(partners)
        await page.draw()
        ui.timer(DRAW_EVERY_S, page.draw_open, immediate=False)


async def _approval(visit: Visit, approval_id: str) -> Approval | None:
    """The approval of that id where it is this person's own and of such a question; else None."""
    guard = visit.services.guard
    if guard is None or not approval_id:
        return None
    try:
        found = await guard.four_eyes.approvals.approval(UUID(approval_id))
        ToAsk.approved(found)
    except (ValueError, NoSuchApprovalError):
        return None
    return found if found.request.requester == visit.user.name else None


async def _alert(visit: Visit, alert_id: str) -> Alert | None:
    """The alert of that id where this officer may see its listing; else None."""
    if not alert_id or not visit.may(Action.SEE_ALERTS):
        return None
    try:
        found = await visit.services.alerts.alert(UUID(alert_id))
    except (ValueError, NoSuchAlertError):
        return None
    if not revealed_to(found, visit.user.name):
        return None
    await visit.services.looks.shown(visit.user.name, Shown.ALERT, [str(found.alert_id)])
    return found


class _Page:
    """One visit."""

    alert: Alert | None = None

    def __init__(self, visit: Visit, exchange: ExchangeServices, questions: Questions) -> None:
        self._visit, self._exchange, self._questions = visit, exchange, questions
        self._found: Sequence[Question] = ()
        self._drawn: list[object] = []

    def approved(self, approval: Approval) -> None:
        """How far an approval is, and the button that asks under it."""
        visit, t, stage = self._visit, self._visit.t, approval.stage(now())
        with tag("section", "", "part", aria_labelledby="approval") as place:
            tag("h2", t("Approval of a question"), id="approval")
            facts(visit, {
                mark("Question"): approval.request.words,
                **why_facts(approval.request.why, visit),
                mark("State"): t(STAGES[stage]),
                mark("Until"): visit.local(approval.expires_at),
            })  # fmt: skip
            wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "actions"):
                if stage is Stage.APPROVED:

                    async def asks() -> None:
                        if await self._ask(ToAsk.approved(approval), wrong):
                            place.clear()

                    button(t("Ask it now"), asks, "first")
                tag("a", t("Approvals"), "button", href="/approvals")

    def form(self, partners: Sequence[Party]) -> None:
        """Whom, about what, and why."""
        t = self._visit.t
        plate = self.alert.listed.listing.plate if self.alert else None
        if not partners:
            tag("p", t("There is no partner in the directory."), "empty")
        with form(self._asks, "part stack", aria_label=t("Ask a partner")):
            with tag("fieldset"):
                tag("legend", t("Partners"))
                with tag("div", "", "chips"):
                    for one in partners:
                        with tag("label", "", "chip"):
                            name = f"partner {one.node_id}"
                            tag("input", type="checkbox", name=name, value="yes")
                            tag("span", one.node_id, title=one.name)
            with tag("div", "", "fields"):
                field(t("Plate"), "plate", maxlength=20, autofocus=True,
                      value=plate.text if plate else "")  # fmt: skip
                choice(t("Country"), "country", {"": t("choose"), **countries(t)},
                       (plate.country or "") if plate else "")  # fmt: skip
                field(t("or VIN"), "vin", t("17 characters"), maxlength=20)
                hint = t("leave it empty for now")
                field(t("As it was at, your time"), "at", hint, type="datetime-local")
            reasons(self._visit)
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "actions"):
                tag("button", t("Ask"), "first", type="submit")
        self._answers = tag("section", "", aria_live="polite", aria_label=t("Answers"))

    async def _asks(self, fields: Fields) -> None:
        try:
            asked = self._asked(fields)
        except REFUSALS as refused:
            say(self._wrong, translated(str(refused), self._visit.t))
            return
        await self._ask(asked, self._wrong)

    async def _ask(self, asked: ToAsk, wrong: Element) -> bool:
        """Whether it was asked; ``wrong`` says why not."""
        visit = self._visit
        visit.must(Action.ASK_PARTNERS)
        acts_as(visit.user.name)
        try:
            await self._questions.ask(asked, now())
        except ApprovalNeededError as needed:
            await guard_of(visit.services).four_eyes.approvals.ask(needed.request, now())
            say(wrong, visit.t("A second person has to agree; then ask it from the approvals."))
            return False
        except REFUSALS as refused:
            say(wrong, translated(str(refused), visit.t))
            return False
        say(wrong, "")
        await self.draw()
        return True

    def _asked(self, fields: Fields) -> ToAsk:
        """As typed; RefusedVehicleError, RefusedPurposeError."""
        texts = {name: fields.get(name, "") for name in ("plate", "country", "vin")}
        if texts["vin"].strip() and not texts["plate"].strip():
            texts["country"] = ""
        chosen = [name.split()[1] for name in fields if name.startswith("partner ")]
        at = None
        if typed := fields.get("at", ""):
            zone = ZoneInfo(self._visit.user.time_zone)
            at = datetime.strptime(typed, OWN_TIME).replace(tzinfo=zone)
        return ToAsk(
            partners=tuple(chosen), named=Named.of(**texts), at=at,
            purpose=purpose_of(fields, self._visit.user.name),
        )  # fmt: skip

    async def draw_open(self) -> None:
        """Look again while something waits for its answer."""
        if any(one.state(now()) in _OPEN for one in self._found):
            await self.draw()

    async def draw(self) -> None:
        """What was asked, drawn anew only where something changed."""
        visit = self._visit
        visit.must(Action.ASK_PARTNERS)
        self._found = await self._questions.newest(visit.user.name, SHOWN)
        here = [(one.question_id, one.state(now())) for one in self._found]
        if here == self._drawn:
            return
        self._drawn = list(here)
        self._answers.clear()
        with self._answers:
            for one in self._found:
                with tag("article", "", "part", data_question=str(one.question_id)):
                    self._one(one)

    def _one(self, one: Question) -> None:
        visit, t, answer = self._visit, self._visit.t, one.answer
        state = one.state(now())
        with tag("h2", f"{one.partner}: {one.named.words} "):
            tag("span", t(word(answer.result if answer else state)), "count")
        said = t("Case {case}, asked {time}", case=one.purpose.case_number,
                 time=visit.local(one.asked_at))  # fmt: skip
        tag("p", said, "muted")
        if state is State.TURNED_DOWN:
            tag("p", translated(one.became.turned_down, t), "wrong")
        if answer is None:
            return
        tag("p", t("Answered in {ms} ms", ms=answer.took_ms), "muted")
        if answer.found is None:
            tag("p", t("What was told is forgotten: its time is over."), "muted")
        for fields in answer.found or ():
            told_facts(visit, fields)
        if self.alert and one.named.plate == self.alert.listed.listing.plate:
            show_clashes(visit, beside(self.alert, answer.found or ()))
        if answer.result is Result.HIT and self._exchange.follow_ups:
            href = f"/follow-ups?about={one.question_id}&partner={one.partner}"
            with tag("div", "", "actions"):
                tag("a", t("Ask for details"), "button", href=href)
