"""Which sections the navigation names, by role and by whether the node has partners."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from morina.accountability import Role, User
from morina.desk.permits import PAGES, may
from morina.desk.permitting import Permitting
from morina.desk.places import OF_AERIAL, OF_EXCHANGE, PLACES, places_of


def somebody(role: Role) -> User:
    return User(name="x", full_name="X", roles=frozenset({role}))


@pytest.mark.parametrize("role", Role)
def test_a_node_without_partners_names_no_section_of_the_exchange(role: Role) -> None:
    here = {path for path, _ in places_of(somebody(role), False, True)}
    everywhere = {path for path, _ in places_of(somebody(role), True, True)}
    assert everywhere - here == everywhere & OF_EXCHANGE
    assert everywhere == {path for path, _ in PLACES if may(somebody(role), *PAGES[path])}


@pytest.mark.parametrize("role", Role)
def test_a_node_without_drone_flights_names_no_section_of_theirs(role: Role) -> None:
    here = {path for path, _ in places_of(somebody(role), True)}
    everywhere = {path for path, _ in places_of(somebody(role), True, True)}
    assert everywhere - here == everywhere & OF_AERIAL


def test_every_section_that_may_be_absent_is_a_section() -> None:
    assert {path for path, _ in PLACES} > OF_EXCHANGE | OF_AERIAL


@pytest.mark.parametrize("exchanges", [False, True])
async def test_a_page_that_refuses_names_the_sections_the_node_has(exchanges: bool) -> None:
    permitting = Permitting(FastAPI(), exchanges=exchanges)

    async def liaison(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"officer": somebody(Role.LIAISON_OFFICER)}
        await permitting(scope, receive, send)

    transport = httpx.ASGITransport(liaison)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.test") as client:
        refused, missing = await client.get("/people"), await client.get("/nowhere")
    assert (refused.status_code, missing.status_code) == (403, 404)
    for page in (refused, missing):
        assert ('href="/partners"' in page.text) is exchanges
        assert ('href="/ask"' in page.text) is exchanges
        assert 'href="/hotlists"' in page.text
