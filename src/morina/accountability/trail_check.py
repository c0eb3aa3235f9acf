"""Whether a trail is as it was written: which entry was changed, removed, moved, or is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from morina.accountability.checkpoints import NONE_BEFORE, Checkpoint, merkle_root
from morina.accountability.signing import PublicKey, SignatureError
from morina.accountability.trail import NOTHING_BEFORE, Entry


class Fault(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"
    END_MISSING = "the end is missing from here on"
    REWRITTEN = "the chain was written anew from here on, or later"
    CHECKPOINT = "the checkpoint of that number does not hold"
    CONTENT = "what is kept of it is not what was entered"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault at the entry (or checkpoint) of this number."""

    number: int
    fault: Fault
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.number}: {self.fault}{': ' if self.detail else ''}{self.detail}"


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries there are, the last that is sealed, and every fault, by number."""

    count: int
    sealed_to: int
    found: tuple[Found, ...]


@dataclass(slots=True)
class _Chain:
    """What was learnt of the entries in one pass; ``order`` has None for those that do not hold."""

    hashes: dict[int, str]
    previous: dict[int, str]
    order: list[int | None]

    @classmethod
    def of(cls, entries: Iterable[Entry | None]) -> "_Chain":
        chain = cls({}, {}, [])
        for entry in entries:
            holds = entry is not None and entry.holds
            chain.order.append(entry.number if entry and holds else None)
            if entry and holds:
                chain.hashes.setdefault(entry.number, entry.hash)
                chain.previous.setdefault(entry.number, entry.previous)
        return chain

    def faults(self) -> Iterable[Found]:
        """Each place where the chain does not go on as it should."""
        expected = 1
        for number in self.order:
            if number is None:
                yield Found(expected, Fault.CHANGED)
                expected += 1
            elif number < expected:
                yield Found(number, Fault.MOVED)
            else:
                yield from self._passed_over(range(expected, number))
                yield from self._follows(number)
                expected = number + 1

    def _passed_over(self, numbers: Iterable[int]) -> Iterable[Found]:
        for number in numbers:
            yield Found(number, Fault.MOVED if number in self.hashes else Fault.REMOVED)

    def _follows(self, number: int) -> Iterable[Found]:
        before = NOTHING_BEFORE if number == 1 else self.hashes.get(number - 1)
        if before is not None and before != self.previous[number]:
            yield Found(number, Fault.REWRITTEN, "it does not follow from the entry before")

    @property
    def end(self) -> int:
        """The highest number there is a row for."""
        return max([len(self.order), *(one for one in self.order if one is not None)], default=0)


def verify(
    entries: Iterable[Entry | None], checkpoints: Sequence[Checkpoint], key: PublicKey
) -> Verified:
    """Check ``entries`` in the order they are kept in, None for one that cannot be read, against
    their chain and the checkpoints, by number, signed with ``key``."""
    chain = _Chain.of(entries)
    found = list(chain.faults())
    found += faults_of_checkpoints(checkpoints, key)
    known = {one.number for one in found if one.fault is not Fault.CHECKPOINT}
    found += [one for one in _unsealed(chain, checkpoints) if one.number not in known]
    sealed_to = checkpoints[-1].last if checkpoints else 0
    return Verified(
        len(chain.order), sealed_to, tuple(sorted(set(found), key=lambda one: one.number))
    )


def faults_of_checkpoints(checkpoints: Sequence[Checkpoint], key: PublicKey) -> Iterable[Found]:
    """Checkpoints that are not signed with ``key`` or do not follow one another."""
    before, expected, first = NONE_BEFORE, 1, 1
    for one in checkpoints:
        try:
            one.check(key)
        except SignatureError as error:
            yield Found(expected, Fault.CHECKPOINT, str(error))
        if (one.number, one.first, one.previous) != (expected, first, before):
            yield Found(expected, Fault.CHECKPOINT, "it does not follow from the one before")
        before, expected, first = one.digest, one.number + 1, one.last + 1


def _unsealed(chain: _Chain, checkpoints: Sequence[Checkpoint]) -> Iterable[Found]:
    """What checkpoints tell and the chain by itself does not: its end, and one written anew."""
    if checkpoints and chain.end < checkpoints[-1].last:
        yield Found(chain.end + 1, Fault.END_MISSING, f"{checkpoints[-1].last} are sealed")
    for one in checkpoints:
        hashes = [chain.hashes.get(number, "") for number in range(one.first, one.last + 1)]
        if all(hashes) and merkle_root(hashes) != one.root:
            detail = f"entries {one.first} to {one.last} are not those that were sealed"
            yield Found(one.first, Fault.REWRITTEN, detail)
