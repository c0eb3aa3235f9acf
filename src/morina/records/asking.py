"""Questions asked under a purpose: written down first, answered within limits, shown to one."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from morina.accountability import Asked, Consultations, Outcome, Purpose
from morina.accountability.clearing import Clearance, Unguarded, noted
from morina.records.coverage import Coverages
from morina.records.kinds import AnyKind, Question, RefusedQuestionError
from morina.records.leave import BY_HAND, Cleared, Leave, Sent, cleared
from morina.records.opened import CANCELLED, Opened, Stage, State
from morina.records.placing import Placing
from morina.records.questions import Answer, Limits
from morina.records.running import Running, StoppedError
from morina.records.weighing import plates_in
from morina.records.wording import coverage_in_words

__all__ = [
    "Asking",
    "NoSuchQuestionError",
    "Rules",
    "Stage",
    "State",
    "TooManyQuestionsError",
]

log = logging.getLogger(__name__)

GRACE_S = 5.0
"""A question that does not end by itself is ended so long after its limit of time."""

LOGGED_WITHIN_S = 10.0
AHEAD = timedelta(days=1)
"""A period may end so far ahead, for "until midnight" anywhere."""

TOO_LONG = "it took too long; ask for less time or fewer cameras"
NOT_LOGGED = "it could not be written down, so nothing is shown; ask again when the node is well"
BROKEN = "the node failed to answer it, which was logged; ask again, or tell who runs the node"


class TooManyQuestionsError(Exception):
    """This officer has too many unanswered questions; wait for one or cancel it."""


class NoSuchQuestionError(LookupError):
    """The officer asked nothing under that id, or its answer is no longer kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a question may cost, settings under ``[search]``, and what clears each."""

    limits: Limits = field(default_factory=Limits)
    at_once: int = 2
    open_each: int = 10
    days_back: int = 365
    kept_s: float = 300.0
    clearance: Clearance = field(default_factory=Unguarded)


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
        self._open: dict[UUID, Opened] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, purpose: Purpose, question: Question, leave: Leave = BY_HAND) -> UUID:
        """Begin to answer; the question's id. Nothing is read before it is written down, and
        what is written down names the cameras of every place.

        RefusedQuestionError, TooManyQuestionsError; RefusedPurposeError, NotClearedError,
        ApprovalNeededError, RefusedApprovalError; ConnectionError and TimeoutError where it
        cannot be written down.
        """
        unchecked = await self.rules.clearance.check(purpose) if leave.by_hand else ""
        placed = await self._placing.placed(question)
        self._check(purpose, placed, datetime.now(UTC))
        sent = Sent(self._kind(question), question, placed, unchecked)
        return await self._begun(
            purpose, placed, await cleared(self.rules.clearance, purpose, sent, leave)
        )

    async def more(self, question_id: UUID, officer: str) -> UUID:
        """Go on where the limit of rows ended an answer, as a question of its own."""
        one = self._of(question_id, officer)
        if one.answer is None or not one.answer.more:
            raise RefusedQuestionError("question_id", "has no more", "ask only where more is told")
        question = replace(one.question, after=one.answer.more)  # type: ignore[type-var]  # a dataclass
        self._check(one.purpose, question, datetime.now(UTC))
        return await self._begun(one.purpose, question, Cleared(unchecked=one.unchecked))

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

    def _of(self, question_id: UUID, officer: str) -> Opened:
        one = self._open.get(question_id)
        if one is None or one.purpose.officer != officer:
            raise NoSuchQuestionError("no question of yours has that id, or its answer is gone")
        return one

    def _kind(self, question: Question) -> AnyKind:
        return next(kind for kind in self.kinds if isinstance(question, kind.question))

    async def _begun(self, purpose: Purpose, question: Question, under: Cleared) -> UUID:
        asked = Asked(
            at=datetime.now(UTC), purpose=purpose, plates=question.plates,
            question=noted(question.words(), under.unchecked),
            approval_id=under.approval_id, approval_digest=under.digest,
        )  # fmt: skip
        async with asyncio.timeout(LOGGED_WITHIN_S):
            number = await self.consultations.begin(asked)
        limits = self.rules.limits
        if under.most_rows:
            limits = replace(limits, rows=min(limits.rows, under.most_rows))
        one = Opened(
            question_id=uuid4(), number=number, kind=self._kind(question), purpose=purpose,
            question=question, running=Running(limits=limits), most_rows=under.most_rows,
            unchecked=under.unchecked,
        )  # fmt: skip
        self._open[one.question_id] = one
        task = asyncio.create_task(self._answered(one))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return one.question_id

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

    async def _answered(self, one: Opened) -> None:
        """Take a turn, answer, write down what became of it, and only then show it."""
        answer, failed = None, CANCELLED
        async with self._turns:
            if not one.running.cancelled:
                one.stage, one.running.began = Stage.RUNNING, monotonic()
                answer, failed = await self._tried(one)
        if one.running.cancelled:
            answer, failed = None, CANCELLED
        if not await self._written(one, answer, failed):
            answer, failed = None, NOT_LOGGED
        one.conclude(answer, failed)
        asyncio.get_running_loop().call_later(
            self.rules.kept_s, self._open.pop, one.question_id, None
        )

    async def _tried(self, one: Opened) -> tuple[Answer[Any] | None, str]:
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

    async def _written(self, one: Opened, answer: Answer[Any] | None, failed: str) -> bool:
        """Write down what became of a question; whether that is durable."""
        now = datetime.now(UTC)
        outcome = Outcome(at=now, failed=failed)
        if answer is not None:
            covered = coverage_in_words(answer.coverage)
            outcome = Outcome(at=now, shown=len(answer.found), covered=covered)
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(LOGGED_WITHIN_S):
                if answer is not None:
                    plates = {*one.question.plates, *plates_in(answer.found)}
                    await self.rules.clearance.shown(one.number, one.purpose.officer, plates)
                await self.consultations.end(one.number, outcome)
            return True
        log.error("what became of consultation %s could not be written down", one.number)
        return False
