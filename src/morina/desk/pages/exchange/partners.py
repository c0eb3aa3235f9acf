"""Who tells whom what, and each partner: keys to compare, where it answers, how its link is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import permutations

from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.agreement_lines import title
from morina.desk.pages.exchange.delivery_lines import alarms, link
from morina.desk.pages.exchange.graph import NUMBERS, Arrow, drawing, shown
from morina.desk.pages.exchange.section import HERE, exchange_of, section
from morina.desk.pages.exchange.tables import Cell, Line, Table, table
from morina.desk.pages.exchange.words import CATEGORIES, purposes_said
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.exchange import Agreement, Party
from morina.exchange.delivering import Queue

PARTNERS = (mark("Partner"), mark("Fingerprint"), mark("Reached at"), mark("Link"), mark("Alarms"))
TOLD = (mark("Who tells whom what"), mark("For"), mark("Until"))
SOON_DAYS = 7
"""A directory that ends within so many days is marked."""


async def partners_page(visit: Visit) -> None:
    """The page, as things are when it is opened."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t, at = visit.t, now()
    parties = [*await exchange.partners.parties()]
    agreements = await in_force(exchange, [one.node_id for one in parties], at)
    queues = await queues_of(exchange)
    with section(visit, t("Partners"), HERE):
        await _directory(visit, exchange, at)
        if parties:
            _graph(visit, exchange, parties, agreements)
        _told(visit, agreements)
        others = [one for one in parties if one.node_id != exchange.node_id]
        rows = [_row(one, queues.get(one.node_id), visit) for one in others]
        hint = t("Compare the fingerprint with the partner over the telephone, both reading aloud.")
        nothing = t("No directory is in force yet; docs/exchange.md says how one is made.")
        table(visit, Table(title=t("Partners"), columns=PARTNERS, rows=rows, nothing=nothing,
                           hint=hint if rows else ""))  # fmt: skip


async def in_force(
    exchange: ExchangeServices, nodes: Sequence[str], at: datetime
) -> Sequence[Agreement]:
    """Every agreement between this node and another of ``nodes``, by giver and receiver."""
    here = exchange.node_id
    found: list[Agreement] = []
    for giver, receiver in sorted(permutations(nodes, 2)):
        if here in (giver, receiver):
            found += await exchange.agreements.in_force(giver, receiver, at)
    return found


async def queues_of(exchange: ExchangeServices) -> Mapping[str, Queue]:
    """Node to how its link is; none where this node delivers nothing."""
    if exchange.deliveries is None:
        return {}
    return {one.partner: one for one in await exchange.deliveries.queues()}


def arrows_of(agreements: Sequence[Agreement]) -> list[Arrow]:
    """One for each ordered pair."""
    pairs = sorted({(one.giver, one.receiver) for one in agreements})
    return [
        Arrow(giver, receiver, frozenset(
            one.category for one in agreements if (one.giver, one.receiver) == (giver, receiver)
        ))
        for giver, receiver in pairs
    ]  # fmt: skip


async def _directory(visit: Visit, exchange: ExchangeServices, at: datetime) -> None:
    t = visit.t
    version = await exchange.partners.version()
    until = await exchange.directory_until() if exchange.directory_until else None
    said = t("This node is {node}. Directory version {version}.", node=exchange.node_id,
             version=version)  # fmt: skip
    with tag("p"):
        tag("span", said)
        if until is None:
            return
        tag("span", " ")
        if until <= at:
            tag("strong", t("It ended on {day}: have a newer one signed and brought here.",
                            day=visit.day(visit.here(until).date())), "faulty")  # fmt: skip
        else:
            tone = "caution-text" if (until - at).days < SOON_DAYS else "muted"
            tag("span", t("In force until {day}.", day=visit.day(visit.here(until).date())), tone)


def _graph(
    visit: Visit, exchange: ExchangeServices, parties: Sequence[Party],
    agreements: Sequence[Agreement],
) -> None:  # fmt: skip
    t, here = visit.t, exchange.node_id
    nodes = sorted((one.node_id for one in parties), key=lambda one: (one != here, one))
    with tag("section", "", "part ring"):
        tag("h2", t("Who tells whom what"))
        said = t("Who tells whom what, as the table beneath says it")
        shown(drawing(nodes, arrows_of(agreements), said))
        with tag("ul", "", "legend"):
            for category, number in NUMBERS.items():
                with tag("li"):
                    tag("span", str(number), f"badge {category}")
                    tag("span", t(CATEGORIES[category]))


def _told(visit: Visit, agreements: Sequence[Agreement]) -> None:
    t = visit.t
    rows = [
        (
            (Line(title(one, visit), href=f"/agreements/{one.agreement_id}"),),
            (Line(purposes_said(one.purposes, t)),),
            (Line(visit.day(visit.here(one.valid_to).date())),),
        )
        for one in agreements
    ]
    nothing = t("No agreement is in force: nothing is told to anybody, and nothing is taken.")
    told = t("Agreements in force")
    table(visit, Table(title=told, columns=TOLD, rows=rows, nothing=nothing))


def _row(one: Party, queue: Queue | None, visit: Visit) -> tuple[Cell, ...]:
    t = visit.t
    named = (Line(one.node_id, href=f"/partners/{one.node_id}"), Line(one.name, "muted"))
    reached = [Line(one.address or t("on a stick only"), "wraps")]
    if one.contact:
        reached.append(Line(one.contact, "muted"))
    return (
        named, (Line(one.fingerprint, "mono fingerprint"),), tuple(reached),
        tuple(link(queue, visit)), tuple(alarms(queue, visit)),
    )  # fmt: skip
