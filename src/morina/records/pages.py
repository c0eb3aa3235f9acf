"""Where a page of findings ended, as the text the next page is asked with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from morina.records.kinds import RefusedQuestionError

_MOST = 2**64


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One passage in the order they are shown: milliseconds since 1970, two parts of its id."""

    ms: int
    high: int = 0
    low: int = 0

    @classmethod
    def of(cls, more: str) -> Self:
        """From what ``token`` gave; RefusedQuestionError where it is none."""
        try:
            ms, high, low = (int(part, 16) for part in more.split("-"))
        except ValueError:
            raise _no_place() from None
        if not (0 <= ms < _MOST // 2 and 0 <= high < _MOST and 0 <= low < _MOST):
            raise _no_place()
        return cls(ms, high, low)

    @classmethod
    def at(cls, ms: int, read_id: int) -> Self:
        """Of a read by when it was captured and the number of its UUID."""
        return cls(ms, ((read_id >> 64) - (ms << 16)) % _MOST, read_id % _MOST)

    def token(self) -> str:
        """What ``of`` reads."""
        return f"{self.ms:x}-{self.high:x}-{self.low:x}"

    @property
    def read_id(self) -> int:
        """The number of the read's UUID (see READS in the tables)."""
        return (((self.high + (self.ms << 16)) % _MOST) << 64) | self.low


@dataclass(frozen=True, slots=True, order=True)
class TextPlace:
    """One text with its country in the order they are shown, ``fewer`` is minus how often."""

    fewer: int
    text: str
    country: str

    @classmethod
    def of(cls, more: str) -> Self:
        """From what ``token`` gave; RefusedQuestionError where it is none."""
        try:
            passages, text, country = more.split(".")
            return cls(-int(passages), text, country)
        except ValueError:
            raise _no_place() from None

    def token(self) -> str:
        """What ``of`` reads."""
        return f"{-self.fewer}.{self.text}.{self.country}"


def instant_of(more: str) -> datetime:
    """The moment a text names; RefusedQuestionError where it names none."""
    try:
        return datetime.fromisoformat(more).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_place() from None


def _no_place() -> RefusedQuestionError:
    mend = "give what `more` of the answer before said"
    return RefusedQuestionError("after", "is no place to go on from", mend)
