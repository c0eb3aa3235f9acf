"""Follow-ups of both directions with their clocks, what is due first; the form for a new one."""

from datetime import datetime
from uuid import UUID

from nicegui import ui

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.exchange import ExchangeServices
from morina.desk.follow_up_seen import sees_partners
from morina.desk.pages.asking.reasons import REFUSALS, reasons
from morina.desk.pages.asking.words import word
from morina.desk.pages.exchange.tables import Cell, Line, Table, table
from morina.desk.pages.exchange.words import field_said
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.search.fields import purpose_of
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.exchange import Category
from morina.exchange.follow_up_clocks import dues
from morina.exchange.follow_ups import FollowUp, FollowUps, ToFollowUp, Urgency

COLUMNS = (mark("Vehicle"), mark("Who asks"), mark("State"), mark("Due"), mark("Case"))
DRAW_EVERY_S = 10.0


async def follow_ups_page(visit: Visit, about: str = "", partner: str = "") -> None:
    """The list; with ``about`` the form first."""
    t, exchange = visit.t, visit.services.exchange
    if exchange is None or exchange.follow_ups is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    with frame(visit, t("Follow-ups"), "/follow-ups"):
        with tag("div", "", "head"):
            tag("h1", t("Follow-ups"))
            tag("span", t("Details after a hit. What is due first stands first."), "muted")
        if about and visit.may(Action.ASK_PARTNERS):
            await _Form(visit, exchange, exchange.follow_ups).draw(about, partner)
        if sees_partners(visit.user):
            await _escalated(visit, exchange.follow_ups)
        rows = _Rows(visit, exchange)
        await rows.draw()
        ui.timer(DRAW_EVERY_S, rows.draw, immediate=False)


class _Rows:
    """The list, drawn anew only where something of it changed, so that the keyboard stays."""

    def __init__(self, visit: Visit, exchange: ExchangeServices) -> None:
        self._visit, self._exchange = visit, exchange
        self._drawn: list[tuple[Cell, ...]] | None = None
        self._place = tag("div")

    async def draw(self) -> None:
        """The follow-ups as they are now."""
        visit, kept = self._visit, self._exchange.follow_ups
        visit.must(Action.ASK_PARTNERS, Action.RELEASE, Action.APPROVE)
        if kept is None:
            return
        found = await kept.all_of(visit.user.name, releases=sees_partners(visit.user))
        rows = [_row(visit, self._exchange, one) for one in found]
        if rows == self._drawn:
            return
        self._drawn = rows
        self._place.clear()
        with self._place:
            table(visit, Table(title=visit.t("Follow-ups"), columns=COLUMNS, rows=rows))


def _row(visit: Visit, exchange: ExchangeServices, one: FollowUp) -> tuple[Cell, ...]:
    t = visit.t
    due = dues(one, exchange.follow_up_hours)
    clocks = [
        Line(f"{t(word(clock))}: {left(at, t)}", "faulty" if at <= now() else "")
        for clock, at in sorted(due.items(), key=lambda item: item[1])
    ]
    return (
        (Line(one.named.words, "", f"/follow-ups/{one.follow_up_id}"),),
        (Line(t(word(one.side), partner=one.partner)),),
        (Line(t(word(one.stage))), Line(t(word(one.urgency)), "muted")),
        clocks,
        (Line(one.why.get("case_number", "")), Line(one.offence, "muted")),
    )


def left(at: datetime, t: Words) -> str:
    """How long there is still, or for how long it is over."""
    minutes = int((at - now()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    said = mark("{hours} h {minutes} min left")
    return t(said if minutes >= 0 else mark("over for {hours} h {minutes} min"), hours=hours,
             minutes=rest)  # fmt: skip


async def _escalated(visit: Visit, follow_ups: FollowUps) -> None:
    t = visit.t
    found = [one for one in await follow_ups.escalations() if one.is_due]
    if not found:
        return
    with tag("section", "", "part", aria_labelledby="escalated"):
        tag("h2", t("A supervisor should see to these"), id="escalated")
        with tag("ul"):
            for one in found:
                with tag("li"):
                    said = f"{t(word(one.clock))}: {visit.local(one.at)}"
                    tag("a", said, href=f"/follow-ups/{one.follow_up_id}")


class _Form:
    """A new follow-up."""

    def __init__(self, visit: Visit, exchange: ExchangeServices, follow_ups: FollowUps) -> None:
        self._visit, self._exchange, self._follow_ups = visit, exchange, follow_ups

    async def draw(self, about: str, partner: str) -> None:
        """What is wanted, of the fields agreed, and why."""
        self._about, self._partner = about, partner
        t = self._visit.t
        fields = await self._agreed(partner)
        with form(self._writes, "part stack", aria_labelledby="new"):
            tag("h2", t("Ask {partner} for details", partner=partner), id="new")
            with tag("fieldset"):
                tag("legend", t("What is wanted"))
                with tag("div", "", "chips"):
                    for name in fields:
                        with tag("label", "", "chip"):
                            tag("input", type="checkbox", name=f"want {name}", value="yes")
                            tag("span", field_said(name, t))
            with tag("div", "", "fields"):
                field(t("Offence"), "offence", required=True, maxlength=200)
                choice(t("Urgency"), "urgency", {one.value: t(word(one)) for one in Urgency})
                hint = t("account names, a comma between them")
                field(t("Other officers of the case"), "officers", hint, maxlength=200)
            reasons(self._visit)
            self._wrong = tag("p", "", "wrong", role="alert")
            tag("p", t("A second person decides on it before it is sent."), "muted")
            with tag("div", "", "actions"):
                tag("button", t("Ask for approval"), "first", type="submit")

    async def _agreed(self, partner: str) -> list[str]:
        agreements = self._exchange.agreements
        found = await agreements.in_force(partner, self._exchange.node_id, now())
        of_kind = [one.fields for one in found if one.category is Category.FOLLOW_UP]
        return sorted(frozenset().union(*of_kind))

    async def _writes(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.ASK_PARTNERS)
        acts_as(visit.user.name)
        try:
            one = await self._follow_ups.write(self._wanted(fields), now())
        except REFUSALS as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        except ValueError:
            say(self._wrong, visit.t("There is no such hit. Begin at its answer."))
            return
        ui.navigate.to(f"/follow-ups/{one.follow_up_id}")

    def _wanted(self, fields: Fields) -> ToFollowUp:
        officers = [one.strip() for one in fields.get("officers", "").split(",")]
        return ToFollowUp(
            partner=self._partner, about=UUID(self._about),
            purpose=purpose_of(fields, self._visit.user.name),
            offence=fields.get("offence", "").strip(), urgency=Urgency(fields["urgency"]),
            wanted=tuple(name.split()[1] for name in fields if name.startswith("want ")),
            officers=tuple(one for one in officers if one),
        )  # fmt: skip
