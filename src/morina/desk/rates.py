"""How often somebody may ask: tries to sign in and refusals by address, requests by person.

Guessing passwords and tokens is slowed down here for everybody at one address alike; waits of
single accounts are told by ``Users``. What cameras push is bounded by who they are, not here.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from morina.desk.gate import SIGN_IN_PATH, is_for_cameras, is_open, local_path
from morina.desk.plain_page import too_often
from morina.desk.problems import ProblemError
from morina.desk.words import preferred

BURST_S = 2.0
"""What may be asked at once: as much as in so many seconds, as a page loads all its parts."""

MOST_KNOWN = 10_000


@dataclass(slots=True)
class Bucket:
    """Rates by key: ``a_second``, and ``burst`` at once (a token bucket for each key)."""

    a_second: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait_s(self, key: str, takes: float = 1.0) -> float:
        """Take one and give 0, or take nothing and give the seconds until there is one again.

        ``takes`` 0 only asks.
        """
        left, now = self._filled(key), self.clock()
        if left < 1:
            return (1 - left) / self.a_second
        if takes:
            self._forget_full()
            self._left[key] = (left - takes, now)
        return 0.0

    def _filled(self, key: str) -> float:
        left, since = self._left.get(key, (self.burst, self.clock()))
        return min(self.burst, left + (self.clock() - since) * self.a_second)

    def _forget_full(self) -> None:
        """Keep the table small: who is full again is as good as unknown, then the oldest go."""
        if len(self._left) < MOST_KNOWN:
            return
        self._left = {key: one for key, one in self._left.items() if self._filled(key) < self.burst}
        for key in list(self._left)[: max(0, len(self._left) - MOST_KNOWN // 2)]:
            del self._left[key]


class AddressRates:
    """ASGI middleware outside the gate: tries to sign in, and requests the gate refused."""

    def __init__(self, app: ASGIApp, sign_ins_a_minute: int, requests_a_second: int) -> None:
        self._app = app
        self._sign_ins = Bucket(sign_ins_a_minute / 60, sign_ins_a_minute)
        self._refused = Bucket(requests_a_second, requests_a_second * BURST_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_for_cameras(scope["path"]):
            await self._app(scope, receive, send)
            return
        key = address_key(scope)
        wait = self._refused.wait_s(key, takes=0)
        if _signs_in(scope):
            wait = max(wait, self._sign_ins.wait_s(key))
        if wait:
            await refuse(wait, "this address", scope)(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._refused.wait_s(key)
            await send(message)

        await self._app(scope, receive, counted)


class PersonRates:
    """ASGI middleware inside the gate: requests of one person, with whatever they signed in."""

    def __init__(self, app: ASGIApp, requests_a_second: int) -> None:
        self._app = app
        self._asked = Bucket(requests_a_second, requests_a_second * BURST_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        person = scope.get("state", {}).get("officer") if scope["type"] == "http" else None
        wait = self._asked.wait_s(person.name) if person and not is_open(scope["path"]) else 0.0
        if wait:
            await refuse(wait, "this account", scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def address_key(scope: Scope) -> str:
    """Who calls: the IPv4 address, or the IPv6 network of one subscriber (/64)."""
    client = HTTPConnection(scope).client
    try:
        address = ip_address(client.host if client else "")
    except ValueError:
        return ""
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


def refuse(wait_s: float, who: str, scope: Scope) -> ASGIApp:
    """429 with ``Retry-After`` (RFC 6585), in whole seconds; a page where one was asked for."""
    seconds = max(1, math.ceil(wait_s))
    if wants_page(scope):
        headers = HTTPConnection(scope).headers
        path = "/sign-in" if scope["method"] == "POST" else scope["path"]
        language = preferred(headers.get("accept-language", ""))
        response: Response = too_often(language, seconds, local_path(path))
    else:
        response = ProblemError(
            429,
            f"{who} asks more often than it may",
            place="requests",
            mend=f"wait {seconds} s and send the same again",
        ).response()
    response.headers["Retry-After"] = str(seconds)
    return response


def wants_page(scope: Scope) -> bool:
    """Whether a browser shows the answer to a person: it opens a page, or sends a form of one."""
    headers = HTTPConnection(scope).headers
    mode = headers.get("sec-fetch-mode", "navigate")
    return "text/html" in headers.get("accept", "") and mode == "navigate"


def _signs_in(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith(SIGN_IN_PATH)
