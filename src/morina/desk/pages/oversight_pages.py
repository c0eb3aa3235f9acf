"""Pages of those who oversee: the trail, and the duties of the authority."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.breaches import breaches_page
from morina.desk.pages.duties import duties_page
from morina.desk.pages.paper import paper_page
from morina.desk.pages.person_requests import notices_page, requests_page
from morina.desk.pages.serving import page
from morina.desk.pages.trail import trail_page
from morina.desk.pages.visit import Visit


def add_oversight_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""

    @page("/trail")
    async def trail(request: Request) -> None:
        await trail_page(visit(request))

    @page("/duties")
    async def duties(request: Request) -> None:
        await duties_page(visit(request))

    @page("/duties/breaches")
    async def breaches(request: Request) -> None:
        await breaches_page(visit(request))

    @page("/duties/requests")
    async def requests(request: Request) -> None:
        await requests_page(visit(request))

    @page("/duties/requests/{matter_id}/notices")
    async def notices(request: Request, matter_id: str) -> None:
        await notices_page(visit(request), matter_id)

    @page("/duties/processing")
    async def processing(request: Request) -> None:
        await paper_page(visit(request), "processing")

    @page("/duties/assessment")
    async def assessment(request: Request) -> None:
        await paper_page(visit(request), "assessment")

    @page("/duties/controls")
    async def controls(request: Request) -> None:
        await paper_page(visit(request), "controls")
