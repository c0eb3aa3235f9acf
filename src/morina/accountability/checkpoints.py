"""Checkpoints of the trail: what of it is sealed, signed and kept outside the database.

The root is that of a Merkle tree as in RFC 6962, section 2.1, over the hashes of the entries since
the checkpoint before.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from morina.accountability.signing import PublicKey, SignatureError, Signer, Statement
from morina.accountability.trail import hash_of

NONE_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Entries ``first`` to ``last``; ``previous`` is the digest of the checkpoint before."""

    number: int
    first: int
    last: int
    root: str
    made_at: str
    key: str
    previous: str
    signature: str = ""

    @property
    def count(self) -> int:
        """How many entries it seals."""
        return self.last - self.first + 1

    def said(self) -> Statement:
        """What is signed."""
        return {
            "number": self.number, "first": self.first, "last": self.last, "count": self.count,
            "root": self.root, "made_at": self.made_at, "key": self.key, "previous": self.previous,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """What the next one names it by."""
        return hash_of({**self.said(), "signature": self.signature})

    def as_kept(self) -> dict[str, Any]:
        """What is written to a file and given to partners."""
        return {**self.said(), "signature": self.signature}

    @classmethod
    def of(cls, kept: Statement) -> Self:
        """The checkpoint of what was written; SignatureError where it is none."""
        try:
            made = cls(**{name: kept[name] for name in cls.__slots__})
            good = made.as_kept() == dict(kept)
        except (KeyError, TypeError):
            good = False
        if not good:
            raise SignatureError("this is no checkpoint of a trail; put back the file as it was")
        return made

    def check(self, key: PublicKey) -> None:
        """SignatureError where it was not signed with this key."""
        key.check(self.said(), self.signature)


class Checkpoints(Protocol):
    """Where checkpoints are kept, outside the database."""

    def all(self) -> list[Checkpoint]:
        """By number; SignatureError for what is none."""

    def keep(self, checkpoint: Checkpoint) -> bool:
        """Write one down, durable; False where another took its number."""


def merkle_root(hashes: Sequence[str]) -> str:
    """The root over these hashes of 64 hex digits each, as 64 hex digits."""
    level = [hashlib.sha256(b"\0" + bytes.fromhex(one)).digest() for one in hashes]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = joined + level[len(joined) * 2 :]
    return level[0].hex()


def sealed(
    hashes: Sequence[str], before: Checkpoint | None, signer: Signer, now: datetime
) -> Checkpoint:
    """The signed checkpoint over the entries since ``before``, whose hashes these are."""
    first = before.last + 1 if before else 1
    made = Checkpoint(
        number=before.number + 1 if before else 1,
        first=first,
        last=first + len(hashes) - 1,
        root=merkle_root(hashes),
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        key=signer.public.text,
        previous=before.digest if before else NONE_BEFORE,
    )
    parts = {name: getattr(made, name) for name in Checkpoint.__slots__}
    return Checkpoint(**parts | {"signature": signer.sign(made.said())})
