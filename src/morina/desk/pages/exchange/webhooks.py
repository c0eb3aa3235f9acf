"""Webhooks: other programs of the authority that are told of what happens, and how that goes."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from nicegui import ui

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.pages.exchange.section import exchange_of, looked, section
from morina.desk.pages.exchange.tables import Table, table
from morina.desk.pages.exchange.webhook_lines import EVENTS, MESSAGES, STANDINGS, message
from morina.desk.pages.guard_words import facts
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.formats.webhooks import TYPES, USUAL
from morina.exchange.webhooks import (
    NoSuchWebhookError,
    RefusedWebhookError,
    Standing,
    Webhook,
    WebhookMessage,
    Webhooks,
)

SHOWN = 10
"""Messages of each."""

ASK_EVERY_S = 1.0
Step = Callable[[UUID, str, datetime], Awaitable[None]]


async def webhooks_page(visit: Visit) -> None:
    """Those there are, how their last messages went, and a form for another."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t = visit.t
    hint = t("Other programs of this authority, told of what happens, signed.")
    with section(visit, t("Webhooks"), "/webhooks", hint):
        if exchange.webhooks is None:
            tag("p", t("This node tells no other programs."), "wrong")
            return
        page = _Page(visit, exchange.webhooks)
        await looked(visit, "webhook", [one.webhook_id for one in await exchange.webhooks.all()])
        page.form()
        await page.draw()
        ui.timer(ASK_EVERY_S, page.draw, immediate=False)


class _Page:
    """One visit."""

    def __init__(self, visit: Visit, webhooks: Webhooks) -> None:
        self._visit, self._webhooks = visit, webhooks
        self._drawn: object = None

    def form(self) -> None:
        """Another program, and its secret once it was added."""
        t = self._visit.t
        with tag("details", "", "part"):
            tag("summary", t("Tell another program"))
            self._wrong = tag("p", "", "wrong", role="alert")
            with form(self._adds, "stack"):
                field(t("Address"), "address", t("https://HOST/PATH, without a login"),
                      required=True, maxlength=2000)  # fmt: skip
                with tag("fieldset", "", "checks"):
                    tag("legend", t("What it is told of"))
                    for kind in TYPES:
                        _tick(f"event-{kind}", f"{t(EVENTS[kind])} ({kind})", kind in USUAL)
                with tag("fieldset", "", "checks"):
                    tag("legend", t("Plates"))
                    _tick("plates", t("The listed plate of a confirmed alert is told too; only to"
                                      " this machine or a private network"), False)  # fmt: skip
                with tag("div", "", "actions"):
                    tag("button", t("Tell it from now on"), type="submit")
        self._secret = tag("div", role="status")
        self._refused = tag("p", "", "wrong", role="alert")
        self._place = tag("div", "", aria_live="polite")

    async def _adds(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.AGREE)
        acts_as(visit.user.name)
        events = [kind for kind in TYPES if f"event-{kind}" in fields]
        if not events:
            say(self._wrong, t("Choose what it is told of."))
            return
        address = fields.get("address", "").strip()
        try:
            made, secret = await self._webhooks.add(
                address, events, "plates" in fields, visit.user.name
            )
        except RefusedWebhookError as refused:
            say(self._wrong, translated(str(refused), t))
            return
        say(self._wrong, "")
        self._show_secret(made, secret)
        await self.draw()

    def _show_secret(self, made: UUID, secret: str) -> None:
        t = self._visit.t
        self._secret.clear()
        with self._secret, tag("section", "", "part"):
            tag("h2", t("Its secret, shown only now"))
            tag("p", t("The program checks signatures with it. Write it down there; this node"
                       " shows it to nobody again."))  # fmt: skip
            facts(self._visit, {mark("Webhook"): str(made), mark("Secret"): secret})

    async def draw(self) -> None:
        """Each webhook and its newest messages, drawn where something changed."""
        self._visit.must(Action.AGREE)
        hooks, newest = await self._webhooks.all(), await self._webhooks.newest(SHOWN)
        if (stands := (hooks, newest)) == self._drawn:
            return
        self._drawn = stands
        self._place.clear()
        with self._place:
            told = [one for one in hooks if one.standing is not Standing.ENDED]
            ended = [one for one in hooks if one.standing is Standing.ENDED]
            if not hooks:
                tag("p", self._visit.t("No other program is told anything."), "empty")
            for one in [*told, *reversed(ended)]:
                self._show(one, newest.get(one.webhook_id, ()))

    def _show(self, one: Webhook, messages: Sequence[WebhookMessage]) -> None:
        visit, t = self._visit, self._visit.t
        rows = [message(each, visit) for each in messages]
        nothing, name = (
            t("Nothing was sent to it in the last 30 days."),
            f"webhook-{one.webhook_id}",
        )
        told = Table(title=one.address, columns=MESSAGES, rows=rows, nothing=nothing, name=name)
        with table(visit, told), tag("div", "", "pad"):
            facts(visit, {
                mark("State"): t(STANDINGS[one.standing]),
                mark("What it is told of"): ", ".join(t(EVENTS[kind]) for kind in one.events),
                mark("Plates"): t("yes") if one.plates else t("no"),
                mark("Added by"): one.made_by, mark("Added at"): visit.local(one.made_at),
                mark("Webhook"): str(one.webhook_id),
            })  # fmt: skip
            if one.standing is not Standing.ENDED:
                self._steps(one)

    def _steps(self, one: Webhook) -> None:
        t, webhooks = self._visit.t, self._webhooks
        with tag("div", "", "actions"):
            if one.standing is Standing.PAUSED:
                self._step(t("Tell it again"), one, webhooks.go_on)
            else:
                self._step(t("Send a test"), one, webhooks.test)
                self._step(t("Pause"), one, webhooks.pause)
        with tag("details"):
            tag("summary", t("Remove it"))
            tag("p", t("It is told nothing more, what waits neither. It cannot be taken back: add"
                       " it anew, with another secret."))  # fmt: skip
            with tag("div", "", "actions"):
                self._step(t("Remove it now"), one, webhooks.end, classes="stern")

    def _step(self, text: str, one: Webhook, step: Step, **more: Any) -> None:
        async def takes() -> None:
            visit = self._visit
            visit.must(Action.AGREE)
            acts_as(visit.user.name)
            try:
                await step(one.webhook_id, visit.user.name, now())
            except NoSuchWebhookError as gone:  # somebody else was faster
                say(self._refused, translated(str(gone), visit.t))
            await self.draw()

        button(text, takes, **more)


def _tick(name: str, text: str, held: bool) -> None:
    with tag("label"):
        tag("input", type="checkbox", name=name, value="on", **({"checked": True} if held else {}))
        tag("span", text)
