"""The addresses of the pages of the exchange."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.exchange.agreement import agreement_page
from morina.desk.pages.exchange.conversation import conversation_page
from morina.desk.pages.exchange.deliveries import Chosen, deliveries_page
from morina.desk.pages.exchange.drafting import draft_page
from morina.desk.pages.exchange.inbox import inbox_page
from morina.desk.pages.exchange.partner import partner_page
from morina.desk.pages.exchange.partners import partners_page
from morina.desk.pages.exchange.reconciliation import reconciliation_page
from morina.desk.pages.exchange.webhooks import webhooks_page
from morina.desk.pages.serving import page
from morina.desk.pages.visit import Visit


def add_exchange_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""
    _add_partners(visit)
    _add_what_passed(visit)
    _add_outward(visit)


def _add_partners(visit: Callable[[Request], Visit]) -> None:
    """Partners and agreements."""

    @page("/partners")
    async def partners(request: Request) -> None:
        await partners_page(visit(request))

    @page("/partners/{node_id}")
    async def partner(request: Request, node_id: str) -> None:
        await partner_page(visit(request), node_id)

    @page("/partners/{node_id}/draft")
    async def draft(
        request: Request, node_id: str, follows: str = "", way: str = "", category: str = ""
    ) -> None:
        chosen = {"way": way, "category": category}
        await draft_page(visit(request), node_id, follows, chosen)

    @page("/agreements/{agreement_id}")
    async def agreement(request: Request, agreement_id: str) -> None:
        await agreement_page(visit(request), agreement_id)


def _add_what_passed(visit: Callable[[Request], Visit]) -> None:
    """What came, what was sent, what does not agree."""

    @page("/inbox")
    async def inbox(request: Request) -> None:
        await inbox_page(visit(request))

    @page("/deliveries")
    async def deliveries(
        request: Request, partner: str = "", kind: str = "", state: str = "", before: str = ""
    ) -> None:
        await deliveries_page(visit(request), Chosen(partner, kind, state, before))

    @page("/deliveries/{conversation}")
    async def conversation(request: Request, conversation: str) -> None:
        await conversation_page(visit(request), conversation)

    @page("/reconciliation")
    async def reconciliation(request: Request, partner: str = "") -> None:
        await reconciliation_page(visit(request), partner)


def _add_outward(visit: Callable[[Request], Visit]) -> None:
    """What other programs of the authority are told."""

    @page("/webhooks")
    async def webhooks(request: Request) -> None:
        await webhooks_page(visit(request))
