"""One partner: agreements both ways in sentences, what of them is used today, how its link is."""

from collections.abc import Awaitable, Callable, Sequence

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.agreement_lines import (
    ASKED,
    STANDINGS,
    Standing,
    other,
    sentence,
    standing,
    tone,
)
from morina.desk.pages.exchange.delivery_lines import alarms, link
from morina.desk.pages.exchange.partners import queues_of
from morina.desk.pages.exchange.section import HERE, exchange_of, section
from morina.desk.pages.exchange.shared_lists import shared_lists
from morina.desk.pages.exchange.tables import lines
from morina.desk.pages.guard_words import facts
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.exchange import Agreement, Party, Signed, UnknownNodeError
from morina.exchange.delivering import Deliveries


async def partner_page(visit: Visit, node_id: str) -> None:
    """The page; 404 where the directory in force has no such partner."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t = visit.t
    try:
        party = await exchange.partners.party(node_id)
    except UnknownNodeError:
        show_missing(visit, t("The directory in force has no node of that name."))
        return
    found = [one for one in await exchange.agreements.of_this_node()
             if other(one.agreement, exchange.node_id) == node_id]  # fmt: skip
    with section(visit, f"{party.node_id}, {party.name}", HERE):
        with tag("div", "", "halves wide-halves"):
            _keys(visit, party)
            if exchange.deliveries is not None:
                await _link(visit, exchange, exchange.deliveries, node_id)
        await _agreements(visit, exchange, found, node_id)
        if exchange.lists is not None:
            await shared_lists(visit, exchange.lists, node_id)


def _keys(visit: Visit, party: Party) -> None:
    t = visit.t
    with tag("section", "", "part"):
        tag("h2", t("Keys and address"))
        tag("p", party.fingerprint, "mono fingerprint big")
        hint = t("Compare the fingerprint with the partner over the telephone, both reading aloud.")
        tag("p", hint, "muted")
        facts(visit, {
            mark("Address"): party.address or t("on a stick only"),
            mark("Contact"): party.contact,
            mark("Keys of before"): str(len(party.old_keys)) if party.old_keys else "",
        })  # fmt: skip


async def _link(
    visit: Visit, exchange: ExchangeServices, deliveries: Deliveries, node_id: str
) -> None:
    t = visit.t
    queue = (await queues_of(exchange)).get(node_id)
    with tag("section", "", "part"):
        tag("h2", t("Link"))
        with tag("div", "", "told"):
            lines((*link(queue, visit), *alarms(queue, visit)))
        told = tag("p", "", "", role="status")
        with tag("div", "", "actions"):
            if visit.may(Action.AGREE):
                retry = retries(visit, deliveries, node_id)
                button(t("Try again now"), _then(retry, lambda: say(told, t("It is tried now."))))
                sends = compares(visit, deliveries, node_id)
                done = t("A checkpoint is on its way; the partner compares it with what it has.")
                button(t("Compare now"), _then(sends, lambda: say(told, done)))
            tag("a", t("Messages"), "button", href=f"/deliveries?partner={node_id}")
            tag("a", t("Reconciliation"), "button", href=f"/reconciliation?partner={node_id}")


def retries(visit: Visit, deliveries: Deliveries, partner: str) -> Callable[[], Awaitable[None]]:
    """Tries at once what waits for a partner."""

    async def retry() -> None:
        visit.must(Action.AGREE)
        acts_as(visit.user.name)
        await deliveries.retry_now(partner)

    return retry


def compares(visit: Visit, deliveries: Deliveries, partner: str) -> Callable[[], Awaitable[None]]:
    """Sends a partner what this node says passed."""

    async def compare() -> None:
        visit.must(Action.AGREE)
        acts_as(visit.user.name)
        await deliveries.compare_now(partner, now())

    return compare


def _then(does: Callable[[], Awaitable[None]], after: Callable[[], None]) -> (
    Callable[[], Awaitable[None]]
):  # fmt: skip
    async def both() -> None:
        await does()
        after()

    return both


async def _agreements(
    visit: Visit, exchange: ExchangeServices, found: Sequence[Signed], node_id: str
) -> None:
    t, here = visit.t, exchange.node_id
    in_force = [
        one for pair in ((here, node_id), (node_id, here))
        for one in await exchange.agreements.in_force(*pair, now())
    ]  # fmt: skip
    newest = {one.agreement for one in found}
    found = [*found, *(Signed(one) for one in in_force if one not in newest)]
    ways = (
        (here, t("What we tell {partner}", partner=node_id)),
        (node_id, t("What {partner} tells us", partner=node_id)),
    )
    with tag("div", "", "head"):
        tag("h2", t("Agreements"))
        if visit.may(Action.AGREE) and exchange.agreeing is not None:
            with tag("div", "", "actions"):
                tag("a", t("Draft an agreement"), "button first",
                    href=f"/partners/{node_id}/draft")  # fmt: skip
    drafts = await _drafts(visit, exchange, node_id)
    for giver, heading in ways:
        with tag("section", "", "part"):
            tag("h3", heading)
            told = [one for one in found if one.agreement.giver == giver]
            if not told:
                tag("p", t("Nothing: there is no agreement."), "muted")
            for one in told:
                await _one(visit, exchange, one, in_force)
            for draft in drafts:
                if draft.giver == giver:
                    _draft(visit, draft)


async def _drafts(visit: Visit, exchange: ExchangeServices, node_id: str) -> Sequence[Agreement]:
    """Those with this partner, for who may sign them."""
    if exchange.agreeing is None or not visit.may(Action.AGREE):
        return ()
    return [one for one in await exchange.agreeing.drafts()
            if other(one, exchange.node_id) == node_id]  # fmt: skip


def _draft(visit: Visit, draft: Agreement) -> None:
    t = visit.t
    with tag("article", "", "agreement"):
        tag("p", sentence(draft, visit))
        with tag("div", "", "agreement-foot"):
            said = t("draft of version {n}; nobody has signed it", n=draft.version)
            tag("span", said, "state caution-text")
            tag("a", t("Read it and sign it"), href=f"/agreements/{draft.agreement_id}")


async def _one(
    visit: Visit, exchange: ExchangeServices, signed: Signed, in_force: Sequence[Agreement]
) -> None:  # fmt: skip
    t, agreement = visit.t, signed.agreement
    how = standing(signed, exchange.node_id, now(), in_force)
    with tag("article", "", "agreement"):
        tag("p", sentence(agreement, visit))
        with tag("div", "", "agreement-foot"):
            tag("span", t(STANDINGS[how]), f"state {tone(how)}")
            version = t("Version {n}", n=agreement.version)
            tag("a", version, href=f"/agreements/{agreement.agreement_id}")
            if how is Standing.IN_FORCE and agreement.category in ASKED:
                tag("span", await _used(visit, exchange, agreement), "muted")


async def _used(visit: Visit, exchange: ExchangeServices, agreement: Agreement) -> str:
    """Caps, and how much of them is used this day (UTC)."""
    t = visit.t
    if exchange.deliveries is None:
        return ""
    used = await exchange.deliveries.used(agreement, now())
    return t(
        "today {n} of {node} questions; the officer who asked most: {most} of {officer}",
        n=used.by_node, node=agreement.node_cap, most=used.by_officer,
        officer=agreement.officer_cap,
    )  # fmt: skip
