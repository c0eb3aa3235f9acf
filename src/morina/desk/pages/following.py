"""Keeping an open page true to what happens."""

import asyncio
from collections.abc import Callable

from nicegui import background_tasks
from nicegui.client import Client

from morina.desk.live import Event
from morina.desk.pages.visit import Visit


def follow(visit: Visit, client: Client, on_event: Callable[[Event], None]) -> None:
    """Call ``on_event`` with everything from now on, for as long as the page is open.

    Should it fail, the page says that it is no longer true, as nothing else would show it.
    """

    async def listen() -> None:
        async for event in visit.services.live.events():
            on_event(event)

    def ended(done: "asyncio.Task[None]") -> None:
        if not done.cancelled():
            client.run_javascript("desk.stale()")

    listener = background_tasks.create(listen(), name=f"follows {client.page.path}")
    listener.add_done_callback(ended)
    client.on_delete(lambda: listener.cancel())
