"""What is shown when a page is not there or could not be built: words, never a trace."""

import logging
from collections.abc import Callable
from uuid import uuid4

from fastapi import Request, Response
from nicegui import app as pages
from nicegui.client import Client
from nicegui.context import context
from nicegui.page import page

from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit

log = logging.getLogger(__name__)


def show_failures(visit: Callable[[Request], Visit]) -> None:
    """Put our own pages in the place of NiceGUI's, which are English and name exceptions."""

    @pages.exception_handler(404)
    async def not_found(request: Request, _error: Exception) -> Response:
        with Client(page(""), request=request) as client:
            here = visit(request)
            show_missing(here, here.t("There is no such page."))
        return client.build_response(request, 404)

    def failed() -> None:
        """NiceGUI logs the exception itself."""
        request = context.client.request
        incident = uuid4().hex[:12]
        log.error("incident %s: %s could not be shown", incident, request.url.path)
        here = visit(request)
        why = here.t("This page could not be shown (incident {number}).", number=incident)
        show_missing(here, why, 500)

    pages.on_page_exception(failed)
