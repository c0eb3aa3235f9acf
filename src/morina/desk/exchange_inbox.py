"""What came of the exchange that a person has to see: gathered from where each thing is kept.

Nothing is ticked off here: a thing goes once it is done, or after SHOWN_DAYS where nothing can be.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from morina.desk.exchange import ExchangeServices
from morina.desk.to_see import TO_DO, Sort, ToSee
from morina.exchange import Kind
from morina.exchange.delivering import (
    Attack,
    Deliveries,
    Passed,
    Report,
    SoughtMessages,
    State,
    Verdict,
)

SHOWN_DAYS = 7
_MOST = 200


async def inbox(exchange: ExchangeServices, now: datetime) -> Sequence[ToSee]:
    """All of it: what waits for somebody first, then newest first."""
    found = [*await _proposals(exchange, now)]
    if exchange.deliveries is not None:
        found += await _delivered(exchange.deliveries, now)
    for more in exchange.more_to_see:
        found += await more(now)
    begins = datetime.min.replace(tzinfo=now.tzinfo)
    return sorted(found, key=lambda one: (one.sort not in TO_DO, begins - (one.at or now)))


async def waiting(exchange: ExchangeServices, now: datetime) -> int:
    """How many things wait for somebody."""
    return sum(one.sort in TO_DO for one in await inbox(exchange, now))


async def _proposals(exchange: ExchangeServices, now: datetime) -> list[ToSee]:
    found = []
    for one in await exchange.agreements.of_this_node():
        agreement, here = one.agreement, exchange.node_id
        if here in one.signatures or agreement.ended or agreement.valid_to <= now:
            continue
        partner = agreement.receiver if agreement.giver == here else agreement.giver
        href = f"/agreements/{agreement.agreement_id}"
        found.append(ToSee(sort=Sort.PROPOSAL, partner=partner, href=href))
    return found


async def _delivered(deliveries: Deliveries, now: datetime) -> list[ToSee]:
    since = now - timedelta(days=SHOWN_DAYS)
    aside = await deliveries.messages(SoughtMessages(state=State.SET_ASIDE, limit=_MOST))
    theirs = await deliveries.messages(SoughtMessages(state=State.REFUSED, limit=_MOST))
    ours = await deliveries.messages(SoughtMessages(kind=Kind.REFUSED, limit=_MOST))
    told = [one for one in ours if not one.is_ours]
    return [
        *(ToSee(sort=Sort.TROUBLE, said=said, href="/deliveries")
          for said in await deliveries.troubles(now)),
        *_of_messages(Sort.SET_ASIDE, aside),
        *_differences(await deliveries.reports(limit=_MOST)),
        *_of_messages(Sort.REFUSED_OURS, (one for one in told if one.at >= since)),
        *_of_messages(Sort.REFUSED_THEIRS, (one for one in theirs if one.at >= since)),
        *(_attack(one) for one in await deliveries.attacks(_MOST) if one.last_at >= since),
    ]  # fmt: skip


def _of_messages(sort: Sort, found: Iterable[Passed]) -> list[ToSee]:
    return [
        ToSee(sort=sort, said=one.why, partner=one.partner, at=one.at, kind=one.kind,
              href=f"/deliveries/{one.conversation}")
        for one in found
    ]  # fmt: skip


def _differences(reports: Sequence[Report]) -> list[ToSee]:
    """Of each partner and sender the newest comparison, where it does not agree."""
    newest: dict[tuple[str, str], Report] = {}
    for one in reports:
        newest.setdefault((one.partner, one.sender), one)
    return [
        ToSee(sort=Sort.DIFFERENCE, partner=one.partner, at=one.at, said=one.sender,
              href="/reconciliation")
        for one in newest.values() if one.verdict is not Verdict.AGREES
    ]  # fmt: skip


def _attack(one: Attack) -> ToSee:
    return ToSee(sort=Sort.ATTACK, partner=one.sender, at=one.last_at, said=one.said,
                 href="/deliveries#attacks")  # fmt: skip
