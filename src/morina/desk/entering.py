"""Writing down what is about to be done to records for a purpose, and what became of it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from morina.accountability import Asked, Outcome, Purpose
from morina.accountability.clearing import noted
from morina.desk.services import Services


@dataclass(slots=True)
class Done:
    """What is done: under which ``number`` it is written down, and how many reads it concerned,
    None where it failed."""

    number: int
    reads: int | None = None


@asynccontextmanager
async def written(
    desk: Services, purpose: Purpose, words: str, plates: Iterable[str] = (), *, act: str
) -> AsyncIterator[Done]:
    """``entered`` for what shows no read and needs no second person, once its purpose will do."""
    unchecked = await desk.search.asking.rules.clearance.check(purpose)
    asked = Asked(
        at=datetime.now(UTC), purpose=purpose, question=noted(words, unchecked),
        plates=tuple(plates), act=act,
    )  # fmt: skip
    async with entered(desk, asked) as done:
        yield done


@asynccontextmanager
async def entered(desk: Services, asked: Asked) -> AsyncIterator[Done]:
    """Write down what is about to be done and what became of it."""
    log = desk.search.asking.consultations
    done = Done(await log.begin(asked))
    try:
        yield done
    finally:
        failed = "it failed" if done.reads is None else ""
        outcome = Outcome(at=datetime.now(UTC), shown=done.reads, failed=failed)
        await log.end(done.number, outcome)
