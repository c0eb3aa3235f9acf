"""What was sent and taken in, what waits and until when, what was refused and why."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from nicegui import ui

from morina.accountability import Action
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange import delivery_lines as said
from morina.desk.pages.exchange.partner import retries
from morina.desk.pages.exchange.section import exchange_of, looked, section
from morina.desk.pages.exchange.tables import Table, lines, table
from morina.desk.pages.exchange.words import KINDS
from morina.desk.pages.markup import button, choice, tag
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.exchange import Kind
from morina.exchange.delivering import Deliveries, Passed, Queue, SoughtMessages, State

AT_ONCE = 100
QUEUES = (mark("Partner"), mark("Link"), mark("Wrong"), mark("Passed"), mark("Act"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked for; a value that is none of its kind counts as none."""

    partner: str = ""
    kind: str = ""
    state: str = ""
    before: str = ""

    def sought(self) -> SoughtMessages:
        """As deliveries are asked."""
        return SoughtMessages(
            partner=self.partner, kind=Kind(self.kind) if self.kind in set(Kind) else None,
            state=State(self.state) if self.state in set(State) else None,
            before=_instant(self.before), limit=AT_ONCE,
        )  # fmt: skip


async def deliveries_page(visit: Visit, chosen: Chosen) -> None:
    """The page; what it shows is entered in the trail first."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t, deliveries = visit.t, exchange.deliveries
    hint = t("That messages passed, not what they say. Looking here is entered in the trail.")
    with section(visit, t("Deliveries"), "/deliveries", hint):
        if deliveries is None:
            tag("p", t("This node delivers no messages."), "wrong")
            return
        found = await deliveries.messages(chosen.sought())
        await looked(visit, "messages passed", [one.message_id for one in found])
        queues = await deliveries.queues()
        _queues(visit, deliveries, queues)
        _messages(visit, exchange, chosen, (found, [one.partner for one in queues]))
        attacks = [said.attack(one, visit) for one in await deliveries.attacks(AT_ONCE)]
        table(visit, Table(title=t("Refused at the door"), columns=said.ATTACKS, rows=attacks,
                           nothing=t("Nothing was."), name="attacks"))  # fmt: skip


def _queues(visit: Visit, deliveries: Deliveries, queues: Sequence[Queue]) -> None:
    t = visit.t
    with tag("section", "", "part flush"):
        tag("h2", t("Links"))
        if not queues:
            tag("p", t("There is no partner in the directory."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in QUEUES:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for one in queues:
                    _queue(visit, deliveries, one)


def _queue(visit: Visit, deliveries: Deliveries, one: Queue) -> None:
    t = visit.t
    with tag("tr", data_partner=one.partner):
        with tag("th", scope="row"):
            tag("a", one.partner, href=f"/partners/{one.partner}")
        with tag("td", data_label=t("Link")):
            lines(said.link(one, visit))
        with tag("td", data_label=t("Wrong")):
            lines(said.alarms(one, visit))
        passed = t("{sent} sent, {taken} taken in", sent=one.sent, taken=one.taken)
        tag("td", passed, data_label=t("Passed"))
        with tag("td", data_label=t("Act")):
            if visit.may(Action.AGREE) and (one.waiting or one.set_aside or one.unhandled):
                button(t("Try again now"), _tries(visit, deliveries, one.partner))


def _tries(visit: Visit, deliveries: Deliveries, partner: str) -> Callable[[], Awaitable[None]]:
    retry = retries(visit, deliveries, partner)

    async def tried() -> None:
        await retry()
        ui.navigate.reload()

    return tried


def _messages(
    visit: Visit, exchange: ExchangeServices, chosen: Chosen,
    told: tuple[Sequence[Passed], Sequence[str]],
) -> None:  # fmt: skip
    t, (found, partners) = visit.t, told
    _filter(visit, chosen, partners)
    rows = [said.passed(one, visit, exchange.node_id) for one in found]
    nothing = t("No message fits.")
    part = table(visit, Table(title=t("Messages"), columns=said.MESSAGES, rows=rows,
                              nothing=nothing))  # fmt: skip
    if len(found) == AT_ONCE:
        asked = _asked(chosen) | {"before": found[-1].at.isoformat()}
        with part, tag("p", "", "more"):
            tag("a", t("Older messages"), href=f"/deliveries?{urlencode(asked)}")


def _asked(chosen: Chosen) -> dict[str, str]:
    named = {"partner": chosen.partner, "kind": chosen.kind, "state": chosen.state}
    return {name: value for name, value in named.items() if value}


def _filter(visit: Visit, chosen: Chosen, partners: Sequence[str]) -> None:
    t = visit.t
    any_of = {"": t("all")}
    kinds: Mapping[str, str] = {str(one): t(KINDS[one]) for one in Kind}
    states = {str(one): t(said.STATES[one]) for one in State}
    with tag("form", "", "part", method="get", action="/deliveries", aria_label=t("Filter")):
        with tag("div", "", "fields"):
            named = any_of | {one: one for one in partners}
            choice(t("Partner"), "partner", named, chosen.partner)
            choice(t("Kind"), "kind", any_of | dict(kinds), chosen.kind)
            choice(t("State"), "state", any_of | states, chosen.state)
        with tag("div", "", "actions"):
            tag("button", t("Show"), "first", type="submit")
            if _asked(chosen) or chosen.before:
                tag("a", t("Show all"), "button", href="/deliveries")


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
