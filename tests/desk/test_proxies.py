"""Client certificates and addresses a proxy tells of: only a trusted proxy may."""

from collections.abc import Mapping, Sequence

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from morina.desk.proxies import Proxies

HEADER = "X-Client-Certificate-SHA256"


async def told(request: Request) -> Response:
    """What is left of what the caller said."""
    client = request.client.host if request.client else ""
    return JSONResponse([client, request.headers.getlist(HEADER), request.url.scheme])


async def asked(
    caller: str, headers: Mapping[str, str], trusted: Sequence[str] = ("10.0.0.5",)
) -> list[object]:
    app = Proxies(Starlette(routes=[Route("/", told)]), HEADER, trusted)
    transport = httpx.ASGITransport(app, client=(caller, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://node.test") as client:
        found: list[object] = (await client.get("/", headers=headers)).json()
        return found


SAID = {HEADER.upper(): "ab", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}


async def test_a_trusted_proxy_says_who_calls_and_what_was_shown() -> None:
    assert await asked("10.0.0.5", SAID) == ["192.0.2.7", ["ab"], "https"]
    assert await asked("10.0.0.77", SAID, ["10.0.0.0/24"]) == ["192.0.2.7", ["ab"], "https"]
    assert await asked("10.0.0.5", {}) == ["10.0.0.5", [], "http"]


@pytest.mark.parametrize("caller", ["192.0.2.9", "127.0.0.1", "testclient", "::1"])
async def test_others_say_nothing_of_the_kind(caller: str) -> None:
    assert await asked(caller, SAID) == [caller, [], "http"]


async def test_who_names_a_trusted_address_is_not_there() -> None:
    spoofed = SAID | {"X-Forwarded-For": "10.0.0.5"}
    assert await asked("192.0.2.9", spoofed) == ["192.0.2.9", [], "http"]
    through = SAID | {"X-Forwarded-For": "10.0.0.5, 192.0.2.9"}
    assert (await asked("10.0.0.5", through))[0] == "192.0.2.9"
