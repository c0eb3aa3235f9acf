"""Questions asked under a purpose: written down first, answered within limits, shown to one."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from morina.accountability import Asked, Consultations, Outcome, Purpose
from morina.records.coverage import Coverages
from morina.records.kinds import AnyKind, Question, RefusedQuestionError
from morina.records.placing import Placing
from morina.records.questions import Answer, Limits
from morina.records.running import Running, StoppedError
from morina.records.wording import coverage_in_words

log = logging.getLogger(__name__)

GRACE_S = 5.0
"""A question that does not end by itself is ended so long after its limit of time."""

LOGGED_WITHIN_S = 10.0
AHEAD = timedelta(days=1)
"""A period may end so far ahead, for "until midnight" anywhere."""

CANCELLED = "cancelled"
TOO_LONG = "it took too long; ask for less time or fewer cameras"
NOT_LOGGED = "it could not be written down, so nothing is shown; ask again when the node is well"
BROKEN = "the node failed to answer it, which was logged; ask again, or tell who runs the node"


class TooManyQuestionsError(Exception):
    """This officer has too many unanswered questions; wait for one or cancel it."""


class NoSuchQuestionError(LookupError):
    """The officer asked nothing under that id, or its answer is no longer kept."""


class Stage(StrEnum):
    """How far a question is."""

    WAITING = "waiting"
    RUNNING = "running"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One question as its officer may see it. ``number`` is that of its consultation, ``share``
    0 to 1; ``failed`` says why there is no answer. ``answer`` is None until it is answered."""

    question_id: UUID
    number: int
    kind: str
    question: Question
    stage: Stage
    share: float
    failed: str = ""
    answer: Answer[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a question may cost; every one is a setting under ``[search]``."""

    limits: Limits = field(default_factory=Limits)
    at_once: int = 2
    open_each: int = 10
    days_back: int = 365
    kept_s: float = 300.0


@dataclass(slots=True, kw_only=True)
class _Open:
    """One question from when it was written down until its answer is forgotten."""

    question_id: UUID
    number: int
    kind: AnyKind
    purpose: Purpose
    question: Question
    running: Running
    stage: Stage = Stage.WAITING
    answer: Answer[Any] | None = None
    failed: str = ""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def conclude(self, answer: Answer[Any] | None, failed: str) -> None:
        """Its end; what was cancelled meanwhile is not shown."""
        cancelled = self.running.cancelled
        self.answer, self.failed = (None, CANCELLED) if cancelled else (answer, failed)
        ended = Stage.FAILED if self.answer is None else Stage.ANSWERED
        self.stage = Stage.CANCELLED if cancelled else ended
        self.done.set()

    def state(self) -> State:
        """As it is now."""
        return State(
            question_id=self.question_id,
            number=self.number,
            kind=self.kind.name,
            question=self.question,
            stage=self.stage,
            share=1.0 if self.done.is_set() else min(max(self.running.share, 0.0), 1.0),
            failed=self.failed,
            answer=self.answer,
        )


class Asking:
    """Asks for officers. What one asked and was answered is theirs alone, for a few minutes."""

    def __init__(
        self,
        kinds: Sequence[AnyKind],
        consultations: Consultations,
        coverages: Coverages,
        rules: Rules,
        placing: Placing,
    ) -> None:
        self.kinds = tuple(kinds)
        self.rules = rules
        self.consultations = consultations
        self._coverages = coverages
        self._placing = placing
        self._turns = asyncio.Semaphore(rules.at_once)
        self._open: dict[UUID, _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, purpose: Purpose, question: Question) -> UUID:
        """Begin to answer; the question's id. Nothing is read before it is written down, and
        what is written down names the cameras of every place.

        RefusedQuestionError, TooManyQuestionsError; ConnectionError and TimeoutError where it
        cannot be written down.
        """
        kind = next(kind for kind in self.kinds if isinstance(question, kind.question))
        now = datetime.now(UTC)
        question = await self._placing.placed(question)
        self._check(purpose, question, now)
        async with asyncio.timeout(LOGGED_WITHIN_S):
            number = await self.consultations.begin(
                Asked(at=now, purpose=purpose, question=question.words(), plates=question.plates)
            )
        one = _Open(
            question_id=uuid4(), number=number, kind=kind, purpose=purpose, question=question,
            running=Running(limits=self.rules.limits),
        )  # fmt: skip
        self._open[one.question_id] = one
        task = asyncio.create_task(self._answered(one))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return one.question_id

    async def more(self, question_id: UUID, officer: str) -> UUID:
        """Go on where the limit of rows ended an answer, as a question of its own."""
        one = self._of(question_id, officer)
        if one.answer is None or not one.answer.more:
            raise RefusedQuestionError("question_id", "has no more", "ask only where more is told")
        return await self.ask(one.purpose, replace(one.question, after=one.answer.more))  # type: ignore[type-var]  # a dataclass

    def state(self, question_id: UUID, officer: str) -> State:
        """How far the officer's question is; NoSuchQuestionError."""
        return self._of(question_id, officer).state()

    def purpose_of(self, question_id: UUID, officer: str) -> Purpose:
        """Under which purpose it was asked; NoSuchQuestionError."""
        return self._of(question_id, officer).purpose

    async def settled(self, question_id: UUID, officer: str, within_s: float = 1.0) -> State:
        """The same, once it is answered or the time is over."""
        one = self._of(question_id, officer)
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await one.done.wait()
        return one.state()

    def asked_by(self, officer: str) -> list[State]:
        """The officer's questions whose answers are still kept, newest first."""
        mine = [one.state() for one in self._open.values() if one.purpose.officer == officer]
        return mine[::-1]

    def cancel(self, question_id: UUID, officer: str) -> State:
        """The officer wants no answer any more; NoSuchQuestionError."""
        one = self._of(question_id, officer)
        if not one.done.is_set():
            one.running.cancel()
            one.stage = Stage.CANCELLED
        return one.state()

    async def close(self) -> None:
        """End all questions."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._open.clear()

    def _of(self, question_id: UUID, officer: str) -> _Open:
        one = self._open.get(question_id)
        if one is None or one.purpose.officer != officer:
            raise NoSuchQuestionError("no question of yours has that id, or its answer is gone")
        return one

    def _check(self, purpose: Purpose, question: Question, now: datetime) -> None:
        period, days = question.scope.period, self.rules.days_back
        if period.begins_at < now - timedelta(days=days, hours=1):
            mend = f"begin it at most {days} days ago (setting search.days_back)"
            raise RefusedQuestionError("period", "begins too long ago", mend)
        if period.ends_at > now + AHEAD:
            raise RefusedQuestionError("period", "ends in the future", "end it now")
        unanswered = [
            one
            for one in self._open.values()
            if one.purpose.officer == purpose.officer and not one.done.is_set()
        ]
        if len(unanswered) >= self.rules.open_each:
            raise TooManyQuestionsError(f"{len(unanswered)} questions of yours wait for answers")

    async def _answered(self, one: _Open) -> None:
        """Take a turn, answer, write down what became of it, and only then show it."""
        answer, failed = None, CANCELLED
        async with self._turns:
            if not one.running.cancelled:
                one.stage, one.running.began = Stage.RUNNING, monotonic()
                answer, failed = await self._tried(one)
        if one.running.cancelled:
            answer, failed = None, CANCELLED
        if not await self._written(one.number, answer, failed):
            answer, failed = None, NOT_LOGGED
        one.conclude(answer, failed)
        asyncio.get_running_loop().call_later(
            self.rules.kept_s, self._open.pop, one.question_id, None
        )

    async def _tried(self, one: _Open) -> tuple[Answer[Any] | None, str]:
        """The answer, or why there is none."""
        try:
            async with asyncio.timeout(one.running.limits.seconds + GRACE_S):
                answer = await one.kind.answer(one.question, one.running)
                now = datetime.now(UTC)
                return await self._coverages.completed(answer, one.question.scope, now), ""
        except (StoppedError, TimeoutError):
            return None, TOO_LONG
        except Exception as error:  # noqa: BLE001 - logged without what it says
            # Broad on purpose: whatever it was, the officer must be told and the log completed.
            # What it says stays out of the node's log, for it may name what was asked.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("question %s failed: %s\n%s", one.number, type(error).__name__, where)
            return None, BROKEN

    async def _written(self, number: int, answer: Answer[Any] | None, failed: str) -> bool:
        """Write down what became of a question; whether that is durable."""
        now = datetime.now(UTC)
        outcome = Outcome(at=now, failed=failed)
        if answer is not None:
            covered = coverage_in_words(answer.coverage)
            outcome = Outcome(at=now, shown=len(answer.found), covered=covered)
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(LOGGED_WITHIN_S):
                await self.consultations.end(number, outcome)
            return True
        log.error("what became of consultation %s could not be written down", number)
        return False
