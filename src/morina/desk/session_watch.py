"""Whether a session still lasts, asked of open sockets too; and what counts as using it.

Use is what a person does: opening a page, sending a form, pressing something on a page. What a
page does by itself (pictures of the live board, signs of life) is none, so an abandoned screen is
signed out; desk.js says so two minutes before.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection
from starlette.types import Message, Receive

LOOK_EVERY_S = 5.0
"""So long after its session ended a quiet socket is closed at the latest."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SOCKET = "/_nicegui_ws/"
_EVENT = re.compile(r'42\d*\["event"')
"""How a socket.io message begins that carries what somebody did on a page."""

_BY_ITSELF = frozenset({"/session"})

Lasts = Callable[[bool], Awaitable[bool]]
"""Whether the session lasts; told whether it is used at this moment."""


def is_use(connection: HTTPConnection) -> bool:
    """Whether a person did what this request asks for."""
    if connection.scope["type"] == "websocket" or connection.scope["path"].startswith(_SOCKET):
        return False
    if connection.scope["method"] not in SAFE_METHODS:
        return True
    by_person = connection.headers.get("sec-fetch-mode", "navigate") == "navigate"
    return by_person and connection.scope["path"] not in _BY_ITSELF


def is_act(message: Message) -> bool:
    """Whether a socket's message is of something a person did."""
    text = message.get("text") or ""
    return message["type"] == "websocket.receive" and _EVENT.match(text) is not None


def while_it_lasts(receive: Receive, lasts: Lasts) -> Receive:
    """``receive`` of a socket; the end of its session ends the socket, before what came after."""
    waiting: list[asyncio.Future[Message]] = []

    async def receive_in_time() -> Message:
        while True:
            if not waiting:
                waiting.append(asyncio.ensure_future(receive()))
            done, _ = await asyncio.wait(waiting, timeout=LOOK_EVERY_S)
            message = waiting.pop().result() if done else None
            acts = message is not None and is_act(message)
            if (message is None or acts) and not await lasts(acts):
                for task in waiting:
                    task.cancel()
                return {"type": "websocket.disconnect", "code": 1008, "reason": "session ended"}
            if message is not None:
                return message

    return receive_in_time
