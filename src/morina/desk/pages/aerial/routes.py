"""The addresses of the pages of drone flights."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.aerial.fleet import fleet_page
from morina.desk.pages.aerial.ground import ground_page
from morina.desk.pages.aerial.list import sorties_page
from morina.desk.pages.aerial.sortie import sortie_page
from morina.desk.pages.serving import page
from morina.desk.pages.visit import Visit


def add_aerial_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""

    @page("/sorties")
    async def sorties(request: Request) -> None:
        await sorties_page(visit(request))

    @page("/sorties/{sortie_id}")
    async def sortie(request: Request, sortie_id: str, at: str = "") -> None:
        await sortie_page(visit(request), sortie_id, at)

    @page("/ground")
    async def ground(request: Request) -> None:
        await ground_page(visit(request))

    @page("/fleet")
    async def fleet(request: Request, sortie: str = "") -> None:
        await fleet_page(visit(request), sortie)
