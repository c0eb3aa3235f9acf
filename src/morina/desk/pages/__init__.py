"""The pages operators work at."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui.client import Client

from morina.desk import own_session, passkeys, sessions
from morina.desk.pages import provider_door, sign_in
from morina.desk.pages.account import account_page
from morina.desk.pages.aerial.routes import add_aerial_pages
from morina.desk.pages.aerial.tasks_routes import add_task_pages
from morina.desk.pages.alert import alert_page
from morina.desk.pages.approvals import approvals_page
from morina.desk.pages.asking.routes import add_asking_pages
from morina.desk.pages.audit import audit_page
from morina.desk.pages.camera import camera_page
from morina.desk.pages.cameras import cameras_page
from morina.desk.pages.entry import entry_page
from morina.desk.pages.exchange.routes import add_exchange_pages
from morina.desk.pages.failures import show_failures
from morina.desk.pages.frame import STATIC
from morina.desk.pages.hotlists import hotlists_page
from morina.desk.pages.imports import import_page
from morina.desk.pages.joint.routes import add_operations_pages
from morina.desk.pages.labelled import labelled_page
from morina.desk.pages.live import live_page
from morina.desk.pages.oversight import oversight_page
from morina.desk.pages.oversight_pages import add_oversight_pages
from morina.desk.pages.past import past_page
from morina.desk.pages.people import people_page
from morina.desk.pages.retention import retention_page
from morina.desk.pages.search import search_page
from morina.desk.pages.serving import page
from morina.desk.pages.sightings import sightings_page
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

    @page("/")
    async def live(request: Request, client: Client) -> None:
        await live_page(visit(request), client)

    @page("/alerts/{alert_id}")
    async def alert(request: Request, client: Client, alert_id: str) -> None:
        await alert_page(visit(request), client, alert_id)

    @page("/hotlists")
    async def hotlists(request: Request) -> None:
        await hotlists_page(visit(request))

    @page("/hotlists/{hotlist_id}")
    async def hotlist(request: Request, hotlist_id: str, saved: str = "") -> None:
        await hotlists_page(visit(request), hotlist_id, saved)

    @page("/hotlists/{hotlist_id}/listings/{listing_id}/past")
    async def past(request: Request, hotlist_id: str, listing_id: str) -> None:
        await past_page(visit(request), hotlist_id, listing_id)

    @page("/hotlists/{hotlist_id}/add")
    async def entry(request: Request, hotlist_id: str) -> None:
        await entry_page(visit(request), hotlist_id)

    @page("/hotlists/{hotlist_id}/import")
    async def import_file(request: Request, hotlist_id: str) -> None:
        await import_page(visit(request), hotlist_id)

    @page("/sightings")
    async def sightings(request: Request, hotlist: str = "", listing: str = "") -> None:
        await sightings_page(visit(request), hotlist, listing)

    _add_camera_pages(visit)
    _add_own_pages(visit)
    add_oversight_pages(visit)
    add_asking_pages(visit)
    add_exchange_pages(visit)
    add_operations_pages(visit)
    add_aerial_pages(visit)
    add_task_pages(visit)
    show_failures(visit)
    app.include_router(sign_in.router(services))
    app.include_router(passkeys.router(services))
    app.include_router(provider_door.router(services))
    app.include_router(own_session.router())
    app.mount("/static", StaticFiles(directory=STATIC))


def _add_own_pages(visit: Callable[[Request], Visit]) -> None:
    """Where one asks the records, and one's account."""

    @page("/search")
    async def search(request: Request, approval: str = "") -> None:
        await search_page(visit(request), approval)

    @page("/suspected-clones")
    async def labelled(request: Request) -> None:
        await labelled_page(visit(request))

    @page("/approvals")
    async def approvals(request: Request) -> None:
        await approvals_page(visit(request))

    @page("/oversight")
    async def oversight(request: Request) -> None:
        await oversight_page(visit(request))

    @page("/retention")
    async def retention(request: Request) -> None:
        await retention_page(visit(request))

    @page("/people")
    async def people(request: Request) -> None:
        await people_page(visit(request))

    @page("/account")
    async def account(request: Request) -> None:
        await account_page(visit(request), sessions.own_session(request))


def _add_camera_pages(visit: Callable[[Request], Visit]) -> None:
    """The table of cameras, and the pages of each."""

    @page("/cameras")
    async def cameras(request: Request) -> None:
        await cameras_page(visit(request))

    @page("/sites")
    async def sites(request: Request) -> None:
        await sites_page(visit(request))

    @page("/cameras/{camera_id}")
    async def camera(request: Request, camera_id: str) -> None:
        await camera_page(visit(request), camera_id)

    @page("/cameras/{camera_id}/audit")
    async def audit(request: Request, camera_id: str) -> None:
        await audit_page(visit(request), camera_id)
