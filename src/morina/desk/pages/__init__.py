"""The pages operators work at."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import ui
from nicegui.client import Client

from morina.desk.pages import sign_in
from morina.desk.pages.account import account_page
from morina.desk.pages.alert import alert_page
from morina.desk.pages.audit import audit_page
from morina.desk.pages.camera import camera_page
from morina.desk.pages.cameras import cameras_page
from morina.desk.pages.entry import entry_page
from morina.desk.pages.failures import show_failures
from morina.desk.pages.frame import STATIC
from morina.desk.pages.hotlists import hotlists_page
from morina.desk.pages.imports import import_page
from morina.desk.pages.live import live_page
from morina.desk.pages.past import past_page
from morina.desk.pages.search import search_page
from morina.desk.pages.sites import sites_page
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.sessions import current_user
from morina.desk.words import Words


def add_pages(app: FastAPI, services: Services) -> None:
    """Serve sign-in, assets and every page. Once a process: NiceGUI keeps one app."""

    def visit(request: Request) -> Visit:
        user = current_user(request)
        return Visit(services, user, Words(user.language))

    @ui.page("/")
    async def live(request: Request, client: Client) -> None:
        await live_page(visit(request), client)

    @ui.page("/alerts/{alert_id}")
    async def alert(request: Request, client: Client, alert_id: str) -> None:
        await alert_page(visit(request), client, alert_id)

    @ui.page("/hotlists")
    async def hotlists(request: Request) -> None:
        await hotlists_page(visit(request))

    @ui.page("/hotlists/{hotlist_id}")
    async def hotlist(request: Request, hotlist_id: str, saved: str = "") -> None:
        await hotlists_page(visit(request), hotlist_id, saved)

    @ui.page("/hotlists/{hotlist_id}/listings/{listing_id}/past")
    async def past(request: Request, hotlist_id: str, listing_id: str) -> None:
        await past_page(visit(request), hotlist_id, listing_id)

    @ui.page("/hotlists/{hotlist_id}/add")
    async def entry(request: Request, hotlist_id: str) -> None:
        await entry_page(visit(request), hotlist_id)

    @ui.page("/hotlists/{hotlist_id}/import")
    async def import_file(request: Request, hotlist_id: str) -> None:
        await import_page(visit(request), hotlist_id)

    _add_camera_pages(visit)
    _add_own_pages(visit)
    show_failures(visit)
    app.include_router(sign_in.router())
    app.mount("/static", StaticFiles(directory=STATIC))


def _add_own_pages(visit: Callable[[Request], Visit]) -> None:
    """Where one asks the records, and one's account."""

    @ui.page("/search")
    async def search(request: Request) -> None:
        await search_page(visit(request))

    @ui.page("/account")
    async def account(request: Request) -> None:
        await account_page(visit(request))


def _add_camera_pages(visit: Callable[[Request], Visit]) -> None:
    """The table of cameras, and the pages of each."""

    @ui.page("/cameras")
    async def cameras(request: Request) -> None:
        await cameras_page(visit(request))

    @ui.page("/sites")
    async def sites(request: Request) -> None:
        await sites_page(visit(request))

    @ui.page("/cameras/{camera_id}")
    async def camera(request: Request, camera_id: str) -> None:
        await camera_page(visit(request), camera_id)

    @ui.page("/cameras/{camera_id}/audit")
    async def audit(request: Request, camera_id: str) -> None:
        await audit_page(visit(request), camera_id)
