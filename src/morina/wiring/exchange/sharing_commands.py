"""What ``morina exchange share`` does, as whoever sits at the node's console."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from morina.accountability import PurposeCode, RefusedPurposeError
from morina.exchange import NotAgreedError
from morina.exchange.adapters.postgres_lists import PostgresSharedLists
from morina.exchange.lists import ListShare, RefusedShareError
from morina.settings import Settings
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_copies import PostgresListCopies
from morina.wiring.exchange.console import AtConsole, node_at_console
from morina.wiring.operating import own_hotlist
from morina.wiring.refused import RefusedError


class Wanted(NamedTuple):
    """Which own list is shared, under which agreement and why."""

    hotlist: str
    agreement_id: UUID
    purpose: PurposeCode
    case_number: str
    reason: str


async def share(settings: Settings, wanted: Wanted) -> None:
    """Share it with the agreement's receiver; the running node posts it."""
    async with node_at_console(settings) as node:
        trail = node.ground.trail
        hotlist = await own_hotlist(PostgresHotlists(node.pool, trail), wanted.hotlist)
        one = ListShare(
            hotlist_id=hotlist.hotlist_id, partner=await _receiver(node, wanted.agreement_id),
            agreement_id=wanted.agreement_id, purpose=wanted.purpose, officer=node.officer,
            case_number=wanted.case_number, justification=wanted.reason,
        )  # fmt: skip
        lists = PostgresSharedLists(
            pool=node.pool, outbox=node.ground.outbox, copies=PostgresListCopies(),
            agreements=node.ground.agreements, trail=trail, here=node.ground.node_id,
            as_known=node.ground.as_known,
        )  # fmt: skip
        try:
            await lists.share(one, datetime.now(UTC))
        except (RefusedShareError, NotAgreedError, RefusedPurposeError) as error:
            raise RefusedError(str(error)) from None
    print(f"{wanted.hotlist}: shared with {one.partner}; the desk shows how far it is")


async def _receiver(node: AtConsole, agreement_id: UUID) -> str:
    versions = await node.ground.agreements.versions(agreement_id)
    if not versions:
        raise RefusedError("no agreement has that id; see: morina exchange agreement list")
    return versions[0].agreement.receiver
