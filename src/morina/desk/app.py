"""The desk as one web application: pages, HTTP API, map."""

from fastapi import FastAPI
from nicegui import ui

from morina.desk import map as desk_map
from morina.desk import metrics, push, sessions
from morina.desk.api import serve
from morina.desk.pages import add_pages, weeks
from morina.desk.pages.frame import STATIC
from morina.desk.services import Services


def create_desk(services: Services) -> FastAPI:
    """Everything people see and programs call, behind the gate of ``sessions``."""
    app = FastAPI(title="Morina", docs_url=None, redoc_url=None)
    sessions.install(app, services)
    app.include_router(desk_map.router(services.limits.tiles))
    app.include_router(push.router(services))
    app.include_router(metrics.router(services))
    app.include_router(weeks.router(services))
    serve(app, services)
    add_pages(app, services)
    ui.run_with(
        app,
        title="Morina",
        favicon=STATIC / "icon.svg",
        dark=None,
        tailwind=False,
        storage_secret=services.session_secret,
        reconnect_timeout=30.0,
        show_welcome_message=False,
    )
    return app
