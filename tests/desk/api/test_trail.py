"""What is done at the desk is in the trail with who did it, and the trail is read by API."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx
import pytest

from morina.accountability import Role, SignInRefusedError
from morina.accountability.trail_check import verify
from morina.desk.services import Services
from trails import SIGNER


class WithDesk(Protocol):
    """The desk of the conftest beside this file."""

    services: Services
    client: httpx.AsyncClient

    def browser(self) -> httpx.AsyncClient: ...
    def holding(self, *roles: Role) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@pytest.fixture
async def overseer(desk: WithDesk) -> AsyncIterator[httpx.AsyncClient]:
    """The data protection officer, who reads the trail."""
    async with desk.holding(Role.DATA_PROTECTION_OFFICER) as client:
        yield client


async def entries(overseer: httpx.AsyncClient, **asked: object) -> list[dict[str, Any]]:
    answer = await overseer.get("/api/v1/trail", params=asked)  # type: ignore[arg-type]  # texts
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_acts_at_the_desk_are_entered_with_who_did_them(
    desk: WithDesk, overseer: httpx.AsyncClient
) -> None:
    sent = {"name": "North", "site": "N", "latitude": 42.0, "longitude": 20.0}
    answer = await desk.client.put("/api/v1/cameras/north-9", json=sent)
    assert answer.status_code < 300, answer.text
    [put] = await entries(overseer, object_id="north-9")
    assert (put["who"], put["act"], put["what"]["step"]) == ("ana", "configuration", "put")


async def test_signing_in_and_out_is_entered_and_a_refusal_without_what_was_typed(
    desk: WithDesk, overseer: httpx.AsyncClient
) -> None:
    async with desk.browser() as browser:
        assert (await browser.post("/sign-in")).status_code == 200
        await browser.post("/sign-out")
    assert [one["act"] for one in await entries(overseer, who="ana")][:2] == ["sign_out", "sign_in"]
    for name, named in (("ben", ["ben"]), ("my secret password", [])):
        try:
            await desk.services.users.sign_in(name, "another long password", datetime.now(UTC))
        except SignInRefusedError:
            [refused] = await entries(overseer, act="sign_in_refused", limit=1)
            assert refused["what"]["ids"] == named


async def test_the_trail_is_read_by_page_and_reading_is_entered(
    desk: WithDesk, overseer: httpx.AsyncClient
) -> None:
    first = await entries(overseer, limit=1)
    [read, *_] = await entries(overseer)
    assert (read["who"], read["act"], read["what"]["kind"]) == (
        "data_protection_officer", "consultation", "trail",
    )  # fmt: skip
    assert read["what"]["ids"] == [str(first[0]["number"])]
    assert [one["number"] for one in await entries(overseer, before=3)] == [2, 1]
    assert (await overseer.get("/api/v1/trail?limit=0")).status_code == 422
    assert (await desk.browser().get("/api/v1/trail")).status_code == 401
    assert desk.services.trail is not None
    kept = [one async for one in desk.services.trail.raw()]
    assert verify(kept, [], SIGNER.public).found == ()
