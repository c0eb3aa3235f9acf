"""One answer on its way to the screen, and what may be asked next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Purpose
from morina.desk.beside import Beside
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit
from morina.records.kinds import Question
from morina.records.questions import Answer
from morina.sense.cameras import Camera

Ask = Callable[[Question], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every answer is shown with: who looks, the cameras by id, and how to ask on.

    ``kinds`` are the types of the questions this node answers.
    """

    visit: Visit
    cameras: Mapping[str, Camera]
    ask: Ask
    kinds: tuple[type, ...]

    def camera(self, camera_id: str) -> str:
        """Its name; the id of one that was removed."""
        known = self.cameras.get(camera_id)
        return known.name if known else camera_id

    def minute(self, at: datetime) -> str:
        """Day and time of day in the user's zone, without UTC: for long lists that say so."""
        here = self.visit.here(at)
        return f"{self.visit.day(here.date())} {here:%H:%M}"

    def second(self, at: datetime) -> str:
        """The same to the second."""
        return f"{self.minute(at)}:{self.visit.here(at):%S}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered: under which purpose, number and id, with what, and what is
    told besides."""

    question: Any
    purpose: Purpose
    number: int
    question_id: UUID
    answer: Answer[Any]
    beside: Beside = field(default_factory=Beside)


def asks(desk: Desk, text: str, question: Question, classes: str = "") -> Element | None:
    """A button that asks a further question; nothing where this node does not answer such."""
    if not isinstance(question, desk.kinds):
        return None
    return button(text, lambda: desk.ask(question), classes)


def goes_on(desk: Desk, asked: Asked, text: str) -> None:
    """Where the limit of rows ended the answer: what follows it, as a question of its own."""
    if asked.answer.more:
        with tag("div", "", "actions more"):
            button(text, lambda: desk.ask(replace(asked.question, after=asked.answer.more)))


def under_words(asked: Asked, visit: Visit) -> str:
    """By whom, for which case and under which number it was asked."""
    return visit.t(
        "Asked by {who} for case {case} ({code}): consultation no. {number}",
        who=asked.purpose.officer,
        case=asked.purpose.case_number,
        code=visit.t(PURPOSES[asked.purpose.code]),
        number=asked.number,
    )
