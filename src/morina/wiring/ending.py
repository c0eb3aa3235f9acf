"""Ending what goes on for ever."""

import asyncio
from collections.abc import Iterable
from typing import Any

SAY_AGAIN_AFTER_S = 5.0
"""Longer than anything may take to end well."""


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for them.

    A cancellation can be lost where a library takes it for its own time limit, so it is said
    again until the task has ended. What a task raised is not raised here.
    """
    ending = list(tasks)
    left = {task for task in ending if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=SAY_AGAIN_AFTER_S)
    await asyncio.gather(*ending, return_exceptions=True)
