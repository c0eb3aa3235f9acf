"""A question on the page while it is answered, without a browser: progress and its end."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nicegui import Client
from nicegui.element import Element
from nicegui.page import page
from psycopg_pool import AsyncConnectionPool

from asked import Where, asking_of, found, purpose
from morina.accountability import Action, Role, User
from morina.desk import permits
from morina.desk.pages.markup import tag
from morina.desk.pages.search.waiting import Waiting
from morina.desk.pages.visit import Visit
from morina.desk.words import Words
from morina.records.asking import Asking, Stage
from morina.records.questions import Answer
from morina.records.running import Running


@pytest.fixture(autouse=True)
def a_kind_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked here is a kind that no node has."""
    monkeypatch.setattr(permits, "KINDS", {**permits.KINDS, "where": Action.SEARCH})


@pytest.fixture
def place() -> Iterator[Element]:
    """Where progress is shown."""
    with Client(page("/search-test"), request=None):
        yield tag("div")


def waiting(asking: Asking, place: Element) -> Waiting:
    services = cast(Any, SimpleNamespace(search=SimpleNamespace(asking=asking)))
    return Waiting(
        Visit(
            services,
            User(name="ana", full_name="Ana", roles=frozenset({Role.INVESTIGATOR})),
            Words("en"),
        ),
        place,
    )


def texts(place: Element) -> list[str]:
    return [one._text or "" for one in place.descendants()]


async def until_shown(place: Element, text: str) -> None:
    async with asyncio.timeout(120):
        while text not in texts(place):
            await asyncio.sleep(0.01)


async def test_progress_is_shown_until_the_answer_is_there(
    pool: AsyncConnectionPool, place: Element
) -> None:
    go_on = asyncio.Event()

    async def slowly(question: Where, running: Running) -> Answer[str]:
        running.share = 0.4
        await go_on.wait()
        return found(question.plate)

    asking = asking_of(pool, slowly)
    answering = asyncio.create_task(waiting(asking, place).answer(purpose(), Where()))
    await until_shown(place, "Looking: 40% done.")
    [bar] = [one for one in place.descendants() if one.tag == "progress"]
    assert bar.props["value"] == 0.4
    go_on.set()
    state = await answering
    assert state is not None
    assert state.answer is not None
    assert texts(place) == []
    await asking.close()


async def stuck(_question: Where, running: Running) -> Answer[str]:
    while not running.cancelled:
        await asyncio.sleep(0.01)
    return found("never shown")


async def test_a_cancelled_question_has_no_answer(
    pool: AsyncConnectionPool, place: Element
) -> None:
    asking = asking_of(pool, stuck)
    page_ = waiting(asking, place)
    answering = asyncio.create_task(page_.answer(purpose(), Where()))
    await until_shown(place, "Cancel")
    page_.cancel()
    state = await answering
    assert state is not None
    assert (state.stage, state.answer) == (Stage.CANCELLED, None)
    await asking.close()


async def test_a_new_question_takes_the_place_of_the_one_before(
    pool: AsyncConnectionPool, place: Element
) -> None:
    async def stuck_once(question: Where, running: Running) -> Answer[str]:
        return found("second") if question.plate == "BB1" else await stuck(question, running)

    asking = asking_of(pool, stuck_once)
    page_ = waiting(asking, place)
    first = asyncio.create_task(page_.answer(purpose(), Where()))
    await until_shown(place, "Cancel")
    second = await page_.answer(purpose(), Where(plate="BB1"))
    assert await first is None
    assert second is not None
    assert second.answer is not None
    assert second.answer.found == ("second",)
    stages = {one.question.plates: one.stage for one in asking.asked_by("ana")}
    assert stages == {("AA123BC",): Stage.CANCELLED, ("BB1",): Stage.ANSWERED}
    await asking.close()
