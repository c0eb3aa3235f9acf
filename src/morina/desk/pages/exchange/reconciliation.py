"""What a partner says passed and what is here: every comparison, day by day."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby

from morina.accountability import Action
from morina.desk.pages.exchange import delivery_lines as said
from morina.desk.pages.exchange.partner import compares
from morina.desk.pages.exchange.section import exchange_of, looked, section
from morina.desk.pages.exchange.tables import Table, table
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit
from morina.exchange.delivering import Deliveries, Report

SHOWN = 400


async def reconciliation_page(visit: Visit, partner: str = "") -> None:
    """The page of all partners, or of one."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t, deliveries = visit.t, exchange.deliveries
    hint = t("Once a day each partner says what passed up to then, and this node compares.")
    with section(visit, t("Reconciliation"), "/reconciliation", hint):
        if deliveries is None:
            tag("p", t("This node delivers no messages."), "wrong")
            return
        queues = [one.partner for one in await deliveries.queues()]
        reports = await deliveries.reports(partner, SHOWN)
        await looked(visit, "comparisons", queues)
        found = {name: [*rows] for name, rows in groupby(
            sorted(reports, key=lambda one: one.partner), key=lambda one: one.partner
        )}  # fmt: skip
        for name in [one for one in queues if partner in ("", one)]:
            _partner(visit, deliveries, (name, exchange.node_id), found.get(name, []))


def _partner(
    visit: Visit, deliveries: Deliveries, pair: tuple[str, str], reports: Sequence[Report]
) -> None:  # fmt: skip
    t, (partner, here) = visit.t, pair
    newest = sorted(reports, key=lambda one: one.at, reverse=True)
    rows = [said.report(one, visit, here) for one in newest]
    nothing = t("Nothing was compared yet.")
    part = table(visit, Table(title=partner, columns=said.REPORTS, rows=rows, nothing=nothing))
    if not visit.may(Action.AGREE):
        return
    with part, tag("div", "", "actions foot"):
        told = tag("span", "", "muted", role="status")
        button(t("Compare now"), _asks(visit, deliveries, partner, lambda: say(told, t(
            "A checkpoint is on its way; the partner compares it with what it has."
        ))))  # fmt: skip


def _asks(
    visit: Visit, deliveries: Deliveries, partner: str, after: Callable[[], None]
) -> Callable[[], Awaitable[None]]:  # fmt: skip
    compare = compares(visit, deliveries, partner)

    async def ask() -> None:
        await compare()
        after()

    return ask
