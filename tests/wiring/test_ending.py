"""What goes on for ever ends when it is told to."""

import asyncio
from contextlib import suppress

import pytest

from morina.wiring import ending


async def test_a_task_that_lost_a_cancellation_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "SAY_AGAIN_AFTER_S", 0.01)
    begun = asyncio.Event()

    async def lose_one() -> None:
        with suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(lose_one())
    await begun.wait()
    await asyncio.wait_for(ending.ended([task]), 120)
    assert task.cancelled()


async def test_a_task_that_failed_keeps_nobody() -> None:
    async def fail() -> None:
        raise ValueError("an invented failure")

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    await ending.ended([task])
    assert isinstance(task.exception(), ValueError)
