"""One follow-up: what is asked and why, its clocks and steps, and what was released."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from nicegui import ui

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.exchange import ExchangeServices
from morina.desk.follow_up_seen import sees_partners
from morina.desk.pages.asking.follow_ups import left
from morina.desk.pages.asking.reasons import REFUSALS, told_facts
from morina.desk.pages.asking.words import word
from morina.desk.pages.exchange.words import field_said, fields_said
from morina.desk.pages.frame import frame
from morina.desk.pages.guard_words import facts, why_facts
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.exchange import WHOLE, Agreement
from morina.exchange.follow_up_clocks import dues
from morina.exchange.follow_up_steps import TAKEN_AT, allowed
from morina.exchange.follow_ups import (
    Did,
    FollowUp,
    FollowUps,
    Grant,
    Handling,
    NoSuchFollowUpError,
    RefusedBecause,
    Side,
    Step,
)
from morina.exchange.message import Value
from morina.exchange.sighting_messages import PICTURE

_Act = Callable[[Fields], Awaitable[object]]


async def follow_up_page(visit: Visit, follow_up_id: str) -> None:
    """The page; who may not see it is told there is none."""
    t, exchange = visit.t, visit.services.exchange
    missing = t("There is no such follow-up, or it is another officer's.")
    if exchange is None or exchange.follow_ups is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    try:
        one = await exchange.follow_ups.follow_up(
            UUID(follow_up_id), visit.user.name, releases=sees_partners(visit.user)
        )
    except (ValueError, NoSuchFollowUpError):
        show_missing(visit, missing)
        return
    with frame(visit, t("Follow-up"), "/follow-ups"):
        page = _Page(visit, exchange, exchange.follow_ups)
        page.draw(one)
        await page.steps(one)


class _Page:
    """One visit."""

    def __init__(self, visit: Visit, exchange: ExchangeServices, follow_ups: FollowUps) -> None:
        self._visit, self._exchange, self._follow_ups = visit, exchange, follow_ups

    def draw(self, one: FollowUp) -> None:
        """What it is."""
        visit, t = self._visit, self._visit.t
        with tag("div", "", "head"):
            tag("h1", one.named.words)
            tag("span", t(word(one.side), partner=one.partner), "muted")
        with tag("section", "", "part"):
            due = dues(one, self._exchange.follow_up_hours)
            clocks = {word(clock): left(at, t) for clock, at in due.items()}
            facts(visit, {mark("State"): t(word(one.stage))} | clocks | {
                mark("Reason of the refusal"): t(word(one.refused)) if one.refused else "",
                mark("Urgency"): t(word(one.urgency)),
                mark("Offence"): one.offence,
                mark("What is wanted"): ", ".join(field_said(name, t) for name in one.wanted),
                mark("Asked for by"): one.requester,
                mark("Approved by"): one.approver,
                mark("Other officers of the case"): ", ".join(one.officers),
            } | why_facts(one.why, visit))  # fmt: skip
        if one.granted:
            self._granted(one.follow_up_id, one.granted)
        with tag("section", "", "part"):
            tag("h2", t("What was done"))
            with tag("ol"):
                for did in one.did:
                    tag("li", self._did(did))

    def _granted(self, follow_up_id: UUID, grant: Grant) -> None:
        visit, t = self._visit, self._visit.t
        with tag("section", "", "part", data_released="yes"):
            tag("h2", t("Released"))
            told_facts(
                visit, {name: grant.fields[name] for name in grant.fields if name != PICTURE}
            )
            if grant.fields.get(PICTURE):
                source = f"/api/v1/exchange/follow-ups/{follow_up_id}/picture"
                tag("img", "", "seen", src=source, alt=t("picture of the vehicle"))
            tag("p", t(word(grant.handling)))
            tag("p", t("Not told to anybody else without the owner's consent."))
            tag("p", t("Forgotten on {time}", time=visit.local(grant.forget_at)), "muted")

    def _did(self, did: Did) -> str:
        visit, t = self._visit, self._visit.t
        words = did.words
        if did.step is Step.REFUSE:
            words = t(word(RefusedBecause(words)))
        elif did.step is Step.GRANT:
            words = fields_said((one for one in words.split(", ") if one), t)
        said = f"{visit.local(did.at)} {did.by}: {t(word(did.step))}"
        return f"{said} ({words})" if words else said

    async def steps(self, one: FollowUp) -> None:
        """What this person may do next."""
        t = self._visit.t
        may = [step for step in allowed(one.stage, one.side) if self._may(one, step)]
        if not may:
            return
        with tag("section", "", "part", aria_labelledby="next"):
            tag("h2", t("What is next"), id="next")
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "actions"):
                for step in (Step.SEND, Step.DROP, Step.ACKNOWLEDGE):
                    if step in may:
                        first = "first" if step is not Step.DROP else ""
                        button(t(word(step)), self._presses(one, step), first)
                if Step.SEND in may:
                    tag("a", t("Approvals"), "button", href="/approvals")
            for step in (Step.CLARIFIED, Step.CLARIFY):
                if step in may:
                    self._words(one, step)
            if Step.GRANT in may:
                await self._release(one)
            if Step.REFUSE in may:
                self._refuse(one)

    def _may(self, one: FollowUp, step: Step) -> bool:
        if TAKEN_AT[step] is Side.OWNING:
            return self._visit.may(Action.RELEASE)
        return one.requester == self._visit.user.name

    def _presses(self, one: FollowUp, step: Step) -> Callable[[], Awaitable[None]]:
        kept = self._follow_ups
        does = {Step.SEND: kept.send, Step.DROP: kept.drop, Step.ACKNOWLEDGE: kept.acknowledge}

        async def act(_fields: Fields) -> object:
            return await does[step](one.follow_up_id, self._visit.user.name, now())

        sends = self._sends(one, step, act)

        async def press() -> None:
            await sends({})

        return press

    def _words(self, one: FollowUp, step: Step) -> None:
        t, kept = self._visit.t, self._follow_ups
        does = kept.clarify if step is Step.CLARIFY else kept.clarified

        async def act(fields: Fields) -> object:
            words = fields.get("words", "")
            return await does(one.follow_up_id, self._visit.user.name, words, now())

        with form(self._sends(one, step, act), "stack"):
            field(t("In words"), "words", required=True, maxlength=2000)
            with tag("div", "", "actions"):
                tag("button", t(word(step)), type="submit")

    def _refuse(self, one: FollowUp) -> None:
        t = self._visit.t

        async def act(fields: Fields) -> object:
            because = RefusedBecause(fields["because"])
            name = self._visit.user.name
            return await self._follow_ups.refuse(one.follow_up_id, name, because, now())

        with form(self._sends(one, Step.REFUSE, act), "stack"):
            options = {each.value: t(word(each)) for each in RefusedBecause}
            choice(t("Reason of the refusal"), "because", options)
            with tag("div", "", "actions"):
                tag("button", t(word(Step.REFUSE)), type="submit")

    async def _release(self, one: FollowUp) -> None:
        """One input for each field agreed; those left empty are not released."""
        t, agreement = self._visit.t, await self._agreement(one)
        if agreement is None:
            tag("p", t("The agreement is in force no more: nothing can be released."), "wrong")
            return

        async def act(fields: Fields) -> object:
            grant = _grant(fields, agreement)
            name = self._visit.user.name
            return await self._follow_ups.grant(one.follow_up_id, name, grant, now())

        with form(self._sends(one, Step.GRANT, act), "stack"):
            tag("h3", t("Release: fields left empty are not told"))
            with tag("div", "", "fields"):
                asked = [name for name in one.wanted if name in agreement.fields]
                for name in [*asked, *sorted(agreement.fields - set(asked))]:
                    hint = t("wanted") if name in asked else ""
                    if name == PICTURE:
                        told = {"": t("not told"), "yes": t("the picture of the sighting")}
                        choice(field_said(name, t), f"tell {name}", told)
                        continue
                    field(field_said(name, t), f"tell {name}", hint, maxlength=4000)
                options = {each.value: t(word(each)) for each in Handling}
                choice(t("How it may be handled"), "handling", options)
                _origin(agreement, t)
                last = (now() + timedelta(days=agreement.keep_days)).date().isoformat()
                field(t("Forgotten on"), "day", type="date", value=last, max=last, required=True)
            with tag("div", "", "actions"):
                tag("button", t(word(Step.GRANT)), "first", type="submit")

    async def _agreement(self, one: FollowUp) -> Agreement | None:
        exchange = self._exchange
        found = await exchange.agreements.in_force(exchange.node_id, one.partner, now())
        return next((each for each in found if each.agreement_id == one.agreement_id), None)

    def _sends(self, one: FollowUp, step: Step, act: _Act) -> Callable[[Fields], Awaitable[None]]:
        owns = TAKEN_AT[step] is Side.OWNING

        async def send(fields: Fields) -> None:
            visit = self._visit
            visit.must(Action.RELEASE if owns else Action.ASK_PARTNERS)
            acts_as(visit.user.name)
            try:
                await act(fields)
            except REFUSALS as refused:
                say(self._wrong, translated(str(refused), visit.t))
                return
            ui.navigate.to(f"/follow-ups/{one.follow_up_id}")

        return send


def _origin(agreement: Agreement, t: Words) -> None:
    """How old it is and which cameras it comes from, where the agreement limits that."""
    if agreement.max_age_days:
        today = now().date().isoformat()
        hint = t.many("at most {n} day old", "at most {n} days old", agreement.max_age_days)
        field(t("Day it came about"), "at", hint, type="date", max=today, required=True)
    if WHOLE not in agreement.camera_groups:
        groups = {"": t("no camera")} | {one: one for one in sorted(agreement.camera_groups)}
        choice(t("Cameras it comes from"), "camera_group", groups)


def _grant(fields: Fields, agreement: Agreement) -> Grant:
    told: dict[str, Value] = {
        name.split()[1]: text.strip()
        for name, text in fields.items()
        if name.startswith("tell ") and text.strip()
    }
    if PICTURE in told:
        told[PICTURE] = True
    day = datetime.fromisoformat(fields.get("day", "2000-01-01")).replace(tzinfo=UTC)
    last = now() + timedelta(days=agreement.keep_days)
    end = day + timedelta(days=1)
    until = min(end, last) if day.date() <= last.date() else end
    at = fields.get("at")
    return Grant(
        fields=told, handling=Handling(fields["handling"]), forget_at=until,
        at=datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None,
        camera_group=fields.get("camera_group", ""),
    )  # fmt: skip
