"""Statements a node signs, and how anybody checks them: Ed25519 (RFC 8032) over plain JSON.

A statement is JSON of objects with text names, lists, texts, whole numbers, true, false and null;
numbers with a fraction are refused, for two programs may write one differently.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32

Statement = Mapping[str, Any]


class SignatureError(ValueError):
    """A signature that does not hold, or a statement that cannot be signed; says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What signatures of one node are checked with; ``text`` is 64 hex digits."""

    text: str

    def __post_init__(self) -> None:
        try:
            good = len(bytes.fromhex(self.text)) == KEY_BYTES and self.text == self.text.lower()
        except ValueError:
            good = False
        if not good:
            raise SignatureError(
                f"{self.text[:80]!r} is no public key; write the 64 hex digits of it that "
                "morina records key prints"
            )

    @property
    def fingerprint(self) -> str:
        """Short enough to be compared over the telephone: 16 hex digits in fours."""
        digest = hashlib.sha256(bytes.fromhex(self.text)).hexdigest()
        return "-".join(digest[at : at + 4] for at in range(0, 16, 4))

    def check(self, statement: Statement, signature: str) -> None:
        """SignatureError where ``signature`` was not made over ``statement`` with this key."""
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.text))
        signed = canonical(statement)
        try:
            key.verify(base64.b64decode(signature, validate=True), signed)
        except (InvalidSignature, ValueError):
            raise SignatureError(
                "the signature does not hold: the statement was changed, or another key signed it"
            ) from None


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one node."""

    key: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: str) -> Self:
        """The signer of ``secret``: 32 random bytes in URL-safe base64, as ``Home.secret`` makes.

        SignatureError where it is something else.
        """
        try:
            seed = base64.urlsafe_b64decode(secret.strip() + "=" * (-len(secret.strip()) % 4))
            return cls(Ed25519PrivateKey.from_private_bytes(seed))
        except ValueError:
            raise SignatureError(
                "secrets/signing is no signing key; put back the one of this node's backup"
            ) from None

    @property
    def public(self) -> PublicKey:
        """What others check with."""
        return PublicKey(self.key.public_key().public_bytes_raw().hex())

    def sign(self, statement: Statement) -> str:
        """The signature, base64; SignatureError where the statement cannot be signed."""
        return base64.b64encode(self.key.sign(canonical(statement))).decode()


def canonical(statement: Statement) -> bytes:
    """The same bytes for the same statement: names sorted, no blanks, UTF-8.

    SignatureError for fractions, names that are no texts and what JSON has not.
    """
    _refuse_ambiguous(statement)
    try:
        written = json.dumps(
            statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        return written.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise SignatureError(f"the statement cannot be signed: {error}") from None


def _refuse_ambiguous(part: object) -> None:
    if isinstance(part, float):
        raise SignatureError(f"{part} has a fraction; state whole numbers, or write it as text")
    if isinstance(part, Mapping):
        if not all(isinstance(name, str) for name in part):
            raise SignatureError("a name in the statement is no text; write it as one")
        for inner in part.values():
            _refuse_ambiguous(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            _refuse_ambiguous(inner)
