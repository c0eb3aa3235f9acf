"""What a backup is made of, signed: its pieces, its mark, the head of the trail it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from morina.accountability.signing import PublicKey, SignatureError, Signer, Statement
from morina.accountability.trail import hash_of

NONE_BEFORE = "0" * 64
FORM = 1
"""Of the manifest; another is refused."""

PICTURES = "pictures.txt"
"""The piece that lists every picture: its SHA-256, a blank, its bytes, a line each, sorted."""

ATTACHMENTS = "attachments.txt"
"""The same of the files of joint operations; no such piece where a node has none."""

SEALED = "keys.sealed"
"""The piece with the home's keys, which only the holder of the key file can open."""


class BackupError(Exception):
    """A backup cannot be made, or is not as it was made; says place, fault and mend."""


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """One file of a backup: where it belongs, its bytes and their SHA-256, 64 hex digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of a backup. Whatever was acknowledged before ``mark`` is in it.

    ``trail`` is the number and hash of the last entry; ``counts`` are of reads, pictures, alerts;
    ``retention`` are the days of the settings; ``versions`` those of Morina and its engines.
    """

    mark: str
    ended_at: str
    versions: Mapping[str, str]
    trail: Mapping[str, Any]
    counts: Mapping[str, int]
    retention: Mapping[str, int]

    def said(self) -> dict[str, Any]:
        """As it is signed."""
        return {
            "mark": self.mark, "ended_at": self.ended_at, "versions": dict(self.versions),
            "trail": dict(self.trail), "counts": dict(self.counts),
            "retention": dict(self.retention),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A backup: number ``number`` of its folder; ``previous`` is the digest of the one before."""

    number: int
    facts: Facts
    pieces: tuple[Piece, ...]
    key: str
    previous: str
    signature: str = ""

    def said(self) -> Statement:
        """What is signed."""
        return {
            "form": FORM, "number": self.number, "facts": self.facts.said(),
            "pieces": [[one.name, one.size, one.sha256] for one in self.pieces],
            "key": self.key, "previous": self.previous,
        }  # fmt: skip

    def as_kept(self) -> dict[str, Any]:
        """What is written to its file."""
        return {**self.said(), "signature": self.signature}

    @property
    def digest(self) -> str:
        """What the next one, and the trail, name it by."""
        return hash_of(self.as_kept())

    @property
    def mark(self) -> datetime:
        """Whatever was acknowledged before is in it."""
        return datetime.fromisoformat(self.facts.mark)

    @property
    def ended_at(self) -> datetime:
        """When it was whole."""
        return datetime.fromisoformat(self.facts.ended_at)

    @property
    def bytes(self) -> int:
        """Of its pieces; pictures are counted in ``facts.counts``."""
        return sum(one.size for one in self.pieces)

    def piece(self, name: str) -> Piece:
        """The piece of that name; BackupError where there is none."""
        for one in self.pieces:
            if one.name == name:
                return one
        raise BackupError(f"backup {self.number} has no {name}; restore another with --number")

    def below(self, prefix: str) -> list[Piece]:
        """The pieces whose names begin so."""
        return [one for one in self.pieces if one.name.startswith(prefix)]

    def check(self) -> None:
        """SignatureError where the key it names did not sign it."""
        PublicKey(self.key).check(self.said(), self.signature)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The manifest of what was written; SignatureError where it is none."""
        try:
            made = cls(
                number=kept["number"],
                facts=Facts(**kept["facts"]),
                pieces=tuple(Piece(*one) for one in kept["pieces"]),
                key=kept["key"],
                previous=kept["previous"],
                signature=kept["signature"],
            )
            good = made.as_kept() == dict(kept)
            made.mark, made.ended_at  # noqa: B018 - both must be times
        except (KeyError, TypeError, ValueError):
            good = False
        if not good:
            raise SignatureError("this is no manifest of a backup; put back the file as it was")
        return made


def signed(
    facts: Facts, pieces: Sequence[Piece], before: Manifest | None, signer: Signer
) -> Manifest:
    """The manifest of a backup that follows ``before`` in its folder."""
    made = Manifest(
        number=before.number + 1 if before else 1,
        facts=facts,
        pieces=tuple(sorted(pieces)),
        key=signer.public.text,
        previous=before.digest if before else NONE_BEFORE,
    )
    parts = {name: getattr(made, name) for name in Manifest.__slots__}
    return Manifest(**parts | {"signature": signer.sign(made.said())})
