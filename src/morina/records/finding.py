"""Passages found by text, place and time: what is asked, what is found, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from morina.records.patterns import Difference
from morina.records.questions import Answer, Scope
from morina.records.running import Running
from morina.records.texts import TextQuestion
from morina.records.wording import scope_in_words
from morina.sense import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPassages:
    """All passages in a scope whose text is the one asked for, newest first."""

    scope: Scope
    text: TextQuestion
    after: str = ""

    @property
    def plates(self) -> tuple[str, ...]:
        """See kinds.Question."""
        return plates_of(self.text)

    def words(self) -> str:
        """See kinds.Question."""
        return f"{self.text.words()}; {scope_in_words(self.scope)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTexts:
    """The texts of those passages, each once with how often, the most frequent first."""

    scope: Scope
    text: TextQuestion
    after: str = ""

    @property
    def plates(self) -> tuple[str, ...]:
        """See kinds.Question."""
        return plates_of(self.text)

    def words(self) -> str:
        """See kinds.Question."""
        return f"how often {self.text.words()}; {scope_in_words(self.scope)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One passage. ``read`` is as it stands: where a person corrected it, ``read.correction``
    holds what was read first. ``text`` is the one by which it was found, the closest where there
    are several; ``differences`` is where that differs from the text asked for."""

    read: Read
    text: str
    differences: tuple[Difference, ...] = ()

    @property
    def grade(self) -> int:
        """How many places differ; 0 is the text asked for itself."""
        return len(self.differences)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """One text with one country (None undecided), and its passages in the scope.

    A passage whose text was corrected counts under both texts.
    """

    text: str
    country: str | None
    passages: int
    first_at: datetime
    last_at: datetime
    differences: tuple[Difference, ...] = ()

    @property
    def grade(self) -> int:
        """See Found."""
        return len(self.differences)


class Finder(Protocol):
    """What finds passages. RefusedQuestionError where ``after`` is none it gave."""

    async def passages(self, asked: FindPassages, running: Running) -> Answer[Found]:
        """A page of passages, newest first; ``more`` goes on where it ended."""

    async def texts(self, asked: FindTexts, running: Running) -> Answer[FoundText]:
        """A page of texts by how often they passed."""


def plates_of(text: TextQuestion) -> tuple[str, ...]:
    """The text or pattern asked for, if any."""
    return (text.asked,) if text.asked else ()


def found(read: Read, by: str, text: TextQuestion) -> Found:
    """The passage under the closest of its texts; ``by`` is one that matches."""
    texts = [read.plate.text if read.plate else ""]
    if read.correction is not None:
        texts.append(read.correction.from_text or "")
    matching = [by, *(one for one in texts if text.matches(one))]
    closest = min(matching, key=lambda one: len(text.differences(one)))
    return Found(read=read, text=closest, differences=text.differences(closest))
