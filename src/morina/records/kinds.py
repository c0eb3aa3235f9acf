"""What a question is, and the kinds of question that can be asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from morina.records.questions import Answer, Scope
from morina.records.refusing import RefusedQuestionError as RefusedQuestionError
from morina.records.running import Running


class Question(Protocol):
    """What is asked: a small frozen dataclass. RefusedQuestionError where it is made wrongly.

    ``plates`` are the plate texts or patterns asked for; ``after`` is the ``more`` of the answer
    it continues, else empty. ``words`` is for the log; it names plate, place and time.
    """

    @property
    def scope(self) -> Scope: ...
    @property
    def plates(self) -> tuple[str, ...]: ...
    @property
    def after(self) -> str: ...
    def words(self) -> str: ...


Q = TypeVar("Q", bound=Question)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Q, T]):
    """One kind of question: its name in API and docs, its type, what is found, what answers.

    ``pattern`` where it tells which vehicles belong together, however named: a second person must
    agree (accountability.tiers).
    """

    name: str
    question: type[Q]
    found: type[T]
    answer: Callable[[Q, Running], Awaitable[Answer[T]]]
    pattern: bool = False


AnyKind = Kind[Any, Any]
