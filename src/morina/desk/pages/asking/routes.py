"""The addresses of the pages on which partners are asked."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.asking.ask import ask_page
from morina.desk.pages.asking.follow_up import follow_up_page
from morina.desk.pages.asking.follow_ups import follow_ups_page
from morina.desk.pages.serving import page
from morina.desk.pages.visit import Visit


def add_asking_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""

    @page("/ask")
    async def ask(request: Request, approval: str = "", alert: str = "") -> None:
        await ask_page(visit(request), approval, alert)

    @page("/follow-ups")
    async def follow_ups(request: Request, about: str = "", partner: str = "") -> None:
        await follow_ups_page(visit(request), about, partner)

    @page("/follow-ups/{follow_up_id}")
    async def follow_up(request: Request, follow_up_id: str) -> None:
        await follow_up_page(visit(request), follow_up_id)
