"""One question on its way: waiting, answered or ended, as its officer may see it."""

import asyncio
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from morina.accountability import Purpose
from morina.records.kinds import AnyKind, Question
from morina.records.questions import Answer
from morina.records.running import Running

CANCELLED = "cancelled"
FEWER = "no more than {n} are shown of such a question; ask for a smaller place or a shorter time"


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


@dataclass(slots=True, kw_only=True)
class Opened:
    """One question from when it was written down until its answer is forgotten."""

    question_id: UUID
    number: int
    kind: AnyKind
    purpose: Purpose
    question: Question
    running: Running
    most_rows: int = 0
    unchecked: str = ""
    stage: Stage = Stage.WAITING
    answer: Answer[Any] | None = None
    failed: str = ""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def conclude(self, answer: Answer[Any] | None, failed: str) -> None:
        """Its end; what was cancelled meanwhile is not shown."""
        cancelled = self.running.cancelled
        if answer is not None and answer.more and self.most_rows:
            fewer = FEWER.format(n=self.most_rows)
            answer = replace(answer, more="", notes=(*answer.notes, fewer))
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
