"""What was forgotten, stated and signed: one statement after another, each holding to the last.

Each carries the SHA-256 of the whole file before it, so that none can be changed, left out or put
in between without that showing. That the last ones are missing shows only against a number and a
hash written down elsewhere. A file is checked with nothing but those before it and the node's
public key.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from morina.accountability.signing import PublicKey, SignatureError, Signer, canonical

Content = Mapping[str, Any]
"""What a statement says: JSON values only, no fractions."""


class RefusedStatementError(ValueError):
    """A statement that does not hold; the message names it and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as kept: ``raw`` is the whole file."""

    raw: bytes

    @property
    def said(self) -> dict[str, Any]:
        """What is signed: number, made_at, previous and what was stated."""
        said: dict[str, Any] = self._whole["statement"]
        return said

    @property
    def number(self) -> int:
        """1 for the first of this node."""
        return int(self.said["number"])

    @property
    def sha256(self) -> str:
        """What the next one carries."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def key(self) -> str:
        """The public key it names, hex."""
        return str(self._whole["key"])

    @property
    def signature(self) -> str:
        """Of ``said``, base64."""
        return str(self._whole["signature"])

    @property
    def _whole(self) -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(self.raw)
        return whole


class Statements(Protocol):
    """Statements, durable, oldest first."""

    def add(self, content: Content, now: datetime) -> Statement:
        """Number, chain and sign what is stated; durable on return."""

    def all(self) -> list[Statement]:
        """Every one, as kept; not verified."""

    def newest(self, limit: int) -> list[Statement]:
        """The last ones, newest first; not verified."""


def stated(content: Content, now: datetime, before: Statement | None, signer: Signer) -> Statement:
    """The statement that follows ``before``, signed."""
    said = {
        **content,
        "number": before.number + 1 if before else 1,
        "made_at": now.isoformat(timespec="seconds"),
        "previous": before.sha256 if before else "",
    }
    whole = {"statement": said, "key": signer.public.text, "signature": signer.sign(said)}
    return Statement(canonical(whole))


def verified(statements: Iterable[Statement], key: str = "") -> str:
    """The key that signed all of them; RefusedStatementError names the first that does not hold.

    ``key`` is the one expected, from wherever it was written down; empty takes that of the first.
    """
    before: Statement | None = None
    for one in statements:
        try:
            key = key or one.key
            _check(one, before, key)
        except (ValueError, KeyError, TypeError) as error:
            place = f"the statement after number {before.number}" if before else "the first one"
            raise RefusedStatementError(f"{place} does not hold: {error}") from None
        before = one
    return key


def file_name(statement: Statement) -> str:
    """What its file is called, so that files sort by number."""
    made_at = datetime.fromisoformat(statement.said["made_at"])
    return f"{statement.number:08}-{made_at:%Y-%m-%d}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All statements together: how many, the last one's number and SHA-256, and what is wrong with
    them in words, empty where all hold."""

    count: int
    newest: int | None = None
    newest_sha256: str = ""
    key: str
    fault: str = ""


def chain_of(statements: Sequence[Statement], key: str) -> Chain:
    """Check each against ``key`` and the one before."""
    fault = ""
    try:
        verified(statements, key)
    except RefusedStatementError as error:
        fault = str(error)
    if not statements:
        return Chain(count=0, key=key)
    try:
        number = statements[-1].number
    except (ValueError, KeyError, TypeError):
        return Chain(count=len(statements), key=key, fault=fault)
    return Chain(
        count=len(statements), newest=number, newest_sha256=statements[-1].sha256, key=key,
        fault=fault,
    )  # fmt: skip


def _check(one: Statement, before: Statement | None, key: str) -> None:
    PublicKey(key).check(one.said, one.signature)
    if one.number != (before.number + 1 if before else 1):
        raise SignatureError(f"it has the number {one.number}")
    if one.said["previous"] != (before.sha256 if before else ""):
        raise SignatureError("it does not carry the hash of the one before")
