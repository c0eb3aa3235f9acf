"""The addresses of the pages of tasks, and of the detector's own rate."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.aerial.rates import rates_page
from morina.desk.pages.aerial.rescues import tasks_page
from morina.desk.pages.serving import page
from morina.desk.pages.visit import Visit
from morina.sense.aerial.reviewing import TaskKind


def add_task_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""

    @page("/rescues")
    async def rescues(request: Request) -> None:
        await tasks_page(visit(request), TaskKind.RESCUE)

    @page("/patrols")
    async def patrols(request: Request) -> None:
        await tasks_page(visit(request), TaskKind.PATROL)

    @page("/rates")
    async def rates(request: Request) -> None:
        await rates_page(visit(request))
