"""What happens to alerts, as it happens, for programs that listen."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from morina.alerts import State
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.live import AlertChanged, Live
from morina.desk.session_watch import Lasts

routes = APIRouter(prefix="/events", tags=["alerts"], route_class=Route)

SIGN_OF_LIFE_S = 15.0
LONGEST_S = 3600.0
_SIGN_OF_LIFE = ": still here\n\n"


class AlertEvent(BaseModel):
    """An alert raised (``new``) or moved on; no text of it, which an officer first transcribes."""

    alert_id: UUID
    read_id: UUID
    camera_id: str
    state: State
    priority: int
    late: bool
    new: bool


@routes.get(
    "",
    summary="Alerts raised and moved on, from now, as server-sent events",
    responses={200: {"content": {"text/event-stream": {}}, "description": "AlertEvent objects"}},
)
async def events(request: Request, desk: Desk, _officer: Officer) -> StreamingResponse:
    """One ``data:`` line of JSON an event; a comment every 15 s when nothing happens.

    Ends after an hour, or with the session or token; connect again.
    """
    lines = _lines(desk.live, request.state.lasts)
    return StreamingResponse(lines, media_type="text/event-stream")


async def _lines(live: Live, lasts: Lasts) -> AsyncGenerator[str, None]:
    ends_at = time.monotonic() + LONGEST_S
    yield _SIGN_OF_LIFE
    async with aclosing(live.events()) as happened:
        following = asyncio.ensure_future(anext(happened))
        try:
            while time.monotonic() < ends_at:
                done, _ = await asyncio.wait({following}, timeout=SIGN_OF_LIFE_S)
                if not await lasts(False):
                    return
                if not done:
                    yield _SIGN_OF_LIFE
                    continue
                event = following.result()
                following = asyncio.ensure_future(anext(happened))
                if isinstance(event, AlertChanged):
                    yield f"data: {_event(event).model_dump_json()}\n\n"
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


def _event(event: AlertChanged) -> AlertEvent:
    alert = event.alert
    return AlertEvent(
        alert_id=alert.alert_id,
        read_id=alert.read.read_id,
        camera_id=alert.read.camera_id,
        state=alert.state,
        priority=alert.listed.listing.priority,
        late=alert.late,
        new=event.new,
    )
