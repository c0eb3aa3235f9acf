"""Comparing both sides' messages: what you say you sent me, and what I have.

A side is all messages of one ordered pair within a span of numbers: how many, their Merkle root (as
in RFC 6962) and the span. The partner's side is compared with our own of the same span.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from morina.accountability.checkpoints import merkle_root
from morina.exchange.delivering import Verdict

MOST_ASKED = 1000
"""Numbers asked for again at once."""


@dataclass(frozen=True, slots=True)
class Side:
    """Messages ``first`` to ``last`` of a pair: those there are of them, and their root."""

    first: int
    last: int
    count: int
    root: str

    @classmethod
    def of(cls, first: int, last: int, digests: Sequence[str]) -> Self:
        """From the digests in the order of their numbers."""
        return cls(first, last, len(digests), merkle_root(digests))

    def said(self) -> Mapping[str, Any]:
        """As it is told."""
        return {"first": self.first, "last": self.last, "count": self.count, "root": self.root}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """As it was told; ValueError where it is no side."""
        try:
            made = cls(said["first"], said["last"], said["count"], said["root"])
        except (KeyError, TypeError):
            raise ValueError("the checkpoint has not the parts of one") from None
        numbers = (made.first, made.last, made.count)
        if any(type(one) is not int or one < 0 for one in numbers) or made.first < 1:
            raise ValueError("the checkpoint's numbers are none")
        return made


@dataclass(frozen=True, slots=True)
class Holds:
    """The last message of a sender that its receiver has: number, digest, when it was made."""

    seq: int
    digest: str
    at: datetime

    def said(self) -> Mapping[str, Any]:
        """As it is told."""
        return {"seq": self.seq, "digest": self.digest, "at": self.at.isoformat()}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """As it was told; ValueError where it is none."""
        try:
            made = cls(said["seq"], said["digest"], datetime.fromisoformat(said["at"]))
            good = len(bytes.fromhex(made.digest)) == 32 and made.at.tzinfo is not None
        except (KeyError, TypeError):
            good = False
        if not good or type(made.seq) is not int or made.seq < 0:
            raise ValueError("it does not say which message it holds")
        return made


def compared(theirs: Side, ours: Side) -> Verdict:
    """What comes of two sides of one span."""
    if theirs.count != ours.count:
        return Verdict.MISSING
    return Verdict.AGREES if theirs.root == ours.root else Verdict.DIFFERS


def missing(side: Side, numbers: Sequence[int]) -> tuple[int, ...]:
    """Numbers of the span that are not among ``numbers``, the first ``MOST_ASKED``."""
    have, found = set(numbers), []
    for number in range(side.first, side.last + 1):
        if number not in have:
            found.append(number)
        if len(found) == MOST_ASKED:
            break
    return tuple(found)
