"""Beside an alert: what registers say of the listed plate, and what does not fit with it."""

from collections.abc import Iterable, Mapping

from nicegui import ui

from morina.accountability import Action
from morina.alerts import Alert, revealed_to
from morina.desk.pages.asking.reasons import told_facts
from morina.desk.pages.exchange.words import field_said
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.registered import Looked, Side, from_partners, from_register
from morina.desk.words import mark
from morina.exchange.clash import Clash

ASK_EVERY_S = 1.0
SIDES: Mapping[Side, str] = {Side.LISTED: mark("listed"), Side.SEEN: mark("seen")}


class RegisterPart:
    """Empty until this officer may see the listing, and where no register knows the plate."""

    def __init__(self, visit: Visit, alert: Alert) -> None:
        self._visit, self._alert = visit, alert
        self._place = tag("div")
        self._exchange = visit.services.exchange
        if self._exchange and (self._exchange.register or self._exchange.questions):
            self._timer = ui.timer(ASK_EVERY_S, self.refresh)

    def draw(self, alert: Alert) -> None:
        """The alert as it is now; what registers say follows within a second."""
        self._alert = alert

    async def refresh(self) -> None:
        """Ask the own register, once, and look at what partners answered this officer."""
        visit, exchange = self._visit, self._exchange
        visit.must(Action.SEE_ALERTS)
        if exchange is None or not revealed_to(self._alert, visit.user.name):
            return
        self._timer.deactivate()
        found = await from_register(exchange, self._alert, visit.user.name)
        found += await from_partners(exchange, self._alert, visit.user.name)
        may_ask = exchange.questions is not None and visit.may(Action.ASK_PARTNERS)
        with self._place:
            for number, looked in enumerate(found):
                self._show(looked, f"registered-{number}")
            if may_ask:
                with tag("div", "", "actions"):
                    href = f"/ask?alert={self._alert.alert_id}"
                    tag("a", visit.t("Ask partners about this plate"), "button", href=href)

    def _show(self, looked: Looked, name: str) -> None:
        t = self._visit.t
        with tag("section", "", "part", aria_labelledby=name):
            says = t("What {partner} answered", partner=looked.partner) if looked.partner else \
                t("What the register says")  # fmt: skip
            tag("h2", says, id=name)
            for fields in looked.found:
                told_facts(self._visit, fields)
            show_clashes(self._visit, looked.clashes)


def show_clashes(visit: Visit, found: Iterable[tuple[Side, Clash]]) -> None:
    """What does not fit, each a sentence."""
    t = visit.t
    for side, clash in found:
        said = t(
            "{field}: {words} is {seen}, registered is {registered}. Compare before anybody is"
            " stopped.", field=field_said(clash.field, t), words=t(SIDES[side]),
            seen=clash.seen, registered=clash.registered,
        )  # fmt: skip
        tag("p", said, "wrong", role="alert")
