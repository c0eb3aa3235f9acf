"""Whether consultations and their outcomes are still what the trail has of them.

Of a question and an outcome an entry has the digest; who asked and why it has in full.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from morina.accountability.purpose import Consultation, Outcome
from morina.accountability.trail import Entry, hash_of, why_of
from morina.accountability.trail_check import Fault, Found

KIND = "consultation"
BEGUN = "begun"


def digest_asked(question: str, plates: Iterable[str]) -> str:
    """What an entry carries of a question."""
    return hash_of({"question": question, "plates": list(plates)})


def digest_outcome(outcome: Outcome) -> str:
    """What an entry carries of what became of a question."""
    said = {"shown": outcome.shown, "covered": outcome.covered, "failed": outcome.failed}
    return hash_of(said)


@dataclass(frozen=True, slots=True)
class Entered:
    """What the entry of that ``number`` has of a consultation or of its outcome."""

    number: int
    digest: str
    who: str
    why: Mapping[str, str]

    @classmethod
    def of(cls, entry: Entry) -> "Entered":
        """As entered."""
        deed = entry.deed
        return cls(entry.number, deed.what.digest, deed.who, dict(deed.why))


@dataclass(slots=True)
class Digests:
    """What entries have of consultations by their number: of the question, and of its outcome."""

    asked: dict[int, Entered]
    ended: dict[int, Entered]

    @classmethod
    def of(cls, entries: Iterable[Entry | None]) -> "Digests":
        """Those that the entries carry, each with the number of its entry."""
        made = cls({}, {})
        for entry in entries:
            if entry is None or entry.deed.what.kind != KIND or not entry.deed.what.ids:
                continue
            of = made.asked if entry.deed.what.step == BEGUN else made.ended
            of[int(entry.deed.what.ids[0])] = Entered.of(entry)
        return made

    def faults(self, kept: Iterable[Consultation]) -> Iterator[Found]:
        """Consultations that are not as they were entered, that are gone, or were never entered.

        Those made before the first that was entered have no entry.
        """
        first, seen = min(self.asked, default=None), set()
        for one in kept:
            seen.add(one.number)
            if first is not None and one.number >= first and one.number not in self.asked:
                yield Found(0, Fault.CONTENT, f"consultation {one.number} has no entry")
            yield from self._of(one)
        yield from self._gone(seen)

    def of_part(self, kept: Iterable[Consultation]) -> Iterator[Found]:
        """As ``faults``, where the entries are a part of the trail and ``kept`` what they name."""
        seen = set()
        for one in kept:
            seen.add(one.number)
            yield from self._of(one)
        yield from self._gone(seen)

    def _gone(self, seen: set[int]) -> Iterator[Found]:
        for number in sorted(self.asked.keys() - seen):
            yield Found(self.asked[number].number, Fault.CONTENT, f"consultation {number} is gone")

    def _of(self, one: Consultation) -> Iterator[Found]:
        if entered := self.asked.get(one.number):
            said = f"consultation {one.number}"
            if entered.digest != digest_asked(one.question, one.plates):
                yield Found(entered.number, Fault.CONTENT, f"{said} asked something else")
            if entered.who != one.purpose.officer:
                yield Found(entered.number, Fault.CONTENT, f"somebody else asked {said}")
            if entered.why != why_of(one.purpose):
                yield Found(entered.number, Fault.CONTENT, f"{said} had another purpose")
        ended = self.ended.get(one.number)
        if one.outcome and ended and ended.digest != digest_outcome(one.outcome):
            detail = f"the outcome of consultation {one.number} was another"
            yield Found(ended.number, Fault.CONTENT, detail)
